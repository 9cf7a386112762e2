"""How dates, figures and quotations are printed for readers of German and English."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from rag.types import Article, ArticleHead, Language

# fmt: off
_MONTHS = {
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
           "Oktober", "November", "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
}
# fmt: on
_LONGEST_LABEL = 48


def format_date(iso: str | None, language: Language) -> str:
    """``2025-09-03`` as "3. September 2025" or "3 September 2025"; "" for ``None``.

    A time behind the day is left out; what is no ISO date is returned as it is.
    """
    if not iso:
        return ""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    month = _MONTHS["de" if language == "de" else "en"][day.month - 1]
    dot = "." if language == "de" else ""
    return f"{day.day}{dot} {month} {day.year}"


def format_count(count: int, language: Language) -> str:
    """1500 as "1.500" or "1,500"."""
    grouped = f"{count:,}"
    return grouped.replace(",", ".") if language == "de" else grouped


def in_quotation_marks(text: str, language: Language) -> str:
    """The text in „…“ or “…”, unless it already begins and ends with quotation marks."""
    if text[:1] in '„“"»«' and text[-1:] in '“”"»«':
        return text
    return f"„{text}“" if language == "de" else f"“{text}”"


class Sourced(Protocol):
    """A quote, a claim, a cell: something that has an article."""

    @property
    def article_id(self) -> str:
        """The article's id."""
        ...

    @property
    def source(self) -> str | None:
        """Its outlet, where one is stated."""
        ...

    @property
    def label(self) -> str | None:
        """Its title or first words, where it names no outlet."""
        ...


def source_label(of: Sourced, language: Language) -> str:
    """What readers know a source by: its outlet, else its title or first words in brief.

    The only place that decides it; the article's id is left where there is neither. Where sources
    are counted or chosen, ``Article.outlet`` stands for them: two articles may share a title.
    """
    if of.source:
        return of.source
    label = " ".join((of.label or "").split())
    if not label:
        return of.article_id
    if len(label) > _LONGEST_LABEL:
        label = label[: _LONGEST_LABEL - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
    return in_quotation_marks(label, language)


def title_label(of: Article | ArticleHead, language: Language) -> str:
    """An article's title; without one its first words, without any its id."""
    return of.title or source_label(replace(of, source=None), language)
