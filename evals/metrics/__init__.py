"""Pure functions: what was found and what was wanted → numbers. No I/O, no model, no randomness."""
