"""Charts drawn as SVG in the page: a figure, its interval, the others beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.page.markup import text
from evals.uncertainty import Estimate

_ROW = 24
_LEFT = 320
_WIDTH = 760
_RIGHT = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row: our figure with interval, and the others' values as (class, name, value)."""

    label: str
    ours: Estimate
    others: tuple[tuple[str, str, float], ...] = ()
    note: str = ""


def shares_chart(title: str, bars: Sequence[Bar]) -> str:
    """Rows from 0 to 1; nothing without rows."""
    if not bars:
        return ""
    height = 30 + _ROW * len(bars)
    grid = "".join(_grid_line(tick / 4, height) for tick in range(5))
    rows = "".join(_row(bar, 30 + _ROW * place) for place, bar in enumerate(bars))
    return (
        f'<svg viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" role="img" '
        f'aria-label="{text(title)}"><title>{text(title)}</title>{grid}{rows}</svg>'
    )


def _x(value: float) -> float:
    return round(_LEFT + _WIDTH * min(1.0, max(0.0, value)), 1)


def _grid_line(value: float, height: int) -> str:
    x = _x(value)
    return (
        f'<line class="axis" x1="{x}" x2="{x}" y1="18" y2="{height}"/>'
        f'<text class="dim" x="{x}" y="12" text-anchor="middle">{value:g}</text>'
    )


def _row(bar: Bar, y: int) -> str:
    middle = y + _ROW // 2 - 4
    parts = [
        f'<text x="{_LEFT - 10}" y="{middle + 4}" text-anchor="end">{text(bar.label)}'
        f'<tspan class="dim">{text(bar.note)}</tspan></text>'
    ]
    if bar.ours.value is not None and bar.ours.low is not None and bar.ours.high is not None:
        parts.append(
            f'<line class="ours" stroke-width="2" x1="{_x(bar.ours.low)}" '
            f'x2="{_x(bar.ours.high)}" y1="{middle}" y2="{middle}"/>'
            f'<circle class="ours" cx="{_x(bar.ours.value)}" cy="{middle}" r="5">'
            f"<title>{bar.ours.value:.3f} (n {bar.ours.n})</title></circle>"
            f'<text x="{_LEFT + _WIDTH + 12}" y="{middle + 4}">{bar.ours.value:.3f}</text>'
        )
    for kind, name, value in bar.others:
        cross = f"M{_x(value) - 4} {middle - 5}l8 10m0 -10l-8 10"
        parts.append(
            f'<path class="{text(kind)}" stroke-width="2" d="{cross}">'
            f"<title>{text(name)}: {value:.3f}</title></path>"
        )
    return "".join(parts)
