"""The points of a briefing: what is said, its footnotes, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.briefing.cite import Footnotes
from rag.briefing.statements import Statement
from rag.language.typography import source_label
from rag.types import Article, BriefingPoint, CitedSentence

if TYPE_CHECKING:
    from rag.briefing.author_part import Said

_SAID_AGAIN = 0.6


@dataclass(slots=True)
class Points:
    """Makes points whose footnotes go into one list; ``said`` are the words of some so far."""

    notes: Footnotes
    said: list[frozenset[str]] = field(default_factory=list)

    def written(self, said: Said, heading: str) -> BriefingPoint | None:
        """A sentence of the model with the footnotes it was checked against, told once."""
        words = words_of(said.text)
        if any(len(words & other) >= _SAID_AGAIN * len(words | other) for other in self.said):
            return None
        self.said.append(words)
        markers = [
            marker
            for item in said.items
            if (marker := self.notes.cite(item.article, item.start_char, item.end_char))
        ]
        if not markers:
            return None
        articles = [item.article for item in said.items]
        return BriefingPoint(
            sentence=CitedSentence(text=said.text, citations=tuple(dict.fromkeys(markers))),
            outlets=tuple(dict.fromkeys(source_label(each, each.language) for each in articles)),
            origins=len({each.origin_id or each.article_id for each in articles}),
            topic=heading,
            is_written=True,
        )

    def quoted(self, statement: Statement, topic: str = "") -> BriefingPoint | None:
        """The best sentence as it stands, with a footnote for each article that says so."""
        markers = [
            marker
            for each in statement.sentences
            if (marker := self.notes.cite(each.article, each.start_char, each.end_char))
        ]
        if not markers:
            return None
        return BriefingPoint(
            sentence=CitedSentence(text=plain(statement.best.quote), citations=tuple(markers)),
            outlets=statement.outlets,
            origins=statement.origins,
            topic=topic,
        )

    def stretch(
        self, article: Article, start_char: int, end_char: int, label: str, topic: str = ""
    ) -> BriefingPoint | None:
        """A stretch of an article as it stands, under a label."""
        marker = self.notes.cite(article, start_char, end_char)
        if marker is None:
            return None
        text = plain(article.text[start_char:end_char])
        return BriefingPoint(
            sentence=CitedSentence(text=text, citations=(marker,)),
            outlets=(source_label(article, article.language),),
            origins=1,
            label=label,
            topic=topic,
        )


def words_of(text: str) -> frozenset[str]:
    """The words of a text, lower case."""
    return frozenset(text.lower().split())


def plain(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())
