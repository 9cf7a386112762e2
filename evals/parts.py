"""Simpler parts that take a stage's place in an ablation, to show what the stage is worth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import combinations
from typing import Any
from unittest.mock import patch

from rag.types import (
    Comparison,
    Disagreement,
    Evidence,
    Language,
    Passage,
    Position,
    PositionClaim,
    Question,
    Span,
)

_RANK_OFFSET = 60
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
MAX_BARE = 5


def _dense_rank(question: Any, candidates: Sequence[Any]) -> list[tuple[Any, float]]:
    return sorted(((c, c.dense) for c in candidates), key=lambda pair: -pair[1])


def _lexical_rank(question: Any, candidates: Sequence[Any]) -> list[tuple[Any, float]]:
    return sorted(((c, c.lexical) for c in candidates), key=lambda pair: -pair[1])


def _reciprocal_rank(question: Any, candidates: Sequence[Any]) -> list[tuple[Any, float]]:
    scores: dict[int, float] = {}
    for order in (_dense_rank(question, candidates), _lexical_rank(question, candidates)):
        for rank, (candidate, _) in enumerate(order, 1):
            scores[id(candidate)] = scores.get(id(candidate), 0.0) + 1 / (_RANK_OFFSET + rank)
    return sorted(((c, scores[id(c)]) for c in candidates), key=lambda pair: -pair[1])


def _split_plainly(text: str, language: Language) -> tuple[Span, ...]:
    """A sentence ends at every full stop before a blank: "5. Februar" is two."""
    spans, start = [], 0
    for line in text.split("\n"):
        at = start
        for piece in _SENTENCE_END.split(line):
            begin = text.index(piece, at)
            at = begin + len(piece)
            if piece.strip():
                lead = len(piece) - len(piece.lstrip())
                spans.append(Span(start_char=begin + lead, end_char=begin + len(piece.rstrip())))
        start += len(line) + 1
    return tuple(spans)


def _compare_nothing(*args: Any, **options: Any) -> Comparison:
    return Comparison(disagreements=(), pairs_compared=0, pairs_not_compared=0)


def _compare_numbers(
    question: Question,
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    **options: Any,
) -> Comparison:
    """Any two articles whose best sentences hold different figures contradict each other."""
    best: dict[str, Evidence] = {}
    for each in sorted(evidence, key=lambda e: -e.probability):
        best.setdefault(each.article.article_id, each)
    found, pairs = [], 0
    for one, other in combinations(best.values(), 2):
        pairs += 1
        first, second = (set(_NUMBER.findall(e.quote)) for e in (one, other))
        if first and second and not first & second:
            found.append(_conflict(question, one, other))
    return Comparison(
        disagreements=tuple(found[:MAX_BARE]), pairs_compared=pairs, pairs_not_compared=0
    )


def _conflict(question: Question, one: Evidence, other: Evidence) -> Disagreement:
    return Disagreement(
        aspect=question.text,
        kind="number",
        status="conflict",
        positions=(_position(one), _position(other)),
        explanation="",
    )


def _position(evidence: Evidence) -> Position:
    found = _NUMBER.search(evidence.quote)
    claim = PositionClaim(
        article_id=evidence.article.article_id,
        source=evidence.article.source,
        published_at=evidence.article.published_at,
        quote=evidence.quote,
        start_char=evidence.start_char,
        end_char=evidence.end_char,
    )
    return Position(value=found[0] if found else "", claims=(claim,))


def _always_answer(question: Question, evidence: Sequence[Evidence], *rest: Any) -> Any:
    from rag.answer.abstain import Decision

    return Decision(status="answered" if evidence else "not_in_sources", confidence=1.0)


def _replaced(target: str, replacement: Any) -> Callable[[], AbstractContextManager[Any]]:
    # The stages are functions found by name when they run: putting another one under the name is
    # all it takes, and the program needs no switch for what it would never be without.
    return lambda: patch(target, replacement)


PARTS: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    "dense_only": _replaced("rag.retrieve.retrieve.rank", _dense_rank),
    "lexical_only": _replaced("rag.retrieve.retrieve.rank", _lexical_rank),
    "rank_fusion": _replaced("rag.retrieve.retrieve.rank", _reciprocal_rank),
    "plain_splitter": _replaced("rag.ingest.chunk.split_sentences", _split_plainly),
    "no_context": _replaced("rag.index.prepare.embedding_text", lambda article, chunk: chunk.text),
    "no_comparison": _replaced("rag.compare.engine.compare_passages", _compare_nothing),
    "bare_numbers": _replaced("rag.compare.engine.compare_passages", _compare_numbers),
    "no_abstention": _replaced("rag.answer.abstain.decide", _always_answer),
}


@contextmanager
def part(name: str | None) -> Iterator[None]:
    """While it is open, the named part stands in for its stage."""
    if name is None:
        yield
        return
    with PARTS[name]():
        yield
