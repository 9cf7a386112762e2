"""How a metric of one case is kept: a numerator and a denominator, so that figures add up.

A mean over cases has the denominator 1 in each case; a precision has the number of things found.
Whatever has nothing to count is *unscored*, which is neither zero nor failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """``numerator / denominator`` of one metric in one case; unscored when nothing is counted."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """The metric in this case alone; ``None`` when unscored."""
        return self.numerator / self.denominator if self.denominator else None


UNSCORED = Tally(0.0, 0.0)


def mean(value: float | None) -> Tally:
    """A case's own value, each case counting the same; ``None`` is unscored."""
    return UNSCORED if value is None else Tally(float(value), 1.0)


def share(hits: Iterable[bool]) -> Tally:
    """How many of the things counted were right; cases with more things weigh more."""
    outcomes = list(hits)
    return Tally(float(sum(outcomes)), float(len(outcomes)))


def ratio(tallies: Iterable[Tally]) -> float | None:
    """The metric over many cases: sum of numerators over sum of denominators."""
    scored = [tally for tally in tallies if tally.denominator]
    if not scored:
        return None
    return sum(t.numerator for t in scored) / sum(t.denominator for t in scored)
