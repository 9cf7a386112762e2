"""Values → the JSON that the command line promises (schema 1). Fields are added, never renamed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rag.types import (
    Answer,
    Article,
    ArticleHead,
    Citation,
    Comparison,
    Disagreement,
    Passage,
    PositionClaim,
    Question,
)

if TYPE_CHECKING:
    from rag.compare.matrix import Matrix

SCHEMA = 1

Json = dict[str, Any]


def answer_to_json(answer: Answer) -> Json:
    """What ``rag ask --format json`` prints."""
    return {
        "schema": SCHEMA,
        "id": answer.question.question_id,
        "question": answer.question.text,
        "language": answer.question.language,
        "status": answer.status,
        "answer": answer.text,
        "sentences": [dataclasses.asdict(sentence) for sentence in answer.sentences],
        "citations": [citation_to_json(citation) for citation in answer.citations],
        "disagreements": [disagreement_to_json(found) for found in answer.disagreements],
        "coverage": dataclasses.asdict(answer.coverage),
        "run": {
            **_plain(answer.run),
            "prompt_hashes": dict(answer.run.prompt_hashes),
            "seconds": {stage: round(took, 4) for stage, took in answer.run.seconds.items()},
        },
    }


def citation_to_json(citation: Citation) -> Json:
    """One citation with its verified quote."""
    return _plain(citation)


def disagreement_to_json(found: Disagreement) -> Json:
    """One disagreement with both sides."""
    return {
        "aspect": found.aspect,
        "kind": found.kind,
        "status": found.status,
        "positions": [
            {"value": position.value, "claims": [claim_to_json(claim) for claim in position.claims]}
            for position in found.positions
        ],
        "explanation": found.explanation,
        "strength": round(found.strength, 4),
    }


def claim_to_json(claim: PositionClaim) -> Json:
    """One source's words within a position."""
    return _plain(claim)


def comparison_to_json(comparison: Comparison) -> Json:
    """What ``rag compare --format json`` prints without a question."""
    return {
        "schema": SCHEMA,
        "disagreements": [disagreement_to_json(found) for found in comparison.disagreements],
        "pairs_compared": comparison.pairs_compared,
        "pairs_not_compared": comparison.pairs_not_compared,
        "notes": list(comparison.notes),
        "trace": list(comparison.trace),
    }


def matrix_to_json(matrix: Matrix) -> Json:
    """What ``rag compare "QUESTION" --format json`` prints."""
    cells = [
        {**_plain(cell), "claim": claim_to_json(cell.claim) if cell.claim else None}
        for cell in matrix.cells
    ]
    return {
        **comparison_to_json(matrix.comparison),
        "id": matrix.question.question_id,
        "question": matrix.question.text,
        "language": matrix.question.language,
        "kind": matrix.kind,
        "values": list(matrix.values),
        "cells": cells,
        "independent_origins": matrix.independent_origins,
    }


def search_to_json(question: Question, passages: tuple[Passage, ...]) -> Json:
    """What ``rag search --format json`` prints."""
    return {
        "schema": SCHEMA,
        "id": question.question_id,
        "query": question.text,
        "passages": [
            {
                "rank": passage.rank,
                "article_id": passage.article.article_id,
                "chunk_id": passage.chunk.chunk_id,
                "source": passage.article.source,
                "title": passage.article.title,
                "published_at": passage.article.published_at,
                "text": passage.chunk.text,
                "start_char": passage.chunk.start_char,
                "end_char": passage.chunk.end_char,
                "scores": {name: round(value, 6) for name, value in _plain(passage.scores).items()},
            }
            for passage in passages
        ],
    }


def article_to_json(article: Article, *, chunks: int, with_text: bool = True) -> Json:
    """What ``rag articles show ID --format json`` prints."""
    row = _about(article, chunks)
    if with_text:
        row["text"] = article.text
        row["removed"] = [dataclasses.asdict(removal) for removal in article.removed]
    return row


def head_to_json(head: ArticleHead) -> Json:
    """A row of ``rag articles --format json``."""
    return _about(head, head.chunks)


def _about(article: Article | ArticleHead, chunks: int) -> Json:
    return {
        "article_id": article.article_id,
        "source": article.source,
        "title": article.title,
        "published_at": article.published_at,
        "authors": list(article.authors),
        "language": article.language,
        "url": article.url,
        "content_hash": article.content_hash,
        "chunks": chunks,
        "duplicate_of": article.duplicate_of,
        "origin": article.origin,
        "origin_id": article.origin_id,
        "path": article.path,
        "notes": list(article.notes),
    }


def _plain(value: Any) -> Json:
    """The fields of a flat dataclass; mappings and tuples are left as they are."""
    row: Json = {}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        row[field.name] = dict(item) if isinstance(item, Mapping) else item
    return row
