"""Fourth step of a briefing: which statements are shown, so that little is said twice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.briefing.sentences import leans
from rag.briefing.statements import Statement
from rag.briefing.weight import addresses
from rag.language.quotations import quotations
from rag.protocols import FloatArray

_ALIKE = 0.93
_SHARED_WORDS = 0.5
_REPEATED = 0.45
_NEW_WORDS = 0.03
_LEAST_WORTH = 0.05
_LENGTH_POWER, _OPENING_LENGTH_POWER = 0.8, 0.3
_SHORT_WORDS, _USUAL_WORDS = 8, 20
"""A place on the page is paid in words: of equal weight the shorter statement is taken."""


class Selection:
    """Chooses statements one by one; what was chosen earlier counts for everything later."""

    def __init__(self, vectors: FloatArray, spread: Counter[str]) -> None:
        self._vectors = vectors
        self._spread = spread
        self._chosen: list[Statement] = []
        self._covered: set[str] = set()

    def choose(
        self,
        statements: Sequence[Statement],
        count: int,
        *,
        fits: Callable[[Statement], bool] = lambda statement: True,
        by_weight: bool = False,
        novelty: float = 1.0,
    ) -> list[Statement]:
        """Up to ``count`` statements that fit, each adding most to what is already shown.

        With ``by_weight`` the weightiest are taken, however long and known; ``novelty`` says how
        much more than usual it counts to say something new.
        """
        pool = [each for each in statements if each not in self._chosen and fits(each)]
        found: list[Statement] = []
        while pool and len(found) < count:
            gains = [_weight(each) if by_weight else self._gain(each, novelty) for each in pool]
            best = pool[max(range(len(pool)), key=lambda i: (gains[i], -pool[i].best.order))]
            pool.remove(best)
            if self.repeats(best):
                continue
            self.take(best)
            found.append(best)
        return found

    def take(self, statement: Statement) -> None:
        """Notes that a statement is shown."""
        self._chosen.append(statement)
        self._covered |= statement.best.terms

    def repeats(self, statement: Statement) -> bool:
        """Whether what is shown already says so."""
        own = statement.best
        for known in (each.best for each in self._chosen):
            shared = len(own.terms & known.terms)
            union = len(own.terms | known.terms) or 1
            smaller = min(len(own.terms), len(known.terms)) or 1
            if shared / union >= _REPEATED or shared / smaller >= 0.8:
                return True
            cosine = float(self._vectors[own.place] @ self._vectors[known.place])
            if cosine >= _ALIKE and shared / smaller >= _SHARED_WORDS:
                return True
        return False

    def _gain(self, statement: Statement, novelty: float) -> float:
        fresh = sum(math.sqrt(self._spread[term]) for term in statement.best.terms - self._covered)
        worth = max(_LEAST_WORTH, statement.score)
        new = novelty * _NEW_WORDS * fresh
        return float(worth / _longer(statement) ** _LENGTH_POWER + new / _longer(statement))


def _weight(statement: Statement) -> float:
    return float(statement.score / _longer(statement) ** _OPENING_LENGTH_POWER)


def _longer(statement: Statement) -> float:
    """How many times as long as usual."""
    return max(_SHORT_WORDS, statement.best.words) / _USUAL_WORDS


def article_by_article(statements: Sequence[Statement]) -> list[Statement]:
    """The same, those of one article together in the order it tells them.

    The article of the first comes first: what was chosen first matters most.
    """
    first: dict[str, int] = {}
    for place, each in enumerate(statements):
        first.setdefault(each.best.article.article_id, place)
    return sorted(statements, key=lambda e: (first[e.best.article.article_id], e.best.place))


def in_turn(statements: Sequence[Statement]) -> list[Statement]:
    """The same places for each article, but what it tells first stands first."""
    told: dict[str, list[Statement]] = {}
    for each in sorted(statements, key=lambda each: each.best.place, reverse=True):
        told.setdefault(each.best.article.article_id, []).append(each)
    return [told[each.best.article.article_id].pop() for each in statements]


def opens_well(statement: Statement) -> bool:
    """Whether it can be read without what stands before it, and who „wir“ is."""
    best = statement.best
    outside = best.quote
    for each in reversed(quotations(outside)):
        outside = outside[: each.start_char] + outside[each.end_char :]
    return not leans(best) and not addresses(replace(best, quote=outside))
