"""Citations that hold: each quote stands in its article at exactly the offsets given."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.types import Article, Citation


@dataclass(slots=True)
class CitationList:
    """Numbers quotes from 1 without gaps; a quote that does not verify is dropped and noted."""

    citations: list[Citation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def cite(self, article: Article, quote: str, start_char: int, end_char: int) -> int | None:
        """The marker of this quote, an earlier one if it was cited before; ``None`` if it fails."""
        for known in self.citations:
            if (known.article_id, known.start_char, known.end_char) == (
                article.article_id,
                start_char,
                end_char,
            ):
                return known.marker
        if not quote or article.text[start_char:end_char] != quote:
            self.notes.append(
                f"Dropped a quote that is not at {start_char}-{end_char} of {article.article_id!r}."
            )
            return None
        marker = len(self.citations) + 1
        self.citations.append(
            Citation(
                marker=marker,
                article_id=article.article_id,
                source=article.source,
                title=article.title,
                published_at=article.published_at,
                quote=quote,
                start_char=start_char,
                end_char=end_char,
                support="verbatim",
                label=article.label,
            )
        )
        return marker


def markers_text(markers: tuple[int, ...]) -> str:
    """The markers as text: ``[1][3]``."""
    return "".join(f"[{marker}]" for marker in markers)
