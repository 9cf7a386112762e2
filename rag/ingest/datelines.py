"""Dates that stand by themselves in the head: on a line of their own, or glued to the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan",
            "februar february feb febr",
            "märz march mrz mar",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_OF_WEEK = (
    r"(?:(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|"
    r"Sonntag|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
DATE = (
    rf"(?:{_DAY_OF_WEEK},? (?:den |dem )?)?(?:"
    rf"(?P<day>\d{{1,2}})\.? (?P<month>(?i:{_MONTH}))\.? (?P<year>(?:19|20)\d\d)"
    rf"|(?P<month_en>(?i:{_MONTH}))\.? (?P<day_en>\d{{1,2}}),? (?P<year_en>(?:19|20)\d\d)"
    r"|(?P<day_n>\d{1,2})\.\s?(?P<month_n>\d{1,2})\.\s?(?P<year_n>(?:19|20)\d\d|\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?=\D|$)"
    r")"
)
_TIME = (
    r"(?:,? ?(?:[|–—•·-] ?|um |at |T)?(?P<time>\d{1,2}[:.]\d\d(?: ?Uhr)?|\d{1,2} Uhr)"
    r"(?: ?(?:MESZ|MEZ|CET|CEST|GMT|UTC))?)?"
)
_DATE_LABEL = (
    r"(?i:(?P<label>stand|veröffentlicht|erschienen|erstellt|publiziert|datum|date|published|posted|"
    r"(?:zuletzt |last )?(?:aktualisiert|geändert|updated|modified))(?: am| on)?\s?:? ?)?"
)
_DATE_LINE = re.compile(rf"(?:\(|\[)?{_DATE_LABEL}{DATE}{_TIME}(?:\)|\])?[ |–—•·,-]*")
# "3. September 2025"Die …": glued to the text, or set off by a dash or a bar.
_DATE_BEFORE_TEXT = re.compile(
    rf"{DATE}{_TIME}(?:(?=[\"„“»A-ZÄÖÜ])| ?[|–—:] |(?= [\"„“»][A-ZÄÖÜ]))"
)
_UPDATE = re.compile("(?:zuletzt |last )?(?:stand|aktual|geänd|updat|modif)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeadDate:
    """A date found in the head: the day, what was read as it, and what is left of the line."""

    day: str
    is_update: bool
    read: str
    rest: str


def head_date(line: str) -> HeadDate | None:
    """The date that a line is, or that stands before its text."""
    match = _DATE_LINE.fullmatch(line)
    if match and (day := iso_day(match)):
        is_update = bool(_UPDATE.match(match["label"] or ""))
        return HeadDate(day, is_update, line, "")
    match = _DATE_BEFORE_TEXT.match(line)
    if match and (day := iso_day(match)):
        return HeadDate(day, False, match.group().strip(), line[match.end() :].strip())
    return None


def iso_day(match: re.Match[str]) -> str | None:
    """The day of a match of ``DATE``; ``None`` when there is none or it does not exist."""
    groups = match.groupdict()
    if groups.get("iso"):
        return _day(*groups["iso"].split("-"))
    for suffix in ("", "_en", "_n"):
        year, month, day = (groups.get(part + suffix) for part in ("year", "month", "day"))
        if year and month and day:
            return _day(year if len(year) == 4 else f"20{year}", month, day)
    return None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), _MONTHS.get(month.lower()) or int(month), int(day)).isoformat()
    except ValueError:
        return None
