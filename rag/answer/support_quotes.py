"""What a sentence is checked against."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Article, Language


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote and the article it is from; ``before`` is what stands right before it there."""

    quote: str
    article: Article
    before: str = ""

    @property
    def language(self) -> Language:
        """The article's language."""
        return self.article.language
