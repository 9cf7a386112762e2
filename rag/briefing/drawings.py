"""Pictures of a briefing as inline SVG: its timeline, and figures that differ with their ranges."""

from __future__ import annotations

import math
from datetime import date
from html import escape

from rag.briefing.layout import short
from rag.briefing.texts import say
from rag.language.quantities import quantities
from rag.language.typography import source_label
from rag.types import Briefing, Disagreement, Language, TimelineEntry

_WIDTH, _ROW, _LABEL = 500, 26, 210
_RIGHT = 24
_LABEL_CHARS = 26
"""Narrow, so that a phone shows all of a picture in letters that can be read."""


def timeline_svg(entries: tuple[TimelineEntry, ...], language: Language) -> str:
    """A row for each date; what is not exact to the day is a bar as long as it may be."""
    dated = list({(each.date, each.end): each for each in entries}.values())
    if len(dated) < 2:
        return ""
    days = [(date.fromisoformat(e.date).toordinal(), date.fromisoformat(e.end)) for e in dated]
    # Steps by rank, not by distance: years of history would press the days of the event together.
    edges = sorted({day for day, _ in days} | {end.toordinal() for _, end in days})
    place = {day: _LABEL + (_WIDTH - _LABEL - _RIGHT) * i / max(1, len(edges) - 1)
             for i, day in enumerate(edges)}  # fmt: skip
    rows = []
    for index, (entry, (day, end)) in enumerate(zip(dated, days, strict=True)):
        y = 20 + index * _ROW
        x, width = place[day], max(0.0, place[end.toordinal()] - place[day])
        rows.append(f'<line class="axis" x1="{_LABEL}" x2="{_WIDTH}" y1="{y}" y2="{y}"/>')
        rows.append(f'<text x="0" y="{y + 4}">{escape(short(entry.shown, _LABEL_CHARS))}</text>')
        if width:
            rows.append(
                f'<rect class="mark" x="{x:.1f}" y="{y - 4}" width="{width:.1f}" '
                'height="8" rx="4"/>'
            )
        else:
            rows.append(f'<circle class="mark" cx="{x:.1f}" cy="{y}" r="5"/>')
    height = 20 + len(dated) * _ROW
    label = f"{say('timeline', language)}: {len(dated)}"
    return _svg(rows, height, label)


def figures_svg(found: Disagreement, language: Language) -> str:
    """The figures of one disagreement on one scale; open ends fade out as an arrow."""
    rows = []
    for position in found.positions:
        quantity = next(iter(quantities(position.value, language)), None)
        if quantity is None:
            return ""
        who = ", ".join(dict.fromkeys(source_label(c, language) for c in position.claims))
        rows.append((f"{position.value} ({who})", quantity.low, quantity.value, quantity.high))
    tops = [value if math.isinf(high) else high for _, _, value, high in rows]
    top = max(tops) * 1.15
    if len(rows) < 2 or top <= 0:
        return ""
    scale = (_WIDTH - _LABEL - _RIGHT) / top
    parts = []
    for index, (label, low, value, high) in enumerate(rows):
        y = 20 + index * _ROW
        x1 = _LABEL + max(0.0, 0.0 if math.isinf(low) else low) * scale
        x2 = _WIDTH - _RIGHT if math.isinf(high) else _LABEL + high * scale
        parts += [
            f'<text x="0" y="{y + 4}">{escape(short(label, _LABEL_CHARS))}</text>',
            f'<line class="axis" x1="{_LABEL}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>',
            f'<rect class="mark" x="{x1:.1f}" y="{y - 3}" width="{max(2.0, x2 - x1):.1f}"'
            f' height="6" opacity=".45"/>',
            f'<circle class="mark" cx="{_LABEL + value * scale:.1f}" cy="{y}" r="5"/>',
        ]
    return _svg(parts, 20 + len(rows) * _ROW, found.aspect)


def figure_charts(briefing: Briefing) -> list[tuple[str, str]]:
    """Aspect and picture of each disagreement on a figure."""
    wanted = [d for d in briefing.disagreements if d.kind in ("number", "duration")]
    drawn = [(each.aspect, figures_svg(each, briefing.language)) for each in wanted]
    return [(aspect, svg) for aspect, svg in drawn if svg]


def _svg(parts: list[str], height: int, label: str) -> str:
    head = (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label, quote=True)}">'
    )
    return head + "".join(parts) + "</svg>"
