"""The suites: each turns its cases into figures for one or more systems."""
