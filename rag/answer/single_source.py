"""Says so when all that is asserted goes back to one source."""

from __future__ import annotations

from collections.abc import Iterable

from rag.types import Article, Citation

_ONE_SOURCE, _ONE_ORIGIN = "One source only: ", "One origin only: "


def is_single_source_note(note: str) -> bool:
    """Whether a note of a run is one of these; the page says it in its own words."""
    return note.startswith((_ONE_SOURCE, _ONE_ORIGIN))


def single_source_note(citations: Iterable[Citation], articles: Iterable[Article]) -> str | None:
    """A note that names the one source, or the one origin several outlets share.

    ``None`` where at least two independent sources are cited, or none is.
    """
    cited = {citation.article_id for citation in citations}
    used = [article for article in articles if article.article_id in cited]
    outlets = list(dict.fromkeys(article.outlet for article in used))
    origins = {article.origin_id or article.article_id for article in used}
    if len(outlets) == 1:
        return f"{_ONE_SOURCE}{outlets[0]}."
    if len(origins) == 1:
        return f"{_ONE_ORIGIN}{', '.join(outlets)} have it from one another."
    return None
