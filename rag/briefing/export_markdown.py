"""A briefing as Markdown with footnotes that `rag verify` reads back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
from rag.language.typography import format_date, in_quotation_marks
from rag.types import Briefing, BriefingPoint, BriefingSection, BriefingSource, Citation, Language

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&@~])|(?<=www)(\.)|(?<=:)(/)(?=/)", re.IGNORECASE)
_LIST_LIKE = re.compile(r"^[-+]")
HASH_CHARS = 16
WRITTEN = "<!-- gegenlese briefing llm -->"
"""Last line of a briefing with sentences of a language model: they are held to support."""


def to_markdown(briefing: Briefing) -> str:
    """The whole briefing."""
    return "\n".join(_lines(briefing)).rstrip() + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no entity, and no address made a link."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def _lines(briefing: Briefing) -> Iterator[str]:
    language = briefing.language
    yield f"# {escape(briefing.title)}"
    yield ""
    yield f"*{escape(briefing.dateline)}*"
    event = ""
    for section in ordered(briefing):
        yield ""
        if section is None:
            yield from _timeline(briefing)
            continue
        if section.event != event:
            event = section.event
            yield from ([f"## {escape(event)}", ""] if event else [])
        yield f"{'###' if section.event else '##'} {section.heading}"
        yield ""
        yield from _section(section, briefing)
    yield from ["", f"## {say('sources', language)}", ""]
    yield from _sources(briefing.sources, language)
    yield from ["", f"## {say('method', language)}", ""]
    yield from (f"- {escape(line)}" for line in briefing.method)
    yield ""
    yield from (_footnote(each, language) for each in briefing.citations)
    if briefing.run.mode == "llm":
        yield from ["", WRITTEN]


def _section(section: BriefingSection, briefing: Briefing) -> Iterator[str]:
    for group in groups(section, briefing):
        if group.head:
            yield from [f"**{escape(group.head)}**", ""]
        for is_written, points in runs(group.points):
            if is_written:
                yield from [_paragraph(points), ""]
            else:
                yield from (_point(point, briefing.language) for point in points)
        if group.note:
            yield from ["", f"*{escape(group.note)}*"]
        if group.head:
            yield ""


def _paragraph(points: Sequence[BriefingPoint]) -> str:
    """Sentences of the language model; a text that begins like a list stays a text."""
    said = (f"{escape(p.sentence.text)}{_notes(p.sentence.citations)}" for p in points)
    return _LIST_LIKE.sub(r"\\\g<0>", " ".join(said))


def _point(point: BriefingPoint, language: Language) -> str:
    label = f"**{escape(point.label)}** — " if point.label else ""
    notes = _notes(point.sentence.citations)
    who = escape(attribution_line(point, language))
    return f"- {label}{escape(point.sentence.text)}{notes} *({who})*"


def _timeline(briefing: Briefing) -> Iterator[str]:
    yield from [f"## {say('timeline', briefing.language)}", ""]
    for entry in briefing.timeline:
        yield f"- **{escape(entry.shown)}** — {escape(entry.sentence)}{_notes(entry.citations)}"


def _sources(sources: tuple[BriefingSource, ...], language: Language) -> Iterator[str]:
    columns = [say(each, language) for each in ("outlet", "articles", "date", "origin", "status")]
    yield f"| {' | '.join(columns)} |"
    yield "|" + " --- |" * len(columns)
    for each in sources:
        title = escape(named_title(each))
        status = say("used" if each.is_used else "not_used", language)
        cells = (
            escape(named_outlet(each, language)),
            f"[{title}](<{each.url}>)" if is_link(each.url) else title,
            format_date(each.published_at, language) or say("undated", language),
            escape(each.origin or ""),
            status + (f": {escape(each.reason)}" if each.reason else ""),
        )
        yield f"| {' | '.join(cells)} |"


def is_link(url: str | None) -> bool:
    """Only web addresses are linked, whatever an article's metadata says."""
    return bool(url) and bool(re.fullmatch(r"https?://[^\s<>\"]+", str(url)))


def _notes(markers: tuple[int, ...]) -> str:
    return "".join(f"[^{marker}]" for marker in markers)


def _footnote(citation: Citation, language: Language) -> str:
    quote = escape(in_quotation_marks(" ".join(citation.quote.split()), language))
    place = f"{citation.article_id}:{citation.start_char}-{citation.end_char}"
    digest = (citation.content_hash or "")[:HASH_CHARS]
    source = escape(source_line(citation, language))
    return f"[^{citation.marker}]: {source}: {quote} `{place}#{digest}`"
