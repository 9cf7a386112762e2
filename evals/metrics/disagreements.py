"""Disagreements found against those expected: precision, recall, F1, false alarms.

A finding meets an expectation when two of its *different* positions match two different sides.
Matching by position keeps a system from scoring with one position that quotes everybody.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics.tally import UNSCORED, Tally

COUNTED = "conflict"
"""Only this status is a flagged contradiction; the others are shown as explained."""


@dataclass(frozen=True, slots=True)
class FoundPosition:
    """One side as shown: its value and quotes in one text, and the articles it names."""

    text: str
    article_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A disagreement as shown."""

    kind: str
    status: str
    positions: tuple[FoundPosition, ...]


@dataclass(frozen=True, slots=True)
class WantedSide:
    """One side as expected."""

    pattern: str
    article_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A disagreement as expected."""

    kind: str
    status: str
    sides: tuple[WantedSide, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: expectations met and missed, findings that are right nowhere.

    ``elsewhere`` are findings true of the collection though not asked for by this case: they are
    neither right nor false here.
    """

    met: tuple[Wanted, ...]
    missed: tuple[Wanted, ...]
    false: tuple[Found, ...]
    elsewhere: tuple[Found, ...]
    may_flag: bool

    @property
    def precision(self) -> Tally:
        """Right findings among those that are right or false."""
        return Tally(len(self.met), len(self.met) + len(self.false))

    @property
    def recall(self) -> Tally:
        """Expectations met among all."""
        return Tally(len(self.met), len(self.met) + len(self.missed))

    @property
    def f1(self) -> Tally:
        """2·TP over 2·TP + FP + FN, which adds up over cases."""
        right = 2 * len(self.met)
        return Tally(right, right + len(self.false) + len(self.missed))

    @property
    def false_alarm(self) -> Tally:
        """1 where a contradiction is flagged in a case that must have none, else 0."""
        return UNSCORED if self.may_flag else Tally(float(bool(self.false)), 1.0)


def meets(found: Found, wanted: Wanted, *, by_article: bool = False) -> bool:
    """Whether two different positions match two different sides (and name their articles)."""
    for one, other in itertools.permutations(range(len(found.positions)), 2):
        for first, second in itertools.combinations(wanted.sides, 2):
            if _fits(found.positions[one], first, by_article) and _fits(
                found.positions[other], second, by_article
            ):
                return True
    return False


def judge(
    found: Sequence[Found],
    wanted: Sequence[Wanted],
    *,
    known: Sequence[Wanted] = (),
    may_flag: bool = True,
) -> Outcome:
    """Compare what was shown for a question with what was expected.

    ``known`` are true conflicts of the collection; flagging one beside the question is no false
    alarm, unless the case says that nothing may be flagged (``may_flag=False``).
    """
    expected = [w for w in wanted if w.status in (COUNTED, "framing")]
    flagged = [f for f in found if f.status == COUNTED]
    met = [w for w in expected if any(_counts_for(f, w) and meets(f, w) for f in found)]
    unexpected = [f for f in flagged if not any(meets(f, w) for w in expected)]
    elsewhere = [
        f for f in unexpected if may_flag and any(meets(f, w, by_article=True) for w in known)
    ]
    return Outcome(
        met=tuple(met),
        missed=tuple(w for w in expected if w not in met),
        false=tuple(f for f in unexpected if f not in elsewhere),
        elsewhere=tuple(elsewhere),
        may_flag=may_flag,
    )


def _counts_for(found: Found, wanted: Wanted) -> bool:
    return found.status in ({COUNTED} if wanted.status == COUNTED else {COUNTED, "framing"})


def _fits(position: FoundPosition, side: WantedSide, by_article: bool) -> bool:
    if by_article and not position.article_ids & side.article_ids:
        return False
    return re.search(side.pattern, position.text, re.IGNORECASE) is not None
