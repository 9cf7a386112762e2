"""A briefing as one HTML page that needs nothing else: no script, no font, no picture from afar."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from rag.briefing.drawings import figure_charts, timeline_svg
from rag.briefing.export_markdown import is_link
from rag.briefing.layout import (
    attribution_line,
    groups,
    matrix,
    named_outlet,
    named_title,
    ordered,
    runs,
    short,
    source_line,
)
from rag.briefing.texts import say
from rag.language.typography import format_date, in_quotation_marks
from rag.types import Briefing, BriefingPoint, BriefingSection, BriefingSource, Citation, Language

_CSS = Path(__file__).resolve().parent.parent / "data" / "briefing.css"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_POINT_CHARS = 90


def to_html(briefing: Briefing) -> str:
    """The whole page."""
    language = "de" if briefing.language == "de" else "en"
    head = (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="generator" content="gegenlese briefing 1 {briefing.run.mode}">'
        f"<title>{escape(briefing.title)}</title>"
        f"<style>{_CSS.read_text(encoding='utf-8')}</style></head><body>"
    )
    return head + "\n".join(_body(briefing)) + "\n</body></html>\n"


def _body(briefing: Briefing) -> Iterator[str]:
    language = briefing.language
    yield f"<h1>{escape(briefing.title)}</h1>"
    yield f'<p class="dateline">{escape(briefing.dateline)}</p>'
    event = ""
    for section in ordered(briefing):
        if section is None:
            yield from _timeline(briefing)
            continue
        if section.event != event:
            event = section.event
            yield f"<h2>{escape(event)}</h2>"
        level = "h3" if section.event else "h2"
        yield f"<{level}>{escape(section.heading)}</{level}>"
        yield from _section(section, briefing)
        if section.kind == "agreement":
            yield from _matrix(briefing)
    yield f"<h2>{escape(say('sources', language))}</h2>"
    yield from _sources(briefing.sources, language)
    yield f"<h2>{escape(say('method', language))}</h2><ul>"
    yield from (f"<li>{escape(line)}</li>" for line in briefing.method)
    yield f"</ul><h2>{escape(say('notes', language))}</h2><ol class='notes'>"
    yield from (_footnote(each, language) for each in briefing.citations)
    yield "</ol>"


def _section(section: BriefingSection, briefing: Briefing) -> Iterator[str]:
    charts = dict(figure_charts(briefing)) if section.kind == "disagreement" else {}
    css = ' class="clash"' if section.kind == "disagreement" else ""
    for group in groups(section, briefing):
        if group.head:
            yield f"<h3>{escape(group.head)}</h3>"
        for is_written, points in runs(group.points):
            if is_written:
                yield f"<p>{' '.join(map(_written, points))}</p>"
            else:
                yield f"<ul{css}>"
                yield from (_point(point, briefing.language) for point in points)
                yield "</ul>"
        if group.head in charts:
            caption = escape(say("figures", briefing.language))
            yield f"<figure>{charts[group.head]}<figcaption>{caption}</figcaption></figure>"
        if group.note:
            yield f'<p class="note">{escape(group.note)}</p>'


def _point(point: BriefingPoint, language: Language) -> str:
    label = f"<b>{escape(point.label)}</b> — " if point.label else ""
    who = f'<span class="who">({escape(attribution_line(point, language))})</span>'
    return f"<li>{label}{_cited(point.sentence.text, point.sentence.citations)} {who}</li>"


def _written(point: BriefingPoint) -> str:
    """A sentence in a language model's words; checking holds it to support, not to the letter."""
    return _cited(point.sentence.text, point.sentence.citations, "s w")


def _cited(text: str, markers: tuple[int, ...], css: str = "s") -> str:
    listed = " ".join(str(marker) for marker in markers)
    links = "".join(f'<a href="#n{marker}">{marker}</a> ' for marker in markers).rstrip()
    return f'<span class="{css}" data-cites="{listed}">{escape(text)}</span><sup>{links}</sup>'


def _timeline(briefing: Briefing) -> Iterator[str]:
    yield f"<h2>{escape(say('timeline', briefing.language))}</h2>"
    drawing = timeline_svg(briefing.timeline, briefing.language)
    if drawing:
        yield f"<figure>{drawing}</figure>"
    yield "<ul>"
    for entry in briefing.timeline:
        when = f'<time datetime="{escape(entry.date)}"><b>{escape(entry.shown)}</b></time>'
        yield f"<li>{when} — {_cited(entry.sentence, entry.citations)}</li>"
    yield "</ul>"


def _matrix(briefing: Briefing) -> Iterator[str]:
    outlets, rows = matrix(briefing)
    if len(outlets) < 2:
        return
    language = briefing.language
    yield f"<h3>{escape(say('matrix', language))}</h3>"
    yield "<div class='scroll'><table class='matrix'><thead><tr>"
    yield f"<th>{escape(say('point', language))}</th>"
    yield "".join(f"<th>{escape(short(outlet, 24))}</th>" for outlet in outlets)
    yield "</tr></thead><tbody>"
    for text, cells in rows:
        dots = "".join(f'<td class="dot">{"●" if cell else ""}</td>' for cell in cells)
        yield f"<tr><td>{escape(short(text, _POINT_CHARS))}</td>{dots}</tr>"
    yield "</tbody></table></div>"


def _sources(sources: tuple[BriefingSource, ...], language: Language) -> Iterator[str]:
    columns = ("outlet", "articles", "date", "origin", "status")
    cells = "".join(f"<th>{escape(say(each, language))}</th>" for each in columns)
    yield f"<div class='scroll'><table><thead><tr>{cells}</tr></thead><tbody>"
    for each in sources:
        title = escape(named_title(each))
        if is_link(each.url):
            title = f'<a href="{escape(str(each.url), quote=True)}" rel="noreferrer">{title}</a>'
        status = say("used" if each.is_used else "not_used", language)
        reason = f": {each.reason}" if each.reason else ""
        day = format_date(each.published_at, language) or say("undated", language)
        outlet = escape(named_outlet(each, language))
        yield (
            f"<tr><td>{outlet}</td><td>{title}</td><td>{escape(day)}</td>"
            f"<td>{escape(each.origin or '')}</td><td>{escape(status + reason)}</td></tr>"
        )
    yield "</tbody></table></div>"


def _footnote(citation: Citation, language: Language) -> str:
    quote = escape(in_quotation_marks(citation.quote, language))
    line = escape(source_line(citation, language))
    if is_link(citation.url):
        line = f'<a href="{escape(str(citation.url), quote=True)}" rel="noreferrer">{line}</a>'
    place = f"{citation.article_id}:{citation.start_char}–{citation.end_char}"
    return (
        f'<li id="n{citation.marker}" value="{citation.marker}"'
        f' data-article="{escape(citation.article_id, quote=True)}"'
        f' data-start="{citation.start_char}" data-end="{citation.end_char}"'
        f' data-hash="{citation.content_hash or ""}">{line}: <q>{quote}</q>'
        f" <code>{escape(place)}</code></li>"
    )
