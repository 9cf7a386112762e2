"""Features of a sentence as evidence: likeness, shared words, and whether it holds what is asked.

Everything here is cheap: similarities come with the passage, words are cached per sentence, and
nothing is embedded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.measures import fit_of_amount
from rag.answer.reading import Possible, SentenceReading, possible_answers, read_sentence
from rag.language.questions import Asked
from rag.language.speech import attribution
from rag.language.terms import terms, word_terms
from rag.retrieve.matching import (
    Matcher,
    QuestionWords,
    chunk_terms,
    context_terms,
    held_names,
    matcher,
    named,
)
from rag.types import AnswerKind, Language, Passage, Span

FITTING: tuple[AnswerKind, ...] = (
    "number",
    "date",
    "duration",
    "place",
    "who",
    "what",
    "cause",
    "quote",
    "outcome",
)


_LONGEST_HEADING = 20
"""Words."""


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage with its features."""

    passage: Passage
    span: Span
    quote: str
    similarity: float
    features: dict[str, float]


def score_sentences(
    question: QuestionWords, passages: Sequence[Passage]
) -> tuple[ScoredSentence, ...]:
    """Every sentence of the passages with its features, in the order of the passages."""
    if not passages:
        return ()
    texts = [passage_terms(passage) for passage in passages]
    match = matcher(question, tuple(texts))
    best_similarity = max(max(p.sentence_similarities, default=0.0) for p in passages)
    rows: list[ScoredSentence] = []
    for passage, text in zip(passages, texts, strict=True):
        shared = _passage_features(passage, passages, match, text)
        shared["names_held"] = _names_held(question, passage, text)
        rows += _sentences(question, passage, match, shared, best_similarity)
    top = max((row.features["coverage"] for row in rows), default=0.0)
    for row in rows:
        row.features["coverage_gap"] = top - row.features["coverage"]
    return tuple(rows)


def passage_terms(passage: Passage) -> frozenset[str]:
    """The index terms of a passage and of what its article says beside its text."""
    return context_terms(passage.article) | chunk_terms(passage.article, passage.chunk)


def _passage_features(
    passage: Passage, passages: Sequence[Passage], match: Matcher, text: frozenset[str]
) -> dict[str, float]:
    found = match.found(text)
    return {
        "passage_similarity": passage.scores.dense,
        "passage_gap": max(p.scores.fused for p in passages) - passage.scores.fused,
        "passage_rank": 1.0 / passage.rank,
        "passage_coverage": match.coverage(found),
    }


def _names_held(question: QuestionWords, passage: Passage, text: frozenset[str]) -> float:
    """The share of the question's proper names that passage, lead or title hold."""
    marks = named(question.text, question.language)
    return len(held_names(marks, passage.article, text)) / len(marks) if marks else 1.0


def _sentences(
    question: QuestionWords,
    passage: Passage,
    match: Matcher,
    shared: dict[str, float],
    best_similarity: float,
) -> list[ScoredSentence]:
    article = passage.article
    title = context_terms(article)
    marks = named(question.text, question.language)
    quotes = [article.text[s.start_char : s.end_char] for s in passage.chunk.sentences]
    readings = [read_sentence(quote, article.language) for quote in quotes]
    similarities = passage.sentence_similarities or (passage.scores.dense,) * len(quotes)
    best_here = max(similarities)
    rows = []
    for index, (span, quote, reading) in enumerate(
        zip(passage.chunk.sentences, quotes, readings, strict=True)
    ):
        before = readings[index - 1].terms if index else title
        after = readings[index + 1].terms if index + 1 < len(readings) else frozenset()
        features = dict(shared)
        features.update(
            similarity=similarities[index],
            similarity_gap=best_similarity - similarities[index],
            similarity_gap_here=best_here - similarities[index],
            is_first=float(span.start_char == 0),
        )
        features.update(_overlap(match, reading, title, before, after))
        features.update(_fit(question, match, reading))
        features.update(_shape(reading))
        features["is_heading"] = float(_is_heading(article.text, span, reading))
        features["names_near"] = _names_near(marks, reading.terms | before)
        is_quoted = "quote" in question.asked.kinds
        features["speaker"] = _speaker(marks, quote, article.language) if is_quoted else 0.0
        rows.append(ScoredSentence(passage, span, quote, similarities[index], features))
    return rows


def _is_heading(text: str, span: Span, reading: SentenceReading) -> bool:
    """Whether it is a line of its own without an end: a heading within the text."""
    if reading.is_complete or len(reading.words) > _LONGEST_HEADING or reading.text.endswith(":"):
        return False
    begins = span.start_char == 0 or text[span.start_char - 1] == "\n"
    return begins and text[span.end_char : span.end_char + 1] in ("", "\n")


def _names_near(marks: Sequence[frozenset[str]], text: frozenset[str]) -> float:
    """The share of the question's proper names in the sentence or the one before."""
    if not marks:
        return 1.0
    return sum(not mark.isdisjoint(text) for mark in marks) / len(marks)


def _speaker(marks: Sequence[frozenset[str]], quote: str, language: Language) -> float:
    """1 where a name of the question speaks, -1 where another person does, 0 where nobody is told.

    "Was sagte Trump?" is not answered by what somebody said of him.
    """
    said = attribution(quote, language)
    if not marks or said.speaker is None:
        return 0.0
    speaker = frozenset(terms(said.speaker, language))
    if any(not mark.isdisjoint(speaker) for mark in marks):
        return 1.0
    is_other = said.speaker_kind == "person" and bool(named(said.speaker, language))
    return -1.0 if is_other else 0.0


def _overlap(
    match: Matcher,
    reading: SentenceReading,
    title: frozenset[str],
    before: frozenset[str],
    after: frozenset[str],
) -> dict[str, float]:
    found = match.found(reading.terms)
    with_title = match.found(reading.terms | title)
    with_before = match.found(reading.terms | title | before)
    with_after = match.found(reading.terms | title | after)
    names = [
        (weight, degree)
        for word, weight, degree in zip(match.words, match.weights, with_before, strict=True)
        if word.is_name or word.is_number
    ]
    missing = [w for w, degree in zip(match.weights, with_before, strict=True) if degree < 0.5]
    total = sum(match.weights) or 1.0
    return {
        "coverage": match.coverage(found),
        "coverage_title": match.coverage(with_title),
        "coverage_before": match.coverage(with_before) - match.coverage(with_title),
        "coverage_after": match.coverage(with_after) - match.coverage(with_title),
        "name_coverage": (
            sum(w * degree for w, degree in names) / sum(w for w, _ in names) if names else 1.0
        ),
        "rarest_missing": max(missing, default=0.0) / total,
        "words_found": math.log1p(sum(1 for degree in found if degree >= 0.5)),
    }


def _fit(question: QuestionWords, match: Matcher, reading: SentenceReading) -> dict[str, float]:
    """Whether the sentence holds what is asked for, beyond what the question says."""
    asked = question.asked
    features = {f"fit_{kind}": 0.0 for kind in FITTING}
    features |= {"about": 0.0, "focus": 0.0, "focus_part": 0.0}
    for kind in asked.kinds:
        if kind not in FITTING:
            continue
        novel = _novel(possible_answers(reading.text, reading.language, kind), match, reading)
        features[f"fit_{kind}"] = max(
            (_certainty(each, asked, reading.language) for each in novel), default=0.0
        )
        features["about"] = max(features["about"], _about(novel, asked))
    if asked.focus:
        features |= _focus(asked.focus, reading)
    return features


def _certainty(possible: Possible, asked: Asked, language: Language) -> float:
    if possible.amount is None:
        return possible.certainty
    return possible.certainty * fit_of_amount(possible.amount, asked, language)


def _novel(
    possible: Sequence[Possible], match: Matcher, reading: SentenceReading
) -> list[Possible]:
    """Those that say something the question does not."""
    asked = frozenset(term for word in match.words for term in word.terms)
    novel = []
    for each in possible:
        said = [
            own
            for word in reading.words[each.first : each.last + 1]
            if (own := word_terms(word.text, reading.language))
        ]
        if not said or any(asked.isdisjoint(own) for own in said):
            novel.append(each)
    return novel


def _about(possible: Sequence[Possible], asked: Asked) -> float:
    """Whether a figure counts or measures what is asked for."""
    if not asked.units:
        return 0.0
    return float(any(each.about & asked.units or _alike(each, asked) for each in possible))


def _alike(possible: Possible, asked: Asked) -> bool:
    return any(
        len(unit) > 4 and (word.startswith(unit[:-1]) or word.endswith(unit))
        for word in possible.about
        for unit in asked.units
    )


def _focus(focus: str, reading: SentenceReading) -> dict[str, float]:
    """Whether the noun asked about is there, alone or as the end of a compound."""
    stem = focus.rstrip("ensr") if len(focus) > 5 else focus
    whole = any(word == focus or word.startswith(stem) for word in reading.lower)
    part = any(len(word) > len(focus) + 2 and stem in word[2:] for word in reading.lower)
    return {"focus": float(whole), "focus_part": float(part)}


def _shape(reading: SentenceReading) -> dict[str, float]:
    length = len(reading.words)
    return {
        "length": math.log1p(length),
        "is_short": float(length < 6),
        "starts_with_pronoun": float(reading.starts_with_pronoun),
        "is_question": float(reading.is_question),
        "is_incomplete": float(not reading.is_complete),
        "has_quotation": float(reading.has_quotation),
    }
