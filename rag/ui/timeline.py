"""When the articles of a collection appeared: a bar chart as inline SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from rag.language.typography import format_date
from rag.ui.markup import element, text
from rag.ui.texts import Say, UiLanguage

Step = Literal["day", "week", "month", "year"]
MOST_BARS = 60
_WIDTH, _HEIGHT, _BASE, _TOP = 720, 150, 118, 18
_STEPS: tuple[Step, ...] = ("day", "week", "month", "year")


def timeline_html(days: Iterable[str | None], say: Say, language: UiLanguage) -> str:
    """The chart of ISO days; empty with fewer than two different ones."""
    known = sorted(found for day in days if day and (found := _day(day)))
    if len(set(known)) < 2:
        return ""
    step = _step(known[0], known[-1])
    counts = Counter(_begin(day, step) for day in known)
    places = list(_places(known[0], known[-1], step))
    most = max(counts.values())
    pitch = _WIDTH / len(places)
    bars = "".join(
        _bar(index * pitch, pitch, counts[place], most, _label(place, step, language), say)
        for index, place in enumerate(places)
        if counts[place]
    )
    axis = f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_BASE}" y2="{_BASE}"/>'
    first, last = (_label(place, step, language) for place in (places[0], places[-1]))
    ends = (
        f'<text x="0" y="{_BASE + 20}">{text(first)}</text>'
        f'<text x="{_WIDTH}" y="{_BASE + 20}" text-anchor="end">{text(last)}</text>'
    )
    title = say("collection.timeline", say(f"collection.{step}"))
    drawing = element(
        "svg",
        element("title", text(title)) + axis + bars + ends,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"{title}: {first} – {last}",
    )
    return element("figure", element("figcaption", text(title)) + drawing, class_="timeline")


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _step(first: date, last: date) -> Step:
    """The finest step with which the chart has not too many bars."""
    for step in _STEPS[:-1]:
        if sum(1 for _ in _places(first, last, step)) <= MOST_BARS:
            return step
    return "year"


def _begin(day: date, step: Step) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    if step == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if step == "year" else day


def _places(first: date, last: date, step: Step) -> Iterator[date]:
    place = _begin(first, step)
    while place <= last:
        yield place
        if step == "day":
            place += timedelta(days=1)
        elif step == "week":
            place += timedelta(days=7)
        elif step == "month":
            place = (place + timedelta(days=31)).replace(day=1)
        else:
            place = place.replace(year=place.year + 1)


def _bar(x: float, pitch: float, count: int, most: int, label: str, say: Say) -> str:
    height = max(3.0, (_BASE - _TOP) * count / most)
    width = min(28.0, max(2.0, pitch * 0.78))
    left = x + (pitch - width) / 2
    name = element("title", text(say("collection.bar", label, count)))
    figure = (
        f'<text x="{left + width / 2:.1f}" y="{_BASE - height - 5:.1f}" text-anchor="middle"'
        f' class="count">{count}</text>'
        if pitch >= 16 or count == most
        else ""
    )
    return (
        f'<g><rect class="mark" x="{left:.1f}" y="{_BASE - height:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" rx="1.5">{name}</rect>{figure}</g>'
    )


def _label(place: date, step: Step, language: UiLanguage) -> str:
    whole = format_date(place.isoformat(), language)
    if step == "year":
        return str(place.year)
    return whole.split(" ", 1)[1] if step == "month" else whole
