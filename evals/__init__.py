"""Evaluation: cases, metrics, runs, reports, fitting."""
