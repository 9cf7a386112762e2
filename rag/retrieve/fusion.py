"""One score from many: cosine, BM25, the best sentence, the question's words in text and title.

The weights are fitted by ``evals/fit`` and lie in ``rag/data/fusion.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.language.parts_of_speech import remember
from rag.language.terms import remember_terms, terms
from rag.retrieve.candidates import Candidate
from rag.retrieve.matching import Matcher, QuestionWords, chunk_terms, context_terms, matcher
from rag.types import Language

_SHORTLIST = 30
"""Candidates whose words are looked at closely; the rest keep the order of the first look."""

FEATURES = ("dense", "lexical", "best_sentence", "coverage", "sentence_coverage")


@lru_cache(maxsize=1)
def _weights() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        (files("rag") / "data" / "fusion.json").read_text(encoding="utf-8")
    )
    return data


def rank(question: QuestionWords, candidates: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
    """The candidates with their fused scores, best first; ties keep the order given."""
    if not candidates:
        return []
    first = _first_look(candidates)
    order = sorted(range(len(candidates)), key=lambda index: -first[index])
    shortlist = order[:_SHORTLIST]
    features = feature_rows(question, [candidates[index] for index in shortlist], candidates)
    close = np.array(
        [
            row @ _weights_for(question.language, candidates[index].article.language)
            for row, index in zip(features, shortlist, strict=True)
        ]
    )
    floor = float(close.min())
    ranked = sorted(zip(shortlist, close, strict=True), key=lambda pair: -pair[1])
    scored = [(candidates[index], float(score)) for index, score in ranked]
    rest = order[_SHORTLIST:]
    worst = first[shortlist[-1]]
    return scored + [
        (candidates[index], floor - float(worst - first[index]) - 1e-6) for index in rest
    ]


def _weights_for(asked: Language, written: Language) -> NDArray[np.float64]:
    """Words count less, and similarity more, where question and article differ in language."""
    chosen = _weights()["same_language" if asked == written else "other_language"]
    return np.array([chosen[name] for name in FEATURES])


def shortlisted(candidates: Sequence[Candidate]) -> list[int]:
    """The indices of the candidates that are looked at closely, the most promising first."""
    first = _first_look(candidates)
    return sorted(range(len(candidates)), key=lambda index: -first[index])[:_SHORTLIST]


def feature_rows(
    question: QuestionWords, shortlist: Sequence[Candidate], candidates: Sequence[Candidate]
) -> NDArray[np.float64]:
    """One row of ``FEATURES`` for each candidate of the shortlist."""
    for candidate in shortlist:
        _remember(candidate)
    texts = [_terms_of(candidate) for candidate in shortlist]
    match = matcher(question, tuple(texts))
    columns: Mapping[str, list[float]] = {
        "dense": _standardised([c.dense for c in shortlist], [c.dense for c in candidates]),
        "lexical": _standardised([c.lexical for c in shortlist], [c.lexical for c in candidates]),
        "best_sentence": _standardised(
            [c.best_sentence for c in shortlist], [c.best_sentence for c in candidates]
        ),
        "coverage": [match.coverage(match.found(text)) for text in texts],
        "sentence_coverage": [_best_sentence_coverage(match, c) for c in shortlist],
    }
    return np.array([columns[name] for name in FEATURES]).T


def _first_look(candidates: Sequence[Candidate]) -> list[float]:
    weights = _weights()["first_look"]
    columns = {
        "dense": [c.dense for c in candidates],
        "lexical": [c.lexical for c in candidates],
        "best_sentence": [c.best_sentence for c in candidates],
    }
    scored = [
        [weights[name] * value for value in _standardised(values, values)]
        for name, values in columns.items()
    ]
    return [sum(row) for row in zip(*scored, strict=True)]


def _standardised(values: Sequence[float], population: Sequence[float]) -> list[float]:
    mean, spread = float(np.mean(population)), float(np.std(population))
    return [(value - mean) / spread if spread > 1e-9 else 0.0 for value in values]


def _remember(candidate: Candidate) -> None:
    """What the index knows of a chunk's sentences is not worked out again."""
    text, language = candidate.article.text, candidate.article.language
    sentences = [text[span.start_char : span.end_char] for span in candidate.chunk.sentences]
    if candidate.sentence_terms:
        for sentence, found in zip(sentences, candidate.sentence_terms, strict=True):
            remember_terms(sentence, language, found)
    if candidate.sentence_tags:
        for sentence, tags in zip(sentences, candidate.sentence_tags, strict=True):
            remember(sentence, language, tags)


def _terms_of(candidate: Candidate) -> frozenset[str]:
    return context_terms(candidate.article) | chunk_terms(candidate.article, candidate.chunk)


def _best_sentence_coverage(match: Matcher, candidate: Candidate) -> float:
    text, language = candidate.article.text, candidate.article.language
    return max(
        (
            match.coverage(match.found(terms(text[span.start_char : span.end_char], language)))
            for span in candidate.chunk.sentences
        ),
        default=0.0,
    )
