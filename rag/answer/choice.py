"""Chooses the statements of the short answer: close to the best, and about the same event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answer.abstain import CLOSE, is_in_time
from rag.answer.features import passage_terms
from rag.answer.grouping import Statement, corroborated, group
from rag.language.questions import read_question
from rag.retrieve.matching import held_names, named
from rag.types import Evidence, Passage, Question

_NEW_OUTLET = 1.5
"""Log-odds that hearing another outlet is worth."""
_READ_FOR_AGREEMENT = 60
_LOOKED_AT = 12
"""Sentences looked at; what ranks lower is never part of a short answer."""


def choose(
    question: Question,
    evidence: Sequence[Evidence],
    passages: Sequence[Passage],
    limit: int,
) -> tuple[Statement, ...]:
    """The statements of the answer, best first, at most ``limit``.

    The first one holds the most probable sentence. Articles of another time or event are left out,
    so a meeting of 2023 adds nothing to the answer on one of 2025.
    """
    asked = read_question(question.text, question.language)
    in_time = [each for each in evidence if is_in_time(asked, each.article)]
    if not in_time:
        return ()
    best = in_time[0]
    where = {passage.chunk.chunk_id: passage for passage in passages}
    marks = named(question.text, question.language)
    own = _held(marks, best, where)
    fitting = [
        each
        for each in in_time[:_LOOKED_AT]
        if each.features["score"] >= best.features["score"] - CLOSE
        and own <= _held(marks, each, where)
    ]
    chosen = _spread(group(fitting), limit)
    return tuple(corroborated(statement, in_time[:_READ_FOR_AGREEMENT]) for statement in chosen)


def _spread(statements: Sequence[Statement], limit: int) -> tuple[Statement, ...]:
    """The best statement, then those of outlets not heard yet a little before further ones."""
    left = list(statements)
    chosen: list[Statement] = []
    heard: set[str] = set()
    while left and len(chosen) < limit:
        best = max(left, key=lambda each: _worth(each, heard) if chosen else 0.0)
        left.remove(best)
        chosen.append(best)
        heard.update(each.article.outlet for each in best.evidence)
    return tuple(chosen)


def _worth(statement: Statement, heard: set[str]) -> float:
    is_new = statement.best.article.outlet not in heard
    return statement.best.features["score"] + (_NEW_OUTLET if is_new else 0.0)


def _held(
    marks: Sequence[frozenset[str]], evidence: Evidence, where: Mapping[str, Passage]
) -> frozenset[int]:
    passage = where.get(evidence.chunk_id)
    text = passage_terms(passage) if passage else frozenset[str]()
    return held_names(marks, evidence.article, text)
