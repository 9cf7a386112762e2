"""Seventh stage: Evidence → answer. The sources' own sentences, grouped, attributed, cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.abstain import Decision
from rag.answer.citations import CitationList, markers_text
from rag.answer.grouping import Statement, group
from rag.answer.wording import article_name, joined, say
from rag.settings import AnswerSettings
from rag.types import (
    Citation,
    CitedSentence,
    Disagreement,
    Evidence,
    Language,
    Passage,
    Position,
    Question,
)

_CONSIDERED = 12
"""Sentences looked at for the answer; what ranks lower is never shown."""
_NEAREST = 3
_LONGEST_VALUE = 80


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
) -> Composed:
    """The answer as the sources word it, or a friendly word on what they do cover."""
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
    for statement in choose(evidence, settings.max_sentences):
        sentence = _sentence(statement, cited, question.language)
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
        lines.append(say("partial", question.language, missing=decision.missing[0]))
    return Composed(
        text="\n".join(lines),
        sentences=tuple(sentences),
        citations=tuple(cited.citations),
        disagreements=tuple(disagreements),
        notes=tuple(cited.notes),
    )


def choose(evidence: Sequence[Evidence], limit: int) -> tuple[Statement, ...]:
    """The statements of the answer: as many as it takes, at most ``limit``."""
    return group(evidence[:_CONSIDERED])[:limit]


def _sentence(
    statement: Statement, cited: CitationList, language: Language
) -> CitedSentence | None:
    markers, outlets = [], []
    for each in statement.evidence:
        marker = cited.cite(each.article, each.quote, each.start_char, each.end_char)
        if marker is not None:
            markers.append(marker)
            outlets.append(each.article.outlet)
    if not markers:
        return None
    best = statement.best
    key = "lead_via" if best.article.origin and len(outlets) == 1 else "lead"
    text = say(
        key,
        language,
        outlets=joined(outlets, language),
        origin=best.article.origin or "",
        quote=" ".join(best.quote.split()),
    )
    return CitedSentence(text=text, citations=tuple(markers))


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
        sides.append(f"{_side(position, language)} {markers_text(tuple(own))}")
    text = say(
        "conflict",
        language,
        aspect=disagreement.aspect,
        sides=say("versus", language).join(sides),
    )
    return CitedSentence(text=text, citations=tuple(dict.fromkeys(markers)))


def _side(position: Position, language: Language) -> str:
    outlets = [claim.source or claim.article_id for claim in position.claims]
    value = position.value.strip()
    if len(value) > _LONGEST_VALUE:
        value = value[: _LONGEST_VALUE - 1].rsplit(" ", 1)[0] + " …"
    return say("side", language, outlets=joined(outlets, language), value=value)


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
