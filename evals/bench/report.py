"""The figures of a run beside those of the committed one: lines of text, and a page with bars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from evals.page.markup import element, table, text

_LESS_IS_BETTER = {"s", "ms", "MB"}
_NOTICED = 0.15
"""A median that moved by less is not spoken of: so much it moves from run to run."""
_BAR = 320
_CHART = 520
_HEIGHT = 220


def flat(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every figure with its place in the result."""
    if isinstance(part, Mapping):
        if {"minimum", "median", "maximum", "unit"} <= set(part):
            yield path, dict(part)
            return
        for key, value in part.items():
            yield from flat(value, (*path, str(key)))


def compared(result: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """A line for every figure that is clearly better or worse than in the committed run."""
    if before is None:
        return ["There is no committed run to compare with."]
    old = dict(flat(before["parts"]))
    lines = []
    for path, now in flat(result["parts"]):
        then = old.get(path)
        if then and (said := _change(now, then)):
            lines.append(f"{' / '.join(path)}: {said}")
    return lines or ["No figure moved beyond its spread since the committed run."]


def _change(now: Mapping[str, Any], then: Mapping[str, Any]) -> str | None:
    """Beyond the spread of both, and by more than what is noticed; else nothing."""
    if not then["median"] or now["unit"] != then["unit"]:
        return None
    ratio = now["median"] / then["median"]
    overlaps = now["minimum"] <= then["maximum"] and then["minimum"] <= now["maximum"]
    if overlaps or abs(ratio - 1) < _NOTICED:
        return None
    is_better = (ratio < 1) == (now["unit"] in _LESS_IS_BETTER)
    word = "better" if is_better else "worse"
    return f"{then['median']:g} → {now['median']:g} {now['unit']} ({word})"


def write_page(path: Path, result: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    """One HTML file with nothing from elsewhere."""
    style = (files("evals.page") / "page.css").read_text(encoding="utf-8")
    about = result["machine"]
    head = " · ".join(
        f"{key} {about[key]}" for key in ("cpu", "cores", "memory_gb", "load_average", "python")
    )
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    old = dict(flat(before["parts"])) if before else {}
    body = "".join(_part(name, part, old) for name, part in result["parts"].items())
    changes = "".join(element("li", text(line)) for line in compared(result, before))
    path.write_text(
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\"><title>Gegenlese: speed</title>"
        f"<style>{style}</style></head><body><h1>Gegenlese: speed</h1>"
        f"<p class=dim>{text(head)}<br>{text(versions)}</p>"
        f"<h2>Since the committed run</h2><ul>{changes}</ul>{body}</body></html>\n",
        encoding="utf-8",
    )


def _part(name: str, part: Mapping[str, Any], old: Mapping[tuple[str, ...], Any]) -> str:
    if "failed" in part:
        return f"<h2>{text(name)}</h2>" + element(
            "p", "failed: " + text(part["failed"]), class_="bad"
        )
    figures = [((name, *path), figure) for path, figure in flat(part)]
    most = {
        unit: max((f["maximum"] for _, f in figures if f["unit"] == unit), default=1.0) or 1.0
        for unit in {f["unit"] for _, f in figures}
    }
    rows = [
        (
            text(" / ".join(path[1:])),
            _bar(figure, most[figure["unit"]]),
            text(f"{figure['minimum']:g} – {figure['median']:g} – {figure['maximum']:g}"),
            text(figure["unit"]),
            text(f"{old[path]['median']:g}" if path in old else "–"),
        )
        for path, figure in figures
    ]
    head = ("", "", "min – median – max", "unit", "committed")
    return f"<h2>{text(name)}</h2>" + growth_chart(part) + table(head, rows, numbers_from=2)


def growth_chart(part: Mapping[str, Any]) -> str:
    """How a question's time grows with the store; nothing unless two sizes or more were asked."""
    sizes = sorted(int(key) for key, one in part.items() if key.isdigit() and "new articles" in one)
    if len(sizes) < 2:
        return ""
    series: dict[str, list[float]] = {}
    for turn in ("new articles", "known ones"):
        asked = [part[str(size)][turn] for size in sizes]
        series[f"{turn}, median"] = [float(one["stages"]["total"]["median"]) for one in asked]
        series[f"{turn}, 95 %"] = [float(one["p95_ms"]["total"]) for one in asked]
    top = max(max(values) for values in series.values()) or 1.0
    # Sizes by their logarithm: each step of the axis is ten times the store.
    low, high = math.log(sizes[0]), math.log(sizes[-1])
    xs = [round(60 + _CHART * (math.log(size) - low) / (high - low)) for size in sizes]
    drawn = []
    for place, (label, values) in enumerate(series.items()):
        points = [
            (x, round(_HEIGHT - (_HEIGHT - 30) * value / top, 1))
            for x, value in zip(xs, values, strict=True)
        ]
        dash = ' stroke-dasharray="4 3"' if place % 2 else ""
        way = " ".join(f"{x},{y}" for x, y in points)
        drawn.append(
            f'<polyline points="{way}" fill="none" stroke="currentColor"{dash} '
            f'opacity="{1 if place < 2 else 0.5}"/>'
            f'<text x="{xs[-1] + 8}" y="{points[-1][1] + 4}">{text(label)} '
            f"{values[-1]:.0f} ms</text>"
        )
    ticks = "".join(
        f'<text class="dim" x="{x}" y="{_HEIGHT + 18}" text-anchor="middle">{size:,}</text>'
        for x, size in zip(xs, sizes, strict=True)
    )
    title = "Milliseconds a question, by chunks in the store"
    return (
        f'<svg viewBox="0 0 {_CHART + 320} {_HEIGHT + 30}" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<line class="axis" x1="60" x2="{60 + _CHART}" y1="{_HEIGHT}" y2="{_HEIGHT}"/>'
        f'<text class="dim" x="52" y="34" text-anchor="end">{top:.0f}</text>{ticks}'
        f"{''.join(drawn)}</svg>"
    )


def _bar(figure: Mapping[str, Any], most: float) -> str:
    """The median as a bar, the spread as a line over it; all of one unit on one scale."""
    low, middle, high = (
        round(_BAR * figure[key] / most, 1) for key in ("minimum", "median", "maximum")
    )
    return (
        f'<svg viewBox="0 0 {_BAR} 14" width="{_BAR}" height="14" role="img" '
        f'aria-label="{text(figure["median"])}">'
        f'<rect class="ours" x="0" y="3" width="{middle}" height="8" fill="currentColor" '
        f'opacity="0.45"/><line x1="{low}" x2="{high}" y1="7" y2="7" stroke="currentColor"/></svg>'
    )
