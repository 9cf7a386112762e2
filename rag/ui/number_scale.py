"""Differing figures as ranges on one scale, drawn as SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.language.quantities import quantities
from rag.language.quantity_values import Quantity
from rag.language.typography import format_count
from rag.types import Disagreement, Language
from rag.ui.markup import element, text

_WIDTH, _LEFT, _RIGHT, _ROW = 320, 12, 24, 30


@dataclass(frozen=True, slots=True)
class Range:
    """What one side says: ``low``..``high``, one of them infinite where it is open."""

    label: str
    low: float
    high: float

    @property
    def ends(self) -> tuple[float, ...]:
        """Its finite ends."""
        return tuple(end for end in (self.low, self.high) if math.isfinite(end))


def ranges(found: Disagreement, language: Language) -> tuple[Range, ...]:
    """A range for each position; none at all where one is no figure or the units differ."""
    measured = [_quantity(position.value, language) for position in found.positions]
    known = [quantity for quantity in measured if quantity is not None]
    if len(known) < len(measured) or len({quantity.unit for quantity in known}) != 1:
        return ()
    return tuple(
        Range(position.value, quantity.low, quantity.high)
        for position, quantity in zip(found.positions, known, strict=True)
    )


def _quantity(value: str, language: Language) -> Quantity | None:
    """The figure of a side; its hedge may be in the language of the source."""
    other: Language = "de" if language == "en" else "en"
    found = [q for tongue in (language, other) for q in quantities(value, tongue)[:1]]
    hedged = [quantity for quantity in found if quantity.hedge != "exact"]
    chosen = (hedged or found)[:1]
    return chosen[0] if chosen and chosen[0].score is None else None


def scale_svg(sides: Sequence[Range], language: Language, label: str) -> str:
    """The drawing; nothing where there is nothing to tell apart."""
    ends = [end for side in sides for end in side.ends]
    if len(sides) < 2 or not ends or min(ends) == max(ends):
        return ""
    low, high = min(ends), max(ends)
    room = (high - low) * 0.12
    start = max(low - room, 0.0) if low >= 0 else low - room
    stop = high + room

    def at(value: float) -> float:
        return _LEFT + (value - start) / (stop - start) * (_WIDTH - _LEFT - _RIGHT)

    rows = [_row(side, place, at) for place, side in enumerate(sides)]
    bottom = len(sides) * _ROW + 6
    axis = (
        f'<line class="axis" x1="{_LEFT}" y1="{bottom}" x2="{_WIDTH - 8}" y2="{bottom}"/>'
        + _tick(at(low), bottom, low, language, "start")
        + _tick(at(high), bottom, high, language, "end")
    )
    return element(
        "svg",
        "".join(rows) + axis,
        viewBox=f"0 0 {_WIDTH} {bottom + 20}",
        role="img",
        aria_label=label,
        class_="scale",
    )


def _row(side: Range, place: int, at: Callable[[float], float]) -> str:
    y = place * _ROW + 22
    left = at(side.low) if math.isfinite(side.low) else float(_LEFT)
    right = at(side.high) if math.isfinite(side.high) else float(_WIDTH - 10)
    kind = f"side-{place % 4}"
    # The label stands at its figure, on the side where there is room.
    is_late = left > _WIDTH / 2
    edge, anchor = (right + 5, "end") if is_late else (left - 5, "start")
    drawn = (
        f'<text x="{edge:.1f}" y="{y - 9}" text-anchor="{anchor}">{text(_short(side.label))}</text>'
    )
    if right - left < 1:
        return drawn + f'<circle class="{kind}" cx="{left:.1f}" cy="{y}" r="5"/>'
    drawn += f'<line class="{kind}" x1="{left:.1f}" y1="{y}" x2="{right:.1f}" y2="{y}"/>'
    if math.isfinite(side.low):
        drawn += f'<circle class="{kind}" cx="{left:.1f}" cy="{y}" r="4"/>'
    if math.isfinite(side.high):
        drawn += f'<circle class="{kind}" cx="{right:.1f}" cy="{y}" r="4"/>'
    else:
        drawn += (
            f'<path class="{kind}" d="M{right - 7:.1f} {y - 5} L{right:.1f} {y} '
            f'L{right - 7:.1f} {y + 5}"/>'
        )
    return drawn


def _tick(x: float, y: float, value: float, language: Language, anchor: str) -> str:
    return (
        f'<line class="axis" x1="{x:.1f}" y1="{y - 3}" x2="{x:.1f}" y2="{y + 3}"/>'
        f'<text class="tick" x="{x:.1f}" y="{y + 16}" text-anchor="{anchor}">'
        f"{text(_figure(value, language))}</text>"
    )


def _figure(value: float, language: Language) -> str:
    if value == int(value):
        return format_count(int(value), language)
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return written.replace(".", ",") if language == "de" else written


def _short(label: str) -> str:
    return label if len(label) <= 44 else label[:43].rsplit(" ", 1)[0] + " …"
