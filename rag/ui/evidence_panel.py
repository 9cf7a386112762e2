"""The passages behind an answer: by outlet, why each was chosen, who has it from whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from rag.language.terms import terms
from rag.language.typography import format_date, source_label, title_label
from rag.language.words import words
from rag.types import Article, Language, Span
from rag.ui.history import PassageRef
from rag.ui.markup import element, items, marked, opener, text
from rag.ui.texts import Say, UiLanguage

_MOST_WORDS = 6


class QuoteRef(BaseModel):
    """A cited quote by its place."""

    model_config = ConfigDict(frozen=True)

    marker: int
    article_id: str
    start_char: int
    end_char: int


class EvidenceRequest(BaseModel):
    """What the panel is asked for; sent by the page, so nothing in it is taken on trust."""

    question: str = Field(max_length=100_000)
    passages: tuple[PassageRef, ...] = Field(max_length=200)
    quotes: tuple[QuoteRef, ...] = Field(max_length=200)


def evidence_html(
    wanted: EvidenceRequest,
    articles: Mapping[str, Article],
    say: Say,
    language: UiLanguage,
    question_language: Language,
) -> str:
    """Passages grouped by outlet, in the order of the best of each."""
    known = [each for each in wanted.passages if each.article_id in articles]
    if not known:
        return element("p", text(say("source.gone")), class_="quiet")
    held = {each.article_id: articles[each.article_id] for each in known}
    asked = frozenset(terms(wanted.question, question_language))
    groups: dict[str, list[PassageRef]] = {}
    for passage in known:
        groups.setdefault(held[passage.article_id].outlet, []).append(passage)
    head = element("p", text(_origins(held, say)), class_="origins")
    blocks = []
    for passages in groups.values():
        rows = [
            _passage(each, held[each.article_id], wanted.quotes, asked, say, language)
            for each in passages
        ]
        name = source_label(held[passages[0].article_id], language)
        blocks.append(element("h5", text(name)) + items(rows, class_="passages"))
    return head + "".join(blocks)


def _origins(held: Mapping[str, Article], say: Say) -> str:
    outlets = len({article.outlet for article in held.values()})
    origins = len({a.origin_id or a.article_id for a in held.values()})
    if outlets == 1:
        return say("count.outlet_one")
    if origins == 1:
        return say("count.outlets_one_origin", outlets)
    return say("count.outlets_origins", outlets, origins)


def _passage(
    passage: PassageRef,
    article: Article,
    quotes: Sequence[QuoteRef],
    asked: frozenset[str],
    say: Say,
    language: UiLanguage,
) -> str:
    start, end = passage.start_char, min(passage.end_char, len(article.text))
    content = article.text[start:end]
    cited = [
        q
        for q in quotes
        if q.article_id == article.article_id and start <= q.start_char < q.end_char <= end
    ]
    spans = [Span(start_char=q.start_char - start, end_char=q.end_char - start) for q in cited]
    day = format_date(article.published_at, language) or say("source.undated")
    title = element("b", text(title_label(article, language))) + text(f", {day}")
    notes = [text(say("source.copy", article.duplicate_of))] if article.duplicate_of else []
    notes += [text(say("source.origin", article.origin))] if article.origin else []
    why = [
        say("evidence.rank", passage.rank),
        say("evidence.close", _hundredth(passage.dense, language)),
    ]
    shared = _shared(content, asked, article.language)
    if shared:
        why.append(say("evidence.words", ", ".join(shared)))
    if cited:
        why.append(say("evidence.cited", ", ".join(f"[{q.marker}]" for q in cited)))
    return (
        element("p", title, class_="who")
        + (element("p", " · ".join(notes), class_="copies") if notes else "")
        + opener(marked(content, spans), article.article_id, start, end, class_="quote")
        + element("p", text(" · ".join(why)), class_="why")
    )


def _shared(content: str, asked: frozenset[str], language: Language) -> list[str]:
    """Words of the passage that the question holds in some form."""
    found: dict[str, str] = {}
    for word in words(content):
        stems = terms(word.text, language)
        if any(stem in asked for stem in stems):
            found.setdefault(stems[0], word.text)
    return list(found.values())[:_MOST_WORDS]


def _hundredth(value: float, language: UiLanguage) -> str:
    written = f"{value:.2f}"
    return written.replace(".", ",") if language == "de" else written
