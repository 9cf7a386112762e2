"""Seventh stage: Evidence → answer. The sources' own sentences, grouped, attributed, cited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.abstain import Decision
from rag.answer.choice import choose
from rag.answer.citations import CitationList, markers_text
from rag.answer.conflict_line import conflict_line, conflict_side
from rag.answer.grouping import Statement
from rag.answer.reading import possible_answers
from rag.answer.wording import article_name, joined, part_name, say
from rag.language.questions import read_question
from rag.language.terms import terms
from rag.settings import AnswerSettings
from rag.types import (
    Citation,
    CitedSentence,
    Disagreement,
    Evidence,
    Language,
    Passage,
    Question,
    Span,
)

_NEAREST = 3
_STANDS_OUT = frozenset({"number", "date", "duration", "place", "who"})
_CERTAIN = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An answer's text, sentences and citations; ``notes`` name what did not verify."""

    text: str
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    notes: tuple[str, ...]


def compose(
    question: Question,
    evidence: Sequence[Evidence],
    decision: Decision,
    disagreements: Sequence[Disagreement],
    passages: Sequence[Passage],
    settings: AnswerSettings,
    *,
    statements: Sequence[Statement] = (),
) -> Composed:
    """The answer as the sources word it, or a friendly word on what they do cover.

    ``statements`` are given where they were chosen already, for an overview.
    """
    if decision.status == "not_in_sources":
        return Composed(
            text=_silence(question.language, decision, passages),
            sentences=(),
            citations=(),
            disagreements=tuple(disagreements),
            notes=(),
        )
    cited = CitationList()
    sentences = []
    chosen = statements or choose(question, evidence, passages, settings.max_sentences)
    for statement in chosen:
        sentence = _sentence(statement, cited, question)
        if sentence:
            sentences.append(sentence)
    articles = {passage.article.article_id: passage for passage in passages}
    for disagreement in disagreements:
        if disagreement.status == "conflict":
            line = _conflict(disagreement, cited, articles, question.language)
            sentences += [line] if line else []
            break
    lines = [f"{each.text} {markers_text(each.citations)}" for each in sentences]
    if decision.status == "partial" and decision.missing:
        lines.append(_unsaid(decision.missing[0], question.language))
    return Composed(
        text="\n".join(lines),
        sentences=tuple(sentences),
        citations=tuple(cited.citations),
        disagreements=tuple(disagreements),
        notes=tuple(cited.notes),
    )


def _unsaid(part: str, language: Language) -> str:
    return say("partial", language, missing=part_name(part, language))


def _sentence(
    statement: Statement, cited: CitationList, question: Question
) -> CitedSentence | None:
    markers, outlets = [], []
    for each in statement.evidence:
        marker = cited.cite(each.article, each.quote, each.start_char, each.end_char)
        if marker is not None:
            markers.append(marker)
            outlets += [each.article.source] if each.article.source else []
    if not markers:
        return None
    best = statement.best
    if not best.article.source:
        outlets = []  # the words are those of an article that names no outlet, not of the others
    # Line breaks become spaces one by one, so places in the quote stay what they are.
    quote = re.sub(r"\s", " ", best.quote)
    lead = _lead(outlets, best.article.origin, question.language)
    highlights = tuple(
        Span(start_char=len(lead) + start, end_char=len(lead) + end)
        for start, end in _asked_for(question, best)
    )
    return CitedSentence(text=lead + quote, citations=tuple(markers), highlights=highlights)


def _lead(outlets: Sequence[str], origin: str | None, language: Language) -> str:
    """Who says it, and whom a single outlet has it from; nothing where no outlet is known."""
    if not outlets:
        return ""
    via = origin if origin and len(set(outlets)) == 1 else None
    key = "lead_via" if via else "lead"
    return say(key, language, outlets=joined(outlets, language), origin=via or "", quote="")


def _asked_for(question: Question, evidence: Evidence) -> list[tuple[int, int]]:
    """Places of the figures, dates or names that are asked for and not in the question."""
    asked = read_question(question.text, question.language)
    language = evidence.article.language
    known = frozenset(terms(question.text, language))
    places: list[tuple[int, int]] = []
    for kind in asked.kinds:
        if kind not in _STANDS_OUT:
            continue
        for found in possible_answers(evidence.quote, language, kind):
            words = evidence.quote[found.start_char : found.end_char]
            is_new = not frozenset(terms(words, language)) <= known
            is_free = all(found.end_char <= s or found.start_char >= e for s, e in places)
            if found.certainty >= _CERTAIN and is_new and is_free:
                places.append((found.start_char, found.end_char))
    return sorted(places)


def _conflict(
    disagreement: Disagreement,
    cited: CitationList,
    articles: dict[str, Passage],
    language: Language,
) -> CitedSentence | None:
    """One line that names both sides, each with its citation."""
    sides, markers = [], []
    for position in disagreement.positions:
        own = [
            marker
            for claim in position.claims
            if claim.article_id in articles
            and (
                marker := cited.cite(
                    articles[claim.article_id].article,
                    claim.quote,
                    claim.start_char,
                    claim.end_char,
                )
            )
        ]
        if not own:
            return None
        markers += own
        side = conflict_side(position.claims, position.value, language)
        sides.append((side, tuple(own)))
    text = conflict_line(disagreement.aspect, sides, language)
    return CitedSentence(text=text, citations=tuple(sorted(set(markers))))


def _silence(language: Language, decision: Decision, passages: Sequence[Passage]) -> str:
    if not passages:
        return f"{say('silent', language)} {say('nothing', language)}"
    missing = decision.missing[0] if decision.missing else None
    if missing is None:
        first = say("silent", language)
    else:
        key = "silent_year" if missing.isdigit() else "silent_missing"
        first = say(key, language, missing=missing)
    articles = list({p.article.article_id: p.article for p in passages}.values())
    named = joined([article_name(each, language) for each in articles[:_NEAREST]], language)
    return f"{first} {say('nearest', language, articles=named)}"
