"""The source drawer: an article as stored, with the quote marked where it stands."""

from __future__ import annotations

from rag.language.typography import format_date, title_label
from rag.types import Article, Span
from rag.ui import markup
from rag.ui.markup import element, text
from rag.ui.texts import Say, UiLanguage


def source_html(
    article: Article | None, start_char: int, end_char: int, say: Say, language: UiLanguage
) -> str:
    """The article with ``[start_char, end_char)`` marked; says so where it is gone."""
    if article is None:
        return markup.notice(text(say("source.gone")), "warning")
    return element(
        "article",
        _head(article, say, language) + _body(article, start_char, end_char),
        lang=article.language if article.language != "other" else None,
    )


def _head(article: Article, say: Say, language: UiLanguage) -> str:
    day = format_date(article.published_at, language) or say("source.undated")
    facts = [text(article.source or say("source.no_outlet")), text(day)]
    if article.authors:
        facts.append(text(", ".join(article.authors)))
    if article.origin:
        facts.append(text(say("source.origin", article.origin)))
    if article.duplicate_of:
        facts.append(text(say("source.copy", article.duplicate_of)))
    address = markup.link(article.url)
    return element(
        "header",
        element("p", " · ".join(facts), class_="facts")
        + element("h2", text(title_label(article, language)), id="source-title")
        + (element("p", address, class_="address") if address else ""),
    )


def _body(article: Article, start_char: int, end_char: int) -> str:
    quote = Span(start_char=start_char, end_char=end_char)
    parts, at = [], 0
    for line in article.text.split("\n"):
        end = at + len(line)
        inside = Span(
            start_char=max(quote.start_char, at) - at, end_char=min(quote.end_char, end) - at
        )
        if line.strip():
            parts.append(element("p", markup.marked(line, [inside], class_="quote")))
        at = end + 1
    return element("div", "".join(parts), class_="text")
