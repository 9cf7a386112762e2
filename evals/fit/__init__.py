"""Fitting scripts: bench data → weights in rag/data."""
