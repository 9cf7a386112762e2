"""A briefing as HTML within the page: as the exports show it, with openers for footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rag.briefing.drawings import figure_charts, timeline_svg
from rag.briefing.layout import (
    attribution_line,
    groups,
    matrix,
    named_outlet,
    named_title,
    ordered,
    short,
    source_line,
)
from rag.briefing.texts import say as worded
from rag.language.typography import format_date, in_quotation_marks, source_label
from rag.types import Briefing, BriefingPoint, BriefingSection, Citation
from rag.ui.markup import element, items, link, opener, text
from rag.ui.texts import Say, language_of
from rag.verify import Checked

_MOST_FAILURES = 30


def briefing_html(briefing: Briefing, say: Say) -> str:
    """The whole briefing, in its own language."""
    cited = {each.marker: each for each in briefing.citations}
    parts = [
        element("h2", text(briefing.title), class_="title"),
        element("p", text(briefing.dateline), class_="dateline"),
    ]
    contents: list[str] = []

    def heading(title: str, class_: str | None = None) -> None:
        place = f"briefing-part-{len(contents)}"
        parts.append(element("h3", text(title), id=place, class_=class_))
        contents.append(element("a", text(title), href=f"#{place}", class_=class_))

    event = ""
    for section in ordered(briefing):
        if section is None:
            heading(worded("timeline", briefing.language))
            parts += _timeline(briefing, cited, say)
            continue
        if section.event != event:
            event = section.event
            heading(event, "event")
        heading(section.heading)
        parts += _section(section, briefing, cited, say)
        if section.kind == "agreement":
            parts.append(_matrix(briefing, say))
    parts += [_sources(briefing), _method(briefing), _notes(briefing)]
    page = element("article", "".join(parts), class_="briefing", lang=_lang(briefing))
    label = say("briefing.contents")
    listed = element(
        "nav", element("b", text(label)) + items(contents), class_="contents", aria_label=label
    )
    return element("div", page + listed, class_="briefing-frame")


def _lang(briefing: Briefing) -> str:
    return "de" if briefing.language == "de" else "en"


def _section(
    section: BriefingSection, briefing: Briefing, cited: Mapping[int, Citation], say: Say
) -> Iterator[str]:
    is_clash = section.kind == "disagreement"
    charts = dict(figure_charts(briefing)) if is_clash else {}
    for group in groups(section, briefing):
        if group.head:
            yield element("h4", text(group.head))
        yield items(
            (_point(point, briefing, cited, say) for point in group.points),
            class_="points clash" if is_clash else "points",
        )
        if group.head in charts:
            caption = element("figcaption", text(worded("figures", briefing.language)))
            yield element("figure", charts[group.head] + caption)
        if group.note:
            yield element("p", text(group.note), class_="note")


def _point(
    point: BriefingPoint, briefing: Briefing, cited: Mapping[int, Citation], say: Say
) -> str:
    label = element("b", text(point.label)) + " — " if point.label else ""
    who = element("span", text(attribution_line(point, briefing.language)), class_="who")
    return label + text(point.sentence.text) + _chips(point.sentence.citations, cited, say) + who


def _chips(markers: Sequence[int], cited: Mapping[int, Citation], say: Say) -> str:
    return "".join(
        opener(
            text(marker),
            cited[marker].article_id,
            cited[marker].start_char,
            cited[marker].end_char,
            class_="chip",
            aria_label=say(
                "briefing.quote_of", marker, source_label(cited[marker], language_of(say))
            ),
            title=short(cited[marker].quote, 220),
        )
        for marker in markers
        if marker in cited
    )


def _timeline(briefing: Briefing, cited: Mapping[int, Citation], say: Say) -> Iterator[str]:
    drawing = timeline_svg(briefing.timeline, briefing.language)
    if drawing:
        yield element("figure", drawing)
    yield items(
        (
            element("time", text(entry.shown), datetime=entry.date)
            + " — "
            + text(entry.sentence)
            + _chips(entry.citations, cited, say)
            for entry in briefing.timeline
        ),
        class_="points dated",
    )


def _matrix(briefing: Briefing, say: Say) -> str:
    outlets, rows = matrix(briefing)
    if len(outlets) < 2:
        return ""
    language = briefing.language
    head = element("th", text(worded("point", language)), scope="col") + "".join(
        element("th", text(short(outlet, 24)), scope="col") for outlet in outlets
    )
    dot = element("span", "●", role="img", aria_label=say("briefing.matrix_yes"))
    body = "".join(
        element(
            "tr",
            element("th", text(short(point, 90)), scope="row")
            + "".join(element("td", dot if is_there else "", class_="dot") for is_there in cells),
        )
        for point, cells in rows
    )
    table = element("table", element("thead", element("tr", head)) + element("tbody", body))
    name = worded("matrix", language)
    return element("h4", text(name)) + element(
        "div", table, class_="scroll", tabindex=0, role="group", aria_label=name
    )


def _sources(briefing: Briefing) -> str:
    language = briefing.language
    rows = []
    for each in briefing.sources:
        status = worded("used" if each.is_used else "not_used", language)
        reason = f": {each.reason}" if each.reason else ""
        day = format_date(each.published_at, language) or worded("undated", language)
        title = opener(text(named_title(each)), each.article_id, 0, 0, class_="title")
        cells = (
            text(named_outlet(each, language)),
            title,
            text(day),
            text(each.origin or ""),
            text(status + reason),
        )
        rows.append(element("tr", "".join(element("td", cell) for cell in cells)))
    names = ("outlet", "articles", "date", "origin", "status")
    head = "".join(element("th", text(worded(name, language)), scope="col") for name in names)
    table = element(
        "table", element("thead", element("tr", head)) + element("tbody", "".join(rows))
    )
    return _folded(
        worded("sources", language),
        element("div", table, class_="scroll", tabindex=0, role="group",
                aria_label=worded("sources", language)),
    )  # fmt: skip


def _method(briefing: Briefing) -> str:
    name = worded("method", briefing.language)
    return _folded(name, items(text(line) for line in briefing.method))


def _notes(briefing: Briefing) -> str:
    language = briefing.language
    rows = []
    for each in briefing.citations:
        quote = element("q", text(in_quotation_marks(each.quote, language)))
        address = link(each.url)
        rows.append(
            element(
                "li",
                f"{text(source_line(each, language))}: "
                + opener(quote, each.article_id, each.start_char, each.end_char, class_="quote")
                + (f" {address}" if address else ""),
                value=each.marker,
            )
        )
    return _folded(worded("notes", language), element("ol", "".join(rows), class_="notes"))


def _folded(name: str, content: str) -> str:
    return element("details", element("summary", text(name)) + content)


def verification_html(checked: Sequence[Checked], say: Say) -> str:
    """Whether an export holds; what does not, with the reason."""
    failed = [each for each in checked if each.problem is not None]
    if not failed:
        line = say("briefing.verified", len(checked))
        return element("div", text(line), class_="notice good", role="status")
    rows = (
        element("b", text(say(f"problem.{each.problem}")))
        + (f" ({text(each.detail)})" if each.detail else "")
        + ": "
        + text(short(each.text, 160))
        for each in failed[:_MOST_FAILURES]
    )
    line = say("briefing.not_verified", len(failed), len(checked))
    return element(
        "div",
        element("p", text(line)) + items(rows),
        class_="notice warning",
        role="status",
    )
