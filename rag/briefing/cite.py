"""Footnotes: every quote a briefing shows, numbered, with outlet, date, offsets and hash."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rag.answer.citations import CitationList
from rag.types import Article, Citation


@dataclass(slots=True)
class Footnotes:
    """Citations in the order they are first used, with what verifying needs."""

    _list: CitationList = field(default_factory=CitationList)
    _articles: dict[int, Article] = field(default_factory=dict)
    _known: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def cite(self, article: Article, start_char: int, end_char: int) -> int | None:
        """The marker of a stretch of an article's text."""
        key = (article.article_id, start_char, end_char)
        if key in self._known:
            return self._known[key]
        quote = article.text[start_char:end_char]
        marker = self._list.cite(article, quote, start_char, end_char)
        if marker is not None:
            self._articles[marker] = article
            self._known[key] = marker
        return marker

    @property
    def citations(self) -> tuple[Citation, ...]:
        """All of them, with the hash of the text they were taken from and its stored address."""
        return tuple(
            replace(
                each,
                content_hash=self._articles[each.marker].content_hash,
                url=self._articles[each.marker].url,
            )
            for each in self._list.citations
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What did not verify."""
        return tuple(self._list.notes)
