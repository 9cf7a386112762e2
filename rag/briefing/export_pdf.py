"""A briefing as PDF, with its fonts embedded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape
from typing import Any

from rag.briefing.export_markdown import is_link
from rag.briefing.layout import (
    attribution_line,
    groups,
    named_outlet,
    named_title,
    ordered,
    runs,
    source_line,
)
from rag.briefing.pdf_faces import in_faces, register
from rag.briefing.texts import say
from rag.language.typography import format_date, in_quotation_marks
from rag.types import Briefing, BriefingPoint, BriefingSection, Citation, Language

_MARGIN = 56
_SIZES = {"title": 17, "h2": 12.5, "h3": 10, "body": 9.2, "small": 7.6}


def to_pdf(briefing: Briefing) -> bytes:
    """The whole document, A4."""
    from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
    from reportlab.platypus import SimpleDocTemplate  # type: ignore[import-untyped]

    register()
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=briefing.title,
        lang=briefing.language,
        # The same briefing gives the same bytes.
        invariant=1,
    )
    document.build(list(_story(briefing)), onFirstPage=_footer, onLaterPages=_footer)
    return buffer.getvalue()


def _story(briefing: Briefing) -> Iterator[Any]:
    from reportlab.platypus import Spacer

    language = briefing.language
    yield _paragraph(_bold(briefing.title), "title")
    yield _paragraph(_text(briefing.dateline), "small")
    event = ""
    for section in ordered(briefing):
        yield Spacer(1, 6)
        if section is None:
            yield _paragraph(_bold(say("timeline", language)), "h2")
            for entry in briefing.timeline:
                line = f"{_bold(entry.shown)} – {_text(entry.sentence)}"
                yield _paragraph(line + _marks(entry.citations), "body", bullet=True)
            continue
        if section.event and section.event != event:
            event = section.event
            yield _paragraph(_bold(event), "title")
        yield _paragraph(_bold(section.heading), "h2")
        yield from _section(section, briefing)
    yield _paragraph(_bold(say("sources", language)), "h2")
    yield _sources(briefing)
    yield _paragraph(_bold(say("method", language)), "h2")
    for line in briefing.method:
        yield _paragraph(_text(line), "small", bullet=True)
    yield _paragraph(_bold(say("notes", language)), "h2")
    yield from (_footnote(each, language) for each in briefing.citations)


def _section(section: BriefingSection, briefing: Briefing) -> Iterator[Any]:
    for group in groups(section, briefing):
        if group.head:
            yield _paragraph(_bold(group.head), "h3")
        for is_written, points in runs(group.points):
            if is_written:
                said = (_text(p.sentence.text) + _marks(p.sentence.citations) for p in points)
                yield _paragraph(" ".join(said), "body")
                continue
            for point in points:
                yield _paragraph(_point(point, briefing.language), "body", bullet=True)
        if group.note:
            yield _paragraph(f"<i>{_text(group.note)}</i>", "small")


def _point(point: BriefingPoint, language: Language) -> str:
    label = f"{_bold(point.label)} – " if point.label else ""
    who = f' <font color="#5c5c5c" size="7.6">({_text(attribution_line(point, language))})</font>'
    return label + _text(point.sentence.text) + _marks(point.sentence.citations) + who


def _sources(briefing: Briefing) -> Any:
    from reportlab.lib import colors  # type: ignore[import-untyped]
    from reportlab.platypus import Table, TableStyle

    language = briefing.language
    rows = [[_paragraph(f"{_bold(say(each, language))}", "small")
             for each in ("outlet", "articles", "date", "status")]]  # fmt: skip
    for each in briefing.sources:
        title = _text(named_title(each))
        if is_link(each.url):
            title = (
                f'<link href="{escape(str(each.url), quote=True)}" color="#0b5c8a">{title}</link>'
            )
        status = say("used" if each.is_used else "not_used", language)
        status += f": {each.reason}" if each.reason else ""
        day = format_date(each.published_at, language) or say("undated", language)
        cells = (_text(named_outlet(each, language)), title, _text(day), _text(status))
        rows.append([_paragraph(cell, "small") for cell in cells])
    table = Table(rows, colWidths=[95, 205, 80, 103], repeatRows=1, hAlign="LEFT")
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#d5d5d5"))
    table.setStyle(TableStyle([line, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _footnote(citation: Citation, language: Language) -> Any:
    place = f"{citation.article_id}:{citation.start_char}–{citation.end_char}"
    head = (
        f'<a name="n{citation.marker}"/>{citation.marker}. {_text(source_line(citation, language))}'
    )
    quote = _text(in_quotation_marks(" ".join(citation.quote.split()), language))
    return _paragraph(f'{head}: {quote} <font color="#5c5c5c">{_text(place)}</font>', "small")


def _marks(markers: tuple[int, ...]) -> str:
    links = ", ".join(f'<a href="#n{marker}" color="#0b5c8a">{marker}</a>' for marker in markers)
    return f" <super>{links}</super>"


def _paragraph(markup: str, kind: str, *, bullet: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
    from reportlab.platypus import Paragraph

    size = _SIZES[kind]
    style = ParagraphStyle(
        kind,
        fontName="Brief-Bold" if kind in ("title", "h2", "h3") else "Brief",
        fontSize=size,
        leading=size * 1.4,
        spaceBefore={"title": 0, "h2": 9, "h3": 6}.get(kind, 1.5),
        spaceAfter=3,
        leftIndent=10 if bullet else 0,
        bulletIndent=0,
        splitLongWords=1,
        keepWithNext=int(kind in ("title", "h2", "h3")),
    )
    return Paragraph(markup, style, bulletText="•" if bullet else None)


def _footer(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Brief", 7.5)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, _MARGIN / 2, str(document.page))
    canvas.restoreState()


def _text(text: str) -> str:
    """Escaped, letters beyond Latin in a face that has them."""
    return in_faces(" ".join(text.split()))


def _bold(text: str) -> str:
    return f"<b>{in_faces(' '.join(text.split()), is_bold=True)}</b>"
