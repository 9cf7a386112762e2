"""The few words around quotes, in the question's language (``rag/data/answer_wording.json``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rag.answer.model import load_model_data
from rag.language.typography import source_label
from rag.types import Article, Language

_NAMED_OUTLETS = 3


@lru_cache(maxsize=4)
def _phrases(language: Language) -> dict[str, Any]:
    phrases: dict[str, Any] = load_model_data("answer_wording")["en" if language == "en" else "de"]
    return phrases


def say(key: str, language: Language, **values: str) -> str:
    """One phrase with its gaps filled."""
    return str(_phrases(language)[key]).format(**values)


def part_name(kind: str, language: Language) -> str:
    """How a part of a question is named to the reader: "Wann es war"."""
    return str(_phrases(language)["parts"][kind])


def joined(names: Sequence[str], language: Language) -> str:
    """The names as a list: "A, B und C"; from four on "A, B, C und 2 weitere"."""
    unique = list(dict.fromkeys(names))
    if len(unique) > _NAMED_OUTLETS:
        shown = ", ".join(unique[:_NAMED_OUTLETS])
        return say("others", language, outlets=shown, count=str(len(unique) - _NAMED_OUTLETS))
    if len(unique) < 2:
        return "".join(unique)
    return ", ".join(unique[:-1]) + say("and", language) + unique[-1]


def article_name(article: Article, language: Language) -> str:
    """Title, outlet and day as far as they are known."""
    day = _day(article.published_at, language)
    if not article.source:
        named = (
            say("quoted", language, text=article.title)
            if article.title
            else source_label(article, language)
        )
        return f"{named} ({day})" if day else named
    place = article.outlet
    if day:
        place = say("dated", language, outlet=place, day=day)
    return f"{say('quoted', language, text=article.title)} ({place})" if article.title else place


def _day(published_at: str | None, language: Language) -> str | None:
    parts = (published_at or "")[:10].split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    year, month, day = (int(part) for part in parts)
    months: list[str] = _phrases(language)["months"]
    if not 1 <= month <= len(months):
        return None
    return say("day", language, day=str(day), month=months[month - 1], year=str(year))
