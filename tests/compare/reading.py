"""Questions and articles as the tests of single steps read them."""

from __future__ import annotations

from rag.compare.frame import Frame, read_frame
from rag.types import Article, Language, Question


def article(
    text: str, published_at: str | None = "2025-05-04", language: Language = "de"
) -> Article:
    return Article(
        article_id=text[:9],
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language=language,
        published_at=published_at,
    )


def frame(question: str) -> Frame:
    return read_frame(Question(text=question, language="de"), "de")
