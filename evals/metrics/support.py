"""A support check against labels of experts: balanced accuracy."""

from __future__ import annotations

from collections.abc import Sequence


def balanced_accuracy(expected: Sequence[bool], given: Sequence[bool]) -> float | None:
    """Mean of the shares of supported and of unsupported claims that were told right."""
    if len(expected) != len(given):
        raise ValueError("one verdict for each label is needed")
    shares = []
    for label in (True, False):
        verdicts = [g == label for e, g in zip(expected, given, strict=True) if e == label]
        if verdicts:
            shares.append(sum(verdicts) / len(verdicts))
    return sum(shares) / len(shares) if shares else None
