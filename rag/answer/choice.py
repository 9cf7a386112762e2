"""Chooses the statements of the short answer: close to the best, and about the same event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answer.abstain import CLOSE, is_in_time
from rag.answer.features import passage_terms
from rag.answer.grouping import Statement, group
from rag.language.names import names
from rag.language.questions import read_question
from rag.language.terms import terms
from rag.types import Article, Evidence, Passage, Question

_LOOKED_AT = 12
"""Sentences looked at; what ranks lower is never part of a short answer."""
_LEAD_CHARS = 400


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
    marks = _marks(question)
    own = _held(marks, best, where)
    fitting = [
        each
        for each in in_time[:_LOOKED_AT]
        if each.features["score"] >= best.features["score"] - CLOSE
        and own <= _held(marks, each, where)
    ]
    return group(fitting)[:limit]


def _marks(question: Question) -> tuple[frozenset[str], ...]:
    """The terms of each proper name in the question; an office is none."""
    return tuple(
        frozenset(terms(name.text, question.language))
        for name in names(question.text, question.language)
        if name.kind != "role"
    )


def _held(
    marks: Sequence[frozenset[str]], evidence: Evidence, where: Mapping[str, Passage]
) -> frozenset[int]:
    """Which names its passage, title or the article's lead hold."""
    passage = where.get(evidence.chunk_id)
    text = _lead_terms(evidence.article) | (passage_terms(passage) if passage else frozenset())
    return frozenset(index for index, mark in enumerate(marks) if mark & text)


def _lead_terms(article: Article) -> frozenset[str]:
    return frozenset(terms(article.text[:_LEAD_CHARS], article.language))
