"""Chooses the statements of the short answer: close to the best, and about the same event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answer.abstain import CLOSE, is_in_time
from rag.answer.features import passage_terms
from rag.answer.grouping import Statement, corroborated, group
from rag.language.questions import read_question
from rag.retrieve.matching import held_names, named
from rag.types import AnswerKind, Evidence, Passage, Question

_NEW_OUTLET = 1.5
"""Log-odds that hearing another outlet is worth."""
_NEXT_CHARS = 4
_ANNOUNCING = 2.5
"""Logarithm of words (some 11) below which a sentence without a quotation only announces one."""
_QUOTES = '„“»«"'
_READ_FOR_AGREEMENT = 60
_LOOKED_AT = 20
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
        if each.features["score"] >= best.features["score"] - _reach(each, best)
        and own <= _held(marks, each, where)
        and (each is best or not each.features["is_heading"])
    ]
    chosen = _with_continuation(_spread(group(fitting), limit), in_time, asked.kinds)[:limit]
    return tuple(corroborated(statement, in_time[:_READ_FOR_AGREEMENT]) for statement in chosen)


def _reach(evidence: Evidence, best: Evidence) -> float:
    """How far below the best a sentence may be: more for another outlet on the same persons."""
    is_other = evidence.article.outlet != best.article.outlet
    return CLOSE + (_NEW_OUTLET if is_other and evidence.features["names_near"] == 1.0 else 0.0)


def _with_continuation(
    statements: tuple[Statement, ...], evidence: Sequence[Evidence], kinds: Sequence[AnswerKind]
) -> tuple[Statement, ...]:
    """The statements, behind the first the sentence that goes on where it leaves off.

    "The minister commented on it. ‚…‘" – the first sentence has the words of the question, what was
    asked for stands in the next.
    """
    if not statements:
        return ()
    best = statements[0].best
    after = [
        each
        for each in evidence
        if each.article.article_id == best.article.article_id
        and 0 <= each.start_char - best.end_char <= _NEXT_CHARS
    ]
    going_on = min(after, key=lambda each: each.start_char, default=None)
    if going_on is None or not _goes_on(best, going_on, kinds):
        return statements
    rest = [each for each in statements[1:] if each.best != going_on]
    return (statements[0], Statement(going_on), *rest)


def _goes_on(best: Evidence, following: Evidence, kinds: Sequence[AnswerKind]) -> bool:
    if following.features["is_question"] or following.features["is_incomplete"]:
        return False
    fits = any(following.features.get(f"fit_{kind}", 0.0) for kind in kinds)
    lacks = not any(best.features.get(f"fit_{kind}", 0.0) for kind in kinds)
    refers_back = following.features["starts_with_pronoun"] or following.quote[0] in _QUOTES
    announces = best.features["length"] < _ANNOUNCING and not best.features["has_quotation"]
    return bool((lacks and fits) or ("quote" in kinds and (refers_back or announces)))


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
