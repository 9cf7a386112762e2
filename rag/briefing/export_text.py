"""A briefing as plain text for the terminal, and as the JSON of the interface."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterator
from typing import Any

from rag.briefing.layout import (
    attribution_line,
    groups,
    named_outlet,
    named_title,
    ordered,
    runs,
    source_line,
)
from rag.briefing.texts import say
from rag.interchange import SCHEMA, citation_to_json, disagreement_to_json
from rag.language.typography import in_quotation_marks
from rag.types import Briefing, BriefingSection

_WIDTH = 92


def to_text(briefing: Briefing) -> str:
    """The whole briefing, wrapped."""
    return "\n".join(_lines(briefing)).rstrip() + "\n"


def _lines(briefing: Briefing) -> Iterator[str]:
    language = briefing.language
    yield from [briefing.title, "=" * min(_WIDTH, len(briefing.title)), briefing.dateline]
    event = ""
    for section in ordered(briefing):
        if section is None:
            yield from _headed(say("timeline", language))
            for entry in briefing.timeline:
                yield _wrapped(f"{entry.shown}: {entry.sentence} {_marks(entry.citations)}")
            continue
        if section.event and section.event != event:
            event = section.event
            yield from ["", event.upper()]
        yield from _headed(section.heading)
        yield from _section(section, briefing)
    yield from _headed(say("sources", language))
    for each in briefing.sources:
        status = say("used" if each.is_used else "not_used", language)
        reason = f" ({each.reason})" if each.reason else ""
        yield _wrapped(f"{named_outlet(each, language)}: {named_title(each)}, {status}{reason}")
    yield from _headed(say("method", language))
    yield from (_wrapped(line) for line in briefing.method)
    yield from _headed(say("notes", language))
    for citation in briefing.citations:
        quote = in_quotation_marks(" ".join(citation.quote.split()), language)
        place = f"{citation.article_id}:{citation.start_char}-{citation.end_char}"
        head = f"[{citation.marker}] {source_line(citation, language)}: "
        yield _wrapped(f"{head}{quote} ({place})", "")


def _section(section: BriefingSection, briefing: Briefing) -> Iterator[str]:
    language = briefing.language
    for group in groups(section, briefing):
        yield from ([f"{group.head}:"] if group.head else [])
        for is_written, points in runs(group.points):
            if is_written:
                said = (f"{p.sentence.text} {_marks(p.sentence.citations)}" for p in points)
                yield _wrapped(" ".join(said), "    ")
                continue
            for point in points:
                label = f"{point.label} — " if point.label else ""
                text = f"{label}{point.sentence.text} {_marks(point.sentence.citations)}"
                yield _wrapped(f"{text} ({attribution_line(point, language)})")
        yield from ([_wrapped(group.note, "    ")] if group.note else [])


def _headed(heading: str) -> list[str]:
    return ["", heading, "-" * len(heading)]


def _wrapped(text: str, bullet: str = "  • ") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=bullet,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _marks(markers: tuple[int, ...]) -> str:
    return "".join(f"[{marker}]" for marker in markers)


def to_json(briefing: Briefing) -> dict[str, Any]:
    """What ``rag briefing --format json`` prints."""
    return {
        "schema": SCHEMA,
        "topic": briefing.topic,
        "title": briefing.title,
        "dateline": briefing.dateline,
        "language": briefing.language,
        "length": briefing.length,
        "sections": [
            {
                "heading": section.heading,
                "kind": section.kind,
                "event": section.event or None,
                "sentences": [
                    {
                        **dataclasses.asdict(point.sentence),
                        "outlets": list(point.outlets),
                        "origins": point.origins,
                        "label": point.label or None,
                        "about": point.topic or None,
                        "is_written": point.is_written,
                    }
                    for point in section.points
                ],
            }
            for section in briefing.sections
        ],
        "citations": [citation_to_json(each) for each in briefing.citations],
        "disagreements": [disagreement_to_json(each) for each in briefing.disagreements],
        "timeline": [dataclasses.asdict(each) for each in briefing.timeline],
        "sources": [dataclasses.asdict(each) for each in briefing.sources],
        "method": list(briefing.method),
        "coverage": dataclasses.asdict(briefing.coverage),
        "run": {
            **{
                f.name: getattr(briefing.run, f.name)
                for f in dataclasses.fields(briefing.run)
                if f.name not in ("usage", "prompt_hashes", "seconds")
            },
            "prompt_hashes": dict(briefing.run.prompt_hashes),
            "usage": dict(briefing.run.usage),
            "seconds": {name: round(took, 4) for name, took in briefing.run.seconds.items()},
        },
    }
