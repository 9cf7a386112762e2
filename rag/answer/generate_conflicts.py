"""Makes sure a written answer names every conflict that touches the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answer.budget import harmless
from rag.answer.citations import CitationList
from rag.answer.conflict_line import conflict_line, conflict_side
from rag.answer.generate_sentences import CitedAnswer
from rag.language.terms import terms
from rag.llm.failures import llm_data
from rag.types import Article, CitedSentence, Disagreement, Evidence, Language


def conflict_lines(disagreements: Sequence[Disagreement], language: Language) -> str:
    """The conflicts as a model reads them; one line each."""
    lines = [
        f"- {harmless(found.aspect)}: "
        + "; ".join(
            harmless(conflict_side(position.claims, position.value, language))
            for position in found.positions
        )
        for found in disagreements
        if found.status == "conflict"
    ]
    if not lines:
        return str(llm_data("no_conflicts")[0 if language == "de" else 1])
    return "\n" + "\n".join(lines)


def add_conflicts(
    answer: CitedAnswer,
    disagreements: Sequence[Disagreement],
    evidence: Sequence[Evidence],
    language: Language,
) -> tuple[CitedAnswer, int]:
    """The answer with a line for each conflict it does not tell, and how many those were."""
    articles = {each.article.article_id: each.article for each in evidence}
    added = 0
    for found in disagreements:
        if found.status != "conflict" or is_told(answer, found, language):
            continue
        extended = _with_line(answer, found, articles, language)
        if extended is not None:
            answer, added = extended, added + 1
    return answer, added


def is_told(answer: CitedAnswer, found: Disagreement, language: Language) -> bool:
    """Whether the sentences tell at least two sides: name the value and cite one who says it."""
    by_marker = {citation.marker: citation.article_id for citation in answer.citations}
    told = 0
    for position in found.positions:
        speakers = {claim.article_id for claim in position.claims}
        value = set(terms(position.value, language))
        told += any(
            speakers & {by_marker[marker] for marker in sentence.citations}
            and _holds_value(value, sentence.text, language)
            for sentence in answer.sentences
        )
    return told >= 2


def _holds_value(value: set[str], sentence: str, language: Language) -> bool:
    found = set(terms(sentence, language))
    figures = {term for term in value if term[0].isdigit()}
    if figures:
        return bool(figures & found)
    return not value or len(value & found) >= len(value) / 2


def _with_line(
    answer: CitedAnswer, found: Disagreement, articles: dict[str, Article], language: Language
) -> CitedAnswer | None:
    cited = CitationList(citations=list(answer.citations))
    sides: list[tuple[str, tuple[int, ...]]] = []
    markers: list[int] = []
    for position in found.positions:
        own = [
            marker
            for claim in position.claims
            if claim.article_id in articles
            and (
                marker := cited.cite(
                    articles[claim.article_id], claim.quote, claim.start_char, claim.end_char
                )
            )
        ]
        if not own:
            continue
        markers += own
        side = conflict_side(position.claims, position.value, language)
        sides.append((side, tuple(own)))
    if len(sides) < 2:
        return None
    text = conflict_line(found.aspect, sides, language)
    sentence = CitedSentence(text=text, citations=tuple(dict.fromkeys(markers)))
    return replace(
        answer,
        lines=(*answer.lines, text),
        sentences=(*answer.sentences, sentence),
        citations=tuple(cited.citations),
    )
