"""Reads parts of months, decades, centuries and eras: „zweiter Sonntag im Juli“, „Barockzeit“."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from rag.language.date_reading import Reading, Sentence, year_at
from rag.language.date_resolution import (
    Days,
    fourth_advent,
    month_days,
    nearest_feast,
    nearest_year,
    weekday_of_month,
)
from rag.language.lexicon import lexicon, phrases
from rag.language.number_words import ordinal_word
from rag.language.words import sequence_at

_LAST = ("letzten", "letzter", "letzte", "letztes", "last")
_MOST_SUNDAYS = 4
_CENTURY = ("jahrhundert", "jahrhunderts", "century")
_BEFORE_CHRIST = ("vor", "v", "bc", "bce")
_OF_MONTH = ("im", "in", "des", "vom", "of")
_BEFORE_DECADE = frozenset({"den", "der", "ende", "anfang", "mitte", "späten", "frühen"})


@lru_cache(maxsize=65536)
def starts_period(word: str) -> bool:
    """Whether a decade or an era can start with this word."""
    firsts = (phrase[0] for phrase in phrases("calendar", "era_phrases"))
    return word.startswith(tuple(lexicon("calendar")["decades"])) or word in firsts


def read_part_of_month(sentence: Sentence, index: int) -> Reading | None:
    """„zweiten Sonntag im September“, „letzten Septembersonntag“, „zweiten Junihälfte“."""
    count = _count(sentence, index)
    if count is None:
        return None
    unit, month = _month_compound(sentence.lower(index + 1))
    last = index + 2
    if month is None and unit is not None and sentence.lower(last) in _OF_MONTH:
        month = lexicon("calendar")["months"].get(sentence.lower(last + 1))
        last += 2
    if month is None or unit is None:
        return None
    year = year_at(sentence, last)
    near = year or nearest_year(month, sentence.published)
    if near is None:
        return None
    days = _days_of(unit, near, month, count)
    if days is None:
        return None
    last = last + 1 if year else last
    if days.start == days.end:
        return Reading(last, "day", days, year is not None, days.start.day, month, near,
                       weekday=days.start.weekday())  # fmt: skip
    return Reading(last, "month", days, year is not None, month=month, year=near)


def _count(sentence: Sentence, index: int) -> int | None:
    """1 for „ersten“, -1 for „letzten“."""
    word = sentence.lower(index)
    if word in _LAST:
        return -1
    value = ordinal_word(word, "en" if sentence.tongue == "en" else "de")
    return int(value) if value and value <= _MOST_SUNDAYS + 1 else None


@lru_cache(maxsize=8192)
def _month_compound(word: str) -> tuple[str | int | None, int | None]:
    """The unit (a weekday by its number) and the month of „Septembersonntag“."""
    lists = lexicon("calendar")
    unit = _unit(word)
    if unit is not None:
        return unit, None
    for name, month in lists["months"].items():
        if word.startswith(name) and (unit := _unit(word.removeprefix(name))) is not None:
            return unit, month
    return None, None


def _unit(word: str) -> str | int | None:
    weekday: int | None = lexicon("calendar")["weekdays"].get(word)
    if weekday is not None and not word.endswith("s"):
        return weekday
    return word if word in ("woche", "wochenende", "hälfte") else None


def _days_of(unit: str | int, year: int, month: int, count: int) -> Days | None:
    whole = month_days(year, month)
    if isinstance(unit, int):
        day = weekday_of_month(year, month, unit, count)
        return Days(day, day) if day else None
    if unit == "wochenende":
        saturday = weekday_of_month(year, month, 5, count)
        return Days(saturday, saturday + timedelta(days=1)) if saturday else None
    if unit == "hälfte":
        middle = whole.start.replace(day=15)
        return Days(whole.start, middle) if count == 1 else Days(middle, whole.end)
    if count < 0:
        return Days(whole.end - timedelta(days=8), whole.end)
    start = whole.start + timedelta(days=7 * (count - 1))
    return Days(
        start - timedelta(days=2 if count > 1 else 0), min(whole.end, start + timedelta(days=8))
    )


def read_advent(sentence: Sentence, index: int) -> Reading | None:
    """„am zweiten Advent“: weeks before Christmas."""
    value = ordinal_word(sentence.lower(index), "de")
    noun = sentence.lower(index + 1)
    if (
        not value
        or value > _MOST_SUNDAYS
        or noun not in ("advent", "adventssonntag", "adventswochenende")
    ):
        return None
    near = nearest_feast("advent", sentence.published)
    year = year_at(sentence, index + 2)
    if year is None and near is None:
        return None
    sunday = fourth_advent(year or (near.start.year if near else 1)) - timedelta(
        days=7 * (_MOST_SUNDAYS - int(value))
    )
    start = sunday - timedelta(days=1) if noun.endswith("wochenende") else sunday
    last = index + 3 if year else index + 2
    if start == sunday:
        return Reading(last, "day", Days(sunday, sunday), year is not None, sunday.day,
                       sunday.month, sunday.year, weekday=6)  # fmt: skip
    return Reading(last, "day", Days(start, sunday), year is not None)


def read_century(sentence: Sentence, index: int) -> Reading | None:
    """„13. Jahrhundert“, „dreizehnten Jahrhunderts“, „18th century“."""
    number = sentence.number(index)
    at = index + 1
    if number is not None:
        if sentence.lower(at) in (".", "th", "st", "nd", "rd"):
            at += 1
    else:
        value = ordinal_word(sentence.lower(index), "en" if sentence.tongue == "en" else "de")
        number = int(value) if value else None
    if not number or number > 21 or sentence.lower(at) not in _CENTURY:
        return None
    if sentence.lower(at + 1) in _BEFORE_CHRIST:
        return None
    first = 100 * (number - 1)
    return _years(at + 1, max(first, 1), first + 99)


def read_decade(sentence: Sentence, index: int) -> Reading | None:
    """„Achtzigerjahre“, „den Achtzigern“, „neunziger Jahren“."""
    word = sentence.lower(index)
    stem = next((word.removesuffix(end) for end in ("jahren", "jahre") if word.endswith(end)), "")
    decades = lexicon("calendar")["decades"]
    last = index + 1
    if not stem:
        follows = sentence.lower(last) in ("jahre", "jahren")
        if not follows and sentence.lower(index - 1) not in _BEFORE_DECADE:
            return None
        stem, last = word.removesuffix("n"), last + follows
    year = decades.get(stem.removesuffix("n") if stem not in decades else stem)
    return _years(last, year, year + 9) if year else None


def read_era(sentence: Sentence, index: int) -> Reading | None:
    """„Mittelalter“, „zur Barockzeit“, „im Zweiten Weltkrieg“."""
    eras, named = lexicon("calendar")["eras"], lexicon("calendar")["era_phrases"]
    for phrase in phrases("calendar", "era_phrases"):
        if sequence_at(sentence.found, index, phrase):
            return _years(index + len(phrase), *named[" ".join(phrase)])
    years = eras.get(sentence.lower(index))
    if years is None or not sentence.found[index].is_capitalised:
        return None
    return _years(index + 1, *years)


def _years(last: int, first_year: int, last_year: int) -> Reading:
    return Reading(last, "year", Days(date(first_year, 1, 1), date(last_year, 12, 31)))
