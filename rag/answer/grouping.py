"""Groups evidence by agreement: near-equal statements are one statement with several sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.language.terms import terms
from rag.types import Evidence

_AGREEMENT = 0.6
"""Share of the shorter sentence's terms that the other must hold to say the same."""
_REPETITION = 0.5


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its best sentence and the sentences of other articles that say the same."""

    best: Evidence
    others: tuple[Evidence, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All its sentences, the best first."""
        return (self.best, *self.others)


def group(evidence: Sequence[Evidence]) -> tuple[Statement, ...]:
    """Statements in the order of their best sentences; one sentence an article in each."""
    groups: list[list[Evidence]] = []
    for sentence in evidence:
        for known in groups:
            if agree(known[0], sentence):
                if all(k.article.article_id != sentence.article.article_id for k in known):
                    known.append(sentence)
                break
        else:
            groups.append([sentence])
    return tuple(Statement(known[0], tuple(known[1:])) for known in groups)


def corroborated(statement: Statement, evidence: Sequence[Evidence]) -> Statement:
    """The statement with one agreeing sentence of every further article that has one."""
    others = list(statement.others)
    heard = {each.article.article_id for each in statement.evidence}
    for sentence in evidence:
        if sentence.article.article_id not in heard and agree(statement.best, sentence):
            others.append(sentence)
            heard.add(sentence.article.article_id)
    return Statement(statement.best, tuple(others))


def agree(left: Evidence, right: Evidence) -> bool:
    """Whether two sentences make near-equal statements: most terms shared, no figure differing."""
    ours, theirs = _terms(left), _terms(right)
    if not ours or not theirs:
        return left.quote == right.quote
    shared = len(ours & theirs)
    if shared < _AGREEMENT * min(len(ours), len(theirs)):
        return False
    if shared < _REPETITION * max(len(ours), len(theirs)):
        return False
    return _figures(ours) == _figures(theirs)


def _terms(evidence: Evidence) -> frozenset[str]:
    return frozenset(terms(evidence.quote, evidence.article.language))


def _figures(found: frozenset[str]) -> frozenset[str]:
    return frozenset(term for term in found if term[0].isdigit())
