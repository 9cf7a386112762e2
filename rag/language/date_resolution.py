"""Turns what a text says of a date into a day interval, with the publication date where needed."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal, NamedTuple

from rag.language.lexicon import lexicon

Direction = Literal["past", "future"]
_SEASON_MONTHS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}


class Days(NamedTuple):
    """The days from ``start`` to ``end``, both inclusive."""

    start: date
    end: date


def parse_published(published_at: str | None) -> date | None:
    """The day of an ISO 8601 publication date, ``None`` where there is none."""
    try:
        return date.fromisoformat((published_at or "")[:10])
    except ValueError:
        return None


def safe_date(year: int, month: int, day: int) -> date | None:
    """That day, ``None`` where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_day(
    month: int, day: int, published: date | None, *, is_ahead: bool = False
) -> date | None:
    """„3. September“ without a year: the one nearest to the publication, or the next one."""
    if published is None:
        return None
    candidates = [
        found
        for year in (published.year - 1, published.year, published.year + 1)
        if (found := safe_date(year, month, day)) is not None
        and not (is_ahead and found < published)
    ]
    return min(candidates, key=lambda found: abs((found - published).days), default=None)


def nearest_year(month: int, published: date | None, *, is_ahead: bool = False) -> int | None:
    """The year of „im September“: the one whose September is nearest to the publication.

    Of „bis September“ the next one.
    """
    middle = nearest_day(month, 28 if is_ahead else 15, published, is_ahead=is_ahead)
    return None if middle is None else middle.year


def month_days(year: int, month: int) -> Days:
    """All days of a month."""
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def year_days(year: int) -> Days:
    """All days of a year."""
    return Days(date(year, 1, 1), date(year, 12, 31))


def season_days(year: int, season: str) -> Days:
    """The three months of a season; a winter begins in December of its year."""
    first, last = _SEASON_MONTHS[season]
    return Days(date(year, first, 1), month_days(year + (1 if last < first else 0), last).end)


def nearest_season_year(season: str, published: date | None) -> int | None:
    """The year of „im Herbst“: the one whose season is nearest to the publication."""
    if published is None:
        return None
    return min(
        (published.year - 1, published.year, published.year + 1),
        key=lambda year: _distance(season_days(year, season), published),
    )


def _distance(days: Days, published: date) -> int:
    if days.start <= published <= days.end:
        return 0
    return min(abs((days.start - published).days), abs((days.end - published).days))


def part_of(days: Days, part: str) -> Days:
    """The first, middle or last third of an interval („Anfang“, „Mitte“, „Ende“)."""
    if part == "turn":
        return Days(date(days.end.year, 12, 31), date(days.end.year + 1, 1, 1))
    third = timedelta(days=((days.end - days.start).days + 1) // 3)
    if part == "start":
        return Days(days.start, days.start + third)
    if part == "end":
        return Days(days.end - third, days.end)
    return Days(days.start + third, days.end - third)


def weekday_date(weekday: int, published: date | None, direction: Direction) -> date | None:
    """The last or next such weekday; the day of publication counts as both."""
    if published is None:
        return None
    if direction == "past":
        return published - timedelta(days=(published.weekday() - weekday) % 7)
    return published + timedelta(days=(weekday - published.weekday()) % 7)


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876)."""
    century, rest = divmod(year, 100)
    lunar = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - lunar - rest % 4) % 7
    shift = (year % 19 + 11 * lunar + 22 * weekday) // 451
    month, day = divmod(lunar + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def fourth_advent(year: int) -> date:
    """The last Sunday before Christmas Day."""
    eve = date(year, 12, 24)
    return eve - timedelta(days=(eve.weekday() + 1) % 7)


def weekday_of_month(year: int, month: int, weekday: int, count: int) -> date | None:
    """The ``count``-th such weekday of a month; the last one for -1."""
    days = month_days(year, month)
    if count < 0:
        return days.end - timedelta(days=(days.end.weekday() - weekday) % 7)
    first = days.start + timedelta(days=(weekday - days.start.weekday()) % 7)
    found = first + timedelta(days=7 * (count - 1))
    return found if found <= days.end else None


def feast_days(name: str, year: int) -> Days | None:
    """The days of a feast by its lower-case name."""
    lists = lexicon("calendar")
    fixed = lists["fixed_feasts"].get(name) or lists["feast_phrases"].get(name)
    if fixed is not None:
        return Days(date(year, fixed[0], fixed[1]), date(year, fixed[2], fixed[3]))
    if name in lists["easter_feasts"]:
        first, last = lists["easter_feasts"][name]
        sunday = easter_sunday(year)
        return Days(sunday + timedelta(days=first), sunday + timedelta(days=last))
    if name in lists["advent_feasts"]:
        first, last = lists["advent_feasts"][name]
        sunday = fourth_advent(year)
        return Days(sunday + timedelta(days=first), sunday + timedelta(days=last))
    if name in lists["sunday_feasts"]:
        month, count = lists["sunday_feasts"][name]
        first_day = date(year, month, 1)
        sunday = first_day + timedelta(days=(6 - first_day.weekday()) % 7 + 7 * (count - 1))
        return Days(sunday, sunday)
    return None


def nearest_feast(name: str, published: date | None, *, is_ahead: bool = False) -> Days | None:
    """A feast without a year: the one nearest to the publication, or the next one."""
    if published is None:
        return None
    candidates = [
        days
        for year in (published.year - 1, published.year, published.year + 1)
        if (days := feast_days(name, year)) is not None and not (is_ahead and days.end < published)
    ]
    return min(candidates, key=lambda days: _distance(days, published), default=None)


def ago_days(amount: float, unit: str, published: date | None, sign: int = -1) -> Days | None:
    """„vor zwei Jahren“ (``sign`` -1) or „in drei Tagen“ (+1), as exact as the unit is."""
    if published is None:
        return None
    if unit in ("hour", "day"):
        days = int(amount) if unit == "day" else 0
        exact = published + timedelta(days=sign * days)
        return Days(exact, exact)
    if unit == "week":
        middle = published + timedelta(days=int(sign * 7 * amount))
        return Days(middle - timedelta(days=4), middle + timedelta(days=4))
    months = sign * int(amount * {"month": 1, "year": 12, "decade": 120}[unit])
    year, month = divmod(published.year * 12 + published.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        return None
    return month_days(year, month + 1) if unit == "month" else year_days(year)
