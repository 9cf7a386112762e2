"""The command line: thin, no rule of its own."""
