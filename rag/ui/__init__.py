"""The page: thin, no rule of its own."""
