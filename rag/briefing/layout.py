"""What every export shows, in order: blocks of a briefing without any markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.briefing.texts import say
from rag.language.typography import format_date, source_label
from rag.types import (
    Briefing,
    BriefingPoint,
    BriefingSection,
    BriefingSource,
    Citation,
    Language,
)

_MATRIX_POINTS = 14
_NAMED_OUTLETS = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Points under one matter; ``head`` is empty where a section has none."""

    head: str
    note: str
    points: tuple[BriefingPoint, ...]


def groups(section: BriefingSection, briefing: Briefing) -> Iterator[Group]:
    """The points of a section by the matter they are about."""
    heads = list(dict.fromkeys(point.topic for point in section.points))
    for head in heads:
        points = tuple(point for point in section.points if point.topic == head)
        found = next((d for d in briefing.disagreements if d.aspect == head), None)
        note = ""
        if section.kind == "disagreement" and found:
            note = found.explanation
            if found.status != "conflict":
                note = f"{say('explained', briefing.language)}: {note}"
        yield Group(head, note, points)


def runs(points: Sequence[BriefingPoint]) -> Iterator[tuple[bool, tuple[BriefingPoint, ...]]]:
    """Points that stand together: written ones make a paragraph, the others a list."""
    for is_written, found in groupby(points, key=lambda point: point.is_written):
        yield is_written, tuple(found)


def attribution_line(point: BriefingPoint, language: Language) -> str:
    """Who says so: the outlets, and how many origins where it is more than one."""
    outlets = point.outlets
    if len(outlets) > _NAMED_OUTLETS + 1:
        # The footnotes name them all.
        more = say("more_outlets", language, len(outlets) - _NAMED_OUTLETS)
        names = f"{', '.join(outlets[:_NAMED_OUTLETS])} {more}"
    else:
        names = ", ".join(outlets)
    if len(outlets) < 2:
        return names
    origins = (
        say("origins", language, point.origins)
        if point.origins > 1
        else say("origin_one", language)
    )
    return f"{names} · {origins}"


def named_outlet(source: BriefingSource, language: Language) -> str:
    """The outlet in the list of articles; an id that stands for it is no name for readers."""
    return say("no_outlet", language) if source.outlet == source.article_id else source.outlet


def named_title(source: BriefingSource) -> str:
    """The title in the list of articles, without one the first words."""
    return source.title or source.label or source.article_id


def source_line(citation: Citation, language: Language) -> str:
    """Outlet and day of a footnote."""
    day = format_date(citation.published_at, language) or say("undated", language)
    return f"{source_label(citation, language)}, {day}"


def matrix(briefing: Briefing) -> tuple[tuple[str, ...], list[tuple[str, tuple[bool, ...]]]]:
    """Outlets, and for each point of several outlets who makes it."""
    points = [
        point
        for section in briefing.sections
        if section.kind in ("brief", "agreement")
        for point in section.points
        if len(point.outlets) > 1
    ][:_MATRIX_POINTS]
    outlets = tuple(dict.fromkeys(name for point in points for name in point.outlets))
    rows = [(point.sentence.text, tuple(o in point.outlets for o in outlets)) for point in points]
    return outlets, rows


def short(text: str, limit: int) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    words = cut.rsplit(" ", 1)[0]
    # A single long word is better cut than left out.
    return (words if len(words) > limit / 2 else cut).rstrip(",;:( ") + " …"


def ordered(briefing: Briefing) -> Sequence[BriefingSection | None]:
    """The sections in the order shown; ``None`` is where the timeline stands."""
    late = ("speakers", "wording")
    first = [each for each in briefing.sections if each.kind not in late]
    last = [each for each in briefing.sections if each.kind in late]
    return [*first, *([None] if briefing.timeline else []), *last]
