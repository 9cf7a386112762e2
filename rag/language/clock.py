"""Reads times of day: „19.15 Uhr“, „gegen 22 Uhr“, „um halb vier“, „Mitternacht“, „7 p.m.“."""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.language.lexicon import lexicon
from rag.language.words import Word, lower_at

_HOUR_MINUTE = re.compile(r"([01]?\d|2[0-4])[.:]([0-5]\d)$")
_HOUR = re.compile(r"(?:[01]?\d|2[0-4])$")
_ABOUT_MINUTES = 20
_HALF_DAY = 720
_BEFORE_BARE_HOUR = frozenset(["um", "gegen", "bis", "ab", "kurz", "seit", "at", "until"])


class ClockReading(NamedTuple):
    """Words ``[first, last)`` name the minutes from ``low`` to ``high`` of a day.

    ``is_12_hour``: morning or evening is left open („um halb vier“).
    """

    first: int
    last: int
    low: int
    high: int
    is_12_hour: bool


class _Hour(NamedTuple):
    minutes: int
    last: int
    is_12_hour: bool


def read_clock(found: tuple[Word, ...], index: int, tongue: str) -> ClockReading | None:
    """The time of day that starts at word ``index``, else ``None``."""
    fixed = lexicon("calendar")["fixed_hours"].get(found[index].lower)
    if fixed is not None:
        return _widened(found, index, _Hour(fixed[0], index + 1, False))
    for reader in (_german_range, _uhr, _spoken, _bare, _english):
        if reader is _english and tongue != "en":
            continue  # „um 7 am Montag“ is no „7 am“
        reading = reader(found, index)
        if isinstance(reading, ClockReading):
            return reading
        if reading is not None:
            return _widened(found, index, reading)
    return None


def _widened(found: tuple[Word, ...], index: int, hour: _Hour) -> ClockReading:
    """Applies „gegen“, „kurz vor“ and „kurz nach“, and „abends“ or „früh“ behind."""
    minutes, last, is_12_hour = _with_day_part(found, hour)
    before, before_that = lower_at(found, index - 1), lower_at(found, index - 2)
    low = high = minutes
    if before in lexicon("calendar")["clock_prefixes"]:
        low, high = minutes - _ABOUT_MINUTES, minutes + _ABOUT_MINUTES
    elif before_that in ("kurz", "shortly") and before in ("vor", "before"):
        low = minutes - _ABOUT_MINUTES
    elif before_that in ("kurz", "shortly") and before in ("nach", "after"):
        high = minutes + _ABOUT_MINUTES
    return ClockReading(index, last, low, high, is_12_hour)


def _with_day_part(found: tuple[Word, ...], hour: _Hour) -> _Hour:
    at = hour.last
    if lower_at(found, at) in ("am", "in"):
        at += 2 if lower_at(found, at + 1) in ("the", "der", "frühen", "späten") else 1
    part = lexicon("calendar")["day_part_adverbs"].get(lower_at(found, at))
    if part is None and at > hour.last:
        part = lexicon("calendar")["day_parts"].get(lower_at(found, at))
    if part is None or hour.minutes > _HALF_DAY:
        return hour
    minutes = hour.minutes
    is_late = part[0] >= 600 and not (part[1] > 1440 and minutes < 360)
    if is_late and minutes < _HALF_DAY:
        minutes += _HALF_DAY
    return _Hour(minutes, at + 1, False)


def _hour_word(word: str, names: str) -> int | None:
    hour: int | None = lexicon("calendar")[names].get(word)
    if hour is None and _HOUR.match(word):
        hour = int(word)
    return hour


def _uhr(found: tuple[Word, ...], index: int) -> _Hour | None:
    """„19.15 Uhr“, „19 Uhr 15“, „acht Uhr“."""
    if lower_at(found, index + 1) != "uhr":
        return None
    exact = _HOUR_MINUTE.match(found[index].text)
    if exact is not None:
        return _Hour(int(exact[1]) * 60 + int(exact[2]), index + 2, False)
    hour = _hour_word(found[index].lower, "hours_de")
    if hour is None:
        return None
    after = lower_at(found, index + 2)
    if len(after) == 2 and after.isdigit() and int(after) < 60:
        return _Hour(hour * 60 + int(after), index + 3, False)
    return _Hour(hour * 60, index + 2, found[index].is_word)


def _german_range(found: tuple[Word, ...], index: int) -> ClockReading | None:
    """„acht bis 20 Uhr“, „9.30–12 Uhr“."""
    joint = lower_at(found, index + 1)
    is_between = (lower_at(found, index - 1), joint) == ("zwischen", "und")
    if not (is_between or joint in ("bis", "-", "–")) or index + 3 >= len(found):
        return None
    end = _uhr(found, index + 2)
    if end is None:
        return None
    exact = _HOUR_MINUTE.match(found[index].text)
    hour = _hour_word(found[index].lower, "hours_de")
    if exact is None and hour is None:
        return None
    start = int(exact[1]) * 60 + int(exact[2]) if exact else (hour or 0) * 60
    return ClockReading(index, end.last, min(start, end.minutes), max(start, end.minutes), False)


def _spoken(found: tuple[Word, ...], index: int) -> _Hour | None:
    """„halb vier“, „Viertel nach drei“, „half past three“."""
    first, second = found[index].lower, lower_at(found, index + 1)
    if first == "halb" and (hour := lexicon("calendar")["hours_de"].get(second)):
        is_hour = _ends_phrase(found, index + 2)
        return _Hour(hour * 60 - 30, index + 2, True) if is_hour else None
    shift = {"viertel": 15, "quarter": 15, "half": 30}.get(first)
    side = {"nach": 1, "past": 1, "vor": -1, "to": -1}.get(second)
    if shift is None or side is None or (first == "half" and second != "past"):
        return None
    names = "hours_de" if first == "viertel" else "hours_en"
    hour = lexicon("calendar")[names].get(lower_at(found, index + 2))
    return None if hour is None else _Hour(hour * 60 + side * shift, index + 3, True)


def _bare(found: tuple[Word, ...], index: int) -> _Hour | None:
    """„Punkt acht“, „kurz nach zwölf“, „um neun“: an hour without „Uhr“."""
    hour = lexicon("calendar")["hours_de"].get(found[index].lower)
    if hour is None or found[index].lower in ("ein", "eins"):
        return None
    before, before_that = lower_at(found, index - 1), lower_at(found, index - 2)
    is_announced = before == "punkt" or (before in ("vor", "nach") and before_that == "kurz")
    after = lower_at(found, index + 1)
    if not is_announced and not (before == "um" and _stands_alone(found, index + 1)):
        return None
    if not _ends_phrase(found, index + 1) or after in ("jahre", "von"):
        return None
    return _Hour(hour * 60, index + 1, True)


def _stands_alone(found: tuple[Word, ...], index: int) -> bool:
    """„um neun.“, „um neun begann“; „um neun auf zwölf“ and „um neun weitere“ count."""
    if index >= len(found):
        return True
    word = found[index]
    return not word.is_word or word.lower.endswith(("t", "te", "ten"))


def _ends_phrase(found: tuple[Word, ...], index: int) -> bool:
    """Whether no noun follows, as in „halb drei Meter“."""
    return index >= len(found) or not found[index].is_capitalised


def _english(found: tuple[Word, ...], index: int) -> _Hour | None:
    """„7 p.m.“, „7:15 pm“, „at 19:15“, „three o'clock“."""
    word = found[index]
    exact = _HOUR_MINUTE.match(word.text)
    hour = int(exact[1]) if exact else _hour_word(word.lower, "hours_en")
    if hour is None:
        return None
    minutes = hour * 60 + (int(exact[2]) if exact else 0)
    half, last = _meridiem(found, index + 1)
    if half is not None:
        return _Hour(minutes % _HALF_DAY + half, last, False)
    if lower_at(found, index + 1) in ("o'clock", "o’clock"):
        return _Hour(minutes, index + 2, True)
    is_announced = lower_at(found, index - 1) in _BEFORE_BARE_HOUR
    if exact is not None and ":" in word.text and is_announced:
        return _Hour(minutes, index + 1, False)
    return None


def _meridiem(found: tuple[Word, ...], index: int) -> tuple[int | None, int]:
    """Minutes to add for „am“ or „pm“ at ``index``, and where it ends."""
    mark = lower_at(found, index)
    if mark in ("am", "pm"):
        return (0 if mark == "am" else _HALF_DAY), index + 1
    rest = [lower_at(found, index + offset) for offset in range(3)]
    if mark in ("a", "p") and rest[1:] == [".", "m"]:
        last = index + 4 if lower_at(found, index + 3) == "." else index + 3
        return (0 if mark == "a" else _HALF_DAY), last
    return None, index
