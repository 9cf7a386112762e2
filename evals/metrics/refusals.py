"""Refusing when, and only when, the sources do not say."""

from __future__ import annotations

from evals.metrics.tally import UNSCORED, Tally

REFUSED = "not_in_sources"


def refusal_precision(expected: str, given: str) -> Tally:
    """Of the refusals, how many were right."""
    return Tally(float(expected == REFUSED), 1.0) if given == REFUSED else UNSCORED


def refusal_recall(expected: str, given: str) -> Tally:
    """Of the questions the sources do not answer, how many were refused."""
    return Tally(float(given == REFUSED), 1.0) if expected == REFUSED else UNSCORED


def false_refusal(expected: str, given: str) -> Tally:
    """Of the questions the sources answer, how many were refused."""
    return UNSCORED if expected == REFUSED else Tally(float(given == REFUSED), 1.0)


def status_right(expected: str, given: str) -> Tally:
    """Whether the status is the one expected: answered, partial or not in the sources."""
    return Tally(float(expected == given), 1.0)
