"""Reads calendar expressions word by word: days, months, seasons, years, weekdays, relative dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from rag.language.date_resolution import (
    Days,
    ago_days,
    feast_days,
    month_days,
    nearest_day,
    nearest_feast,
    nearest_season_year,
    nearest_year,
    part_of,
    safe_date,
    season_days,
    weekday_date,
    year_days,
)
from rag.language.lexicon import lexicon, phrases, word_set
from rag.language.numerals import read_numeral
from rag.language.words import Word, lower_at, sequence_at

DatePrecision = Literal[
    "day", "month", "season", "year", "weekday", "time", "part_of_day", "relative"
]


class Reading(NamedTuple):
    """What the words up to ``last`` say; ``days`` is ``None`` where nothing resolves it."""

    last: int
    precision: DatePrecision
    days: Days | None
    is_stated: bool = True
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    clock: tuple[int, int] | None = None


class Sentence(NamedTuple):
    """The words of a sentence and what resolves its dates."""

    found: tuple[Word, ...]
    tongue: str
    published: date | None
    is_future: bool

    def lower(self, index: int) -> str:
        """The lower-case word at ``index``, empty outside."""
        return lower_at(self.found, index)

    def number(self, index: int) -> int | None:
        """The plain whole number at ``index``."""
        word = self.lower(index)
        return int(word) if word.isdigit() and len(word) <= 4 else None


Reader = Callable[[Sentence, int], Reading | None]
_NUMERIC = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_SUFFIXES = ("st", "nd", "rd", "th")


def _month(sentence: Sentence, index: int) -> int | None:
    """The month named at ``index``; „may“ and „march“ only capitalised."""
    if index >= len(sentence.found):
        return None
    month: int | None = lexicon("calendar")["months"].get(sentence.lower(index))
    return month if month and sentence.found[index].is_capitalised else None


def _after_month(sentence: Sentence, index: int) -> int:
    """Skips the full stop of „Sept.“."""
    word = sentence.found[index]
    is_short = len(word.text) <= 4 and word.lower not in ("mai", "juni", "juli", "may", "june")
    return index + 2 if is_short and sentence.lower(index + 1) == "." else index + 1


def _year_at(sentence: Sentence, index: int) -> int | None:
    value = sentence.number(index)
    if value is None or not 1000 <= value <= 2199 or len(sentence.lower(index)) != 4:
        return None
    return value


def _day_reading(
    sentence: Sentence, last: int, day: int, month: int, year: int | None
) -> Reading | None:
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    if year is not None:
        exact = safe_date(year, month, day)
        if exact is None:
            return None
        return Reading(last, "day", Days(exact, exact), True, day, month, year)
    near = nearest_day(month, day, sentence.published)
    days = None if near is None else Days(near, near)
    return Reading(last, "day", days, False, day, month, near.year if near else None)


def read_numeric(sentence: Sentence, index: int) -> Reading | None:
    """„2025-09-03“, „3.9.2025“, „03.09.“, „9/3/2025“."""
    text = sentence.found[index].text
    if iso := _ISO.match(text):
        return _day_reading(sentence, index + 1, int(iso[3]), int(iso[2]), int(iso[1]))
    numeric = _NUMERIC.match(text)
    if numeric is None or "/" in text:
        return None
    year = numeric[3]
    if year is None:
        is_date = sentence.lower(index + 1) == "." and sentence.lower(index - 1) in (
            "am", "vom", "zum", "bis", "dem", "den", "ab", "der",
        )  # fmt: skip
        if not is_date or sentence.tongue == "en":
            return None
        return _day_reading(sentence, index + 2, int(numeric[1]), int(numeric[2]), None)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return _day_reading(sentence, index + 1, int(numeric[1]), int(numeric[2]), full)


def read_day(sentence: Sentence, index: int) -> Reading | None:
    """„3. September 2025“, „3. bis 5. September“, „3 September“, „3rd of September 2025“."""
    day = sentence.number(index)
    if day is None or not 1 <= day <= 31:
        return None
    at = index + 1
    if sentence.lower(at) == "." or sentence.lower(at) in _SUFFIXES:
        at += 1
    if (until := _range_end(sentence, at, day)) is not None:
        return until
    if sentence.lower(at) == "of":
        at += 1
    month = _month(sentence, at)
    if month is None:
        return None
    at = _after_month(sentence, at)
    year = _year_at(sentence, at)
    return _day_reading(sentence, at + 1 if year else at, day, month, year)


def _range_end(sentence: Sentence, at: int, day: int) -> Reading | None:
    """The rest of „3. bis 5. September“."""
    if sentence.lower(at) not in ("bis", "und", "-", "–", "/", "to"):
        return None
    end_day = sentence.number(at + 1)
    if end_day is None or end_day <= day:
        return None
    end = read_day(sentence, at + 1)
    if end is None or end.day is None or end.days is None:
        return None
    start = safe_date(end.days.end.year, end.days.end.month, day)
    return end._replace(days=Days(start, end.days.end), day=None) if start else None


def read_month_first(sentence: Sentence, index: int) -> Reading | None:
    """„September 3, 2025“ in English, else „September 2025“ and „im September“."""
    month = _month(sentence, index)
    if month is None:
        return None
    at = _after_month(sentence, index)
    day = sentence.number(at)
    if sentence.tongue == "en" and day is not None and 1 <= day <= 31:
        at += 1 + (sentence.lower(at + 1) in _SUFFIXES)
        year = _year_at(sentence, at + 1) if sentence.lower(at) == "," else _year_at(sentence, at)
        if year:
            at += 2 if sentence.lower(at) == "," else 1
        return _day_reading(sentence, at, day, month, year)
    year = _year_at(sentence, at)
    is_ambiguous = sentence.lower(index) in word_set("calendar", "ambiguous_months")
    if year is None and is_ambiguous and not _announces_month(sentence, index):
        return None
    at = at + 1 if year else at
    near = year or nearest_year(month, sentence.published)
    days = month_days(near, month) if near else None
    return Reading(at, "month", days, year is not None, month=month, year=near)


def _announces_month(sentence: Sentence, index: int) -> bool:
    """Whether „May“, „March“, „August“ or „Mai“ is a month here and not a name."""
    before = sentence.lower(index - 1)
    lists = lexicon("calendar")
    return (
        before in lists["bounds"]
        or before in lists["parts"]
        or before in (*lists["previous"], *lists["next"], *lists["this"])
        or before in ("im", "in", "of", "zum", "für", "this", "mid", "und", "den", "des", "dem")
    )


def read_part(sentence: Sentence, index: int) -> Reading | None:
    """„Ende Mai“, „Anfang 2025“, „Mitte des Jahres“, „in early 2025“."""
    part = lexicon("calendar")["parts"].get(sentence.lower(index))
    if part is None:
        return None
    at = index + 1
    while sentence.lower(at) in ("des", "der", "of", "the", "-", "dieses", "this", "nächsten"):
        at += 1
    whole = None
    for reader in (read_month_first, read_year, read_relative_noun):
        from_index = at - 1 if reader is read_relative_noun else at
        if from_index >= len(sentence.found) or at >= len(sentence.found):
            return None
        whole = reader(sentence, from_index) or reader(sentence, at)
        if whole is not None:
            break
    if whole is None and sentence.lower(at) in ("jahres", "jahr", "year") and sentence.published:
        whole = Reading(at + 1, "year", year_days(sentence.published.year), False)
    if whole is None or whole.days is None:
        return whole
    return whole._replace(days=part_of(whole.days, part))


def read_season(sentence: Sentence, index: int) -> Reading | None:
    """„Frühjahr 2025“, „im Herbst“, „zweites Quartal 2024“."""
    season = lexicon("calendar")["seasons"].get(sentence.lower(index))
    if season is None:
        return None
    if sentence.tongue == "en" and sentence.lower(index - 1) not in (
        "in", "the", "this", "last", "next", "of", "since", "by", "late", "early",
    ):  # fmt: skip
        return None
    year = _year_at(sentence, index + 1)
    last = index + 2 if year else index + 1
    if year is None and sentence.lower(index + 1) in ("des", "dieses"):
        year = _year_at(sentence, index + 3)
        last = index + 4 if year else last
    near = year or nearest_season_year(season, sentence.published)
    days = season_days(near, season) if near else None
    return Reading(last, "season", days, year is not None, year=near)


def read_quarter(sentence: Sentence, index: int) -> Reading | None:
    """„ersten Quartal 2024“: an ordinal, then the noun; without a year that of publication."""
    months = lexicon("calendar")["quarters"].get(sentence.lower(index + 1))
    if months is None:
        return None
    numeral = read_numeral(sentence.found, index, "en" if sentence.tongue == "en" else "de")
    if numeral is None or not 1 <= numeral.value <= 12 // months:
        return None
    year = _year_at(sentence, index + 2)
    near = year or (sentence.published.year if sentence.published else None)
    last = index + 3 if year else index + 2
    if near is None:
        return Reading(last, "season", None, False)
    first_month = int(numeral.value - 1) * months + 1
    end = month_days(near, first_month + months - 1).end
    return Reading(last, "season", Days(date(near, first_month, 1), end), year is not None)


def read_year(sentence: Sentence, index: int) -> Reading | None:
    """„2025“, „2023/24“, „1990er Jahre“ where the number is no amount."""
    year = _year_at(sentence, index)
    if year is None:
        return None
    if sentence.lower(index + 1) in ("er", "er-jahre", "er-jahren", "s"):
        last = index + 3 if sentence.lower(index + 2) in ("jahre", "jahren") else index + 2
        decade = year - year % 10
        return Reading(last, "year", Days(date(decade, 1, 1), date(decade + 9, 12, 31)), year=None)
    if not _is_year(sentence, index, year):
        return None
    if sentence.lower(index + 1) in ("/", "-", "–", "bis") and index + 2 < len(sentence.found):
        end = sentence.number(index + 2)
        if end is not None and len(sentence.lower(index + 2)) in (2, 4):
            end = end if end > 1000 else year - year % 100 + end
            if year < end <= year + 120:
                return Reading(index + 3, "year", Days(date(year, 1, 1), date(end, 12, 31)))
    return Reading(index + 1, "year", year_days(year), year=year)


def _is_year(sentence: Sentence, index: int, year: int) -> bool:
    lists = lexicon("calendar")
    before = sentence.lower(index - 1)
    if before in word_set("calendar", "year_cues") or before in lists["months"]:
        return True
    hedges = lexicon("hedges")["en" if sentence.tongue == "en" else "de"]
    if before in hedges["about"] or (before in hedges["at_least"] and before != "ab"):
        return False
    if index + 1 >= len(sentence.found):
        return True
    after = sentence.found[index + 1]
    if any(after.lower in words for words in lexicon("units")["units"].values()):
        return False
    if sentence.tongue == "en":
        is_people = after.lower in ("people", "men", "women", "children", "soldiers")
        return year >= 1700 and (before == "in" or not (is_people or after.lower.endswith("s")))
    is_noun = after.is_capitalised and after.lower not in lists["weekdays"]
    is_office = after.lower in word_set("offices", "de")
    return year >= 1500 and (not is_noun or is_office)


def read_weekday(sentence: Sentence, index: int) -> Reading | None:
    """„am Mittwoch“, „Montagabend“, „Mittwoch, 3. September“, „in der Nacht zum Dienstag“."""
    weekday, clock = _weekday_name(sentence.lower(index))
    if weekday is None or (not sentence.found[index].is_capitalised and clock is None):
        return None
    exact = _dated_weekday(sentence, index + 1, weekday)
    if exact is not None:
        return exact
    last = index + 1
    part = lexicon("calendar")["day_parts"].get(sentence.lower(last))
    if clock is None and part is not None:
        clock, last = (part[0], part[1]), last + 1
    day = _resolved_weekday(sentence, index, weekday)
    days = None if day is None else Days(day, day)
    night = [sentence.lower(index - offset) for offset in (2, 1)]
    if night[0] in ("nacht", "night") and night[1] in ("zum", "auf", "to", "zu"):
        days = None if day is None else Days(day - timedelta(days=1), day)
        clock = (1260, 1800)
    return Reading(last, "weekday", days, False, weekday=weekday, clock=clock)


def _weekday_name(word: str) -> tuple[int | None, tuple[int, int] | None]:
    """The weekday in „Montag“ or „Montagabend“, with the part of the day."""
    lists = lexicon("calendar")
    weekday = lists["weekdays"].get(word)
    if weekday is not None:
        return weekday, None
    for name, number in lists["weekdays"].items():
        if word.startswith(name) and not name.endswith("s"):
            part = lists["day_parts"].get(word.removeprefix(name).removeprefix("-"))
            if part is not None:
                return number, (part[0], part[1])
    return None, None


def _dated_weekday(sentence: Sentence, at: int, weekday: int) -> Reading | None:
    """The rest of „Mittwoch, dem 3. September“: the date says more than the weekday."""
    while sentence.lower(at) in (",", "dem", "den", "der", "("):
        at += 1
    if at >= len(sentence.found):
        return None
    exact = read_numeric(sentence, at) or read_day(sentence, at)
    if exact is None and sentence.tongue == "en":
        month_first = read_month_first(sentence, at)
        exact = month_first if month_first and month_first.day else None
    return None if exact is None else exact._replace(weekday=weekday)


def _resolved_weekday(sentence: Sentence, index: int, weekday: int) -> date | None:
    lists = lexicon("calendar")
    before = sentence.lower(index - 1)
    if before in lists["next"]:
        day = weekday_date(weekday, sentence.published, "future")
        is_today = day is not None and day == sentence.published
        return day + timedelta(days=7) if day and is_today else day
    if before in lists["previous"]:
        day = weekday_date(weekday, sentence.published, "past")
        is_today = day is not None and day == sentence.published
        return day - timedelta(days=7) if day and is_today else day
    near = {before, sentence.lower(index - 2)}
    is_ahead = sentence.is_future or bool(near & {"bis", "ab", "until", "by", "from"})
    return weekday_date(weekday, sentence.published, "future" if is_ahead else "past")


def read_feast(sentence: Sentence, index: int) -> Reading | None:
    """„Silvester“, „Ostern 2025“, „zum Erntedankfest“, „Tag der Deutschen Einheit“."""
    name, last = sentence.lower(index), index + 1
    for phrase in phrases("calendar", "feast_phrases"):
        if sequence_at(sentence.found, index, phrase):
            name, last = " ".join(phrase), index + len(phrase)
            break
    if not sentence.found[index].is_capitalised:
        return None
    if feast_days(name, 2000) is None:
        endings = lexicon("calendar")["feast_night_endings"]
        shortened = [name.removesuffix(ending) for ending in endings if name.endswith(ending)]
        name = next((short for short in shortened if feast_days(short, 2000)), "")
        if not name:
            return None
    year = _year_at(sentence, last)
    days = feast_days(name, year) if year else nearest_feast(name, sentence.published)
    return Reading(last + 1 if year else last, "day", days, year is not None)


def read_ago(sentence: Sentence, index: int) -> Reading | None:
    """„vor zwei Jahren“, „two years ago“."""
    lists = lexicon("calendar")["ago_units"]
    is_german = sentence.tongue != "en"
    if is_german and sentence.lower(index) != "vor":
        return None
    at = index + 1 if is_german else index
    while sentence.lower(at) in ("rund", "etwa", "gut", "knapp", "mehr", "als", "über", "fast"):
        at += 1
    if at >= len(sentence.found):
        return None
    numeral = read_numeral(sentence.found, at, "de" if is_german else "en")
    if numeral is None or numeral.form not in ("number", "article", "vague"):
        return None
    unit = lists.get(sentence.lower(numeral.last))
    is_ago = is_german or sentence.lower(numeral.last + 1) == "ago"
    if unit is None or not is_ago or numeral.value > 3000:
        return None
    days = ago_days(numeral.value, unit, sentence.published)
    return Reading(numeral.last + (1 if is_german else 2), "relative", days, False)


def read_relative_noun(sentence: Sentence, index: int) -> Reading | None:
    """„vergangenes Jahr“, „dieser Woche“, „nächsten Sommer“, „last month“, „im Vorjahr“."""
    lists = lexicon("calendar")
    word, noun = sentence.lower(index), sentence.lower(index + 1)
    if (offset := lists["year_words"].get(word)) is not None:
        return _shifted(sentence, index + 1, "year", offset)
    if word in lists["edges"]:
        unit, part = lists["edges"][word]
        whole = _shifted(sentence, index + 1, unit, 0)
        return whole._replace(days=part_of(whole.days, part)) if whole.days else whole
    offset = {"previous": -1, "next": 1, "this": 0}.get(
        next((name for name in ("previous", "next", "this") if word in lists[name]), "")
    )
    if offset is None:
        return None
    if word == "letzten" and sentence.number(index + 1) is not None:
        return None
    if (unit := lists["time_nouns"].get(noun)) is not None:
        return _shifted(sentence, index + 2, unit, offset)
    if (noun in lists["seasons"] or noun in lists["months"]) and sentence.published:
        return _shifted_period(sentence, index + 1, offset)
    return None


def _shifted(sentence: Sentence, last: int, unit: str, offset: int) -> Reading:
    published = sentence.published
    precision: DatePrecision = "year" if unit == "year" else "relative"
    if published is None:
        return Reading(last, precision, None, False)
    if unit == "year":
        year = published.year + offset
        return Reading(last, precision, year_days(year), False, year=year)
    if unit == "month":
        year, month = divmod(published.year * 12 + published.month - 1 + offset, 12)
        return Reading(last, "month", month_days(year, month + 1), False, None, month + 1, year)
    monday = published - timedelta(days=published.weekday()) + timedelta(days=7 * offset)
    first = 5 if unit == "weekend" else 0
    days = Days(monday + timedelta(days=first), monday + timedelta(days=6))
    return Reading(last, "relative", days, False)


def _shifted_period(sentence: Sentence, at: int, offset: int) -> Reading | None:
    """„im vergangenen September“: the nearest one that lies before (or after) publication."""
    reading = read_month_first(sentence, at) or read_season(sentence, at)
    if reading is None or reading.days is None or reading.is_stated or not sentence.published:
        return reading
    year = reading.days.start.year
    if offset < 0 and reading.days.end >= sentence.published:
        year -= 1
    elif offset > 0 and reading.days.start <= sentence.published:
        year += 1
    season = lexicon("calendar")["seasons"].get(sentence.lower(at))
    days = season_days(year, season) if season else month_days(year, reading.days.start.month)
    return reading._replace(days=days, year=year)


def read_weekend(sentence: Sentence, index: int) -> Reading | None:
    """„am Wochenende“: the last one, the next one where the sentence looks ahead."""
    if sentence.lower(index) not in ("wochenende", "weekend"):
        return None
    saturday = weekday_date(5, sentence.published, "future" if sentence.is_future else "past")
    if saturday is None:
        return Reading(index + 1, "relative", None, False)
    days = Days(saturday, saturday + timedelta(days=1))
    return Reading(index + 1, "relative", days, False)


def read_day_word(sentence: Sentence, index: int) -> Reading | None:
    """„gestern“, „heute Abend“, „tomorrow“; „morgen“ only where it is no noun."""
    word = sentence.found[index]
    offset = lexicon("calendar")["day_words"].get(word.lower)
    if offset is None or (word.text == "Morgen" and index > 0):
        return None
    last = index + 1
    part = lexicon("calendar")["day_parts"].get(sentence.lower(last))
    clock = (part[0], part[1]) if part else None
    if part:
        last += 1
    if sentence.published is None:
        return Reading(last, "relative", None, False, clock=clock)
    day = sentence.published + timedelta(days=offset)
    return Reading(last, "relative", Days(day, day), False, clock=clock)


def read_day_part(sentence: Sentence, index: int) -> Reading | None:
    """„am Abend“, „in der Nacht“, „am späten Nachmittag“, „abends“, „in the morning“."""
    lists = lexicon("calendar")
    word = sentence.found[index]
    part = lists["day_part_adverbs"].get(word.lower)
    if word.lower in ("nacht", "night") and sentence.lower(index + 1) in ("zum", "auf", "zu", "to"):
        return None  # the weekday behind it carries the night
    if part is None:
        before = {sentence.lower(index - 1), sentence.lower(index - 2)}
        part = lists["day_parts"].get(word.lower)
        is_german_noun = sentence.tongue != "en" and word.is_capitalised
        announced = {"am", "der", "in", "im", "zum", "the", "gegen", "diesem", "at"}
        if not (before & announced) or not (is_german_noun or sentence.tongue == "en"):
            return None
    return Reading(index + 1, "part_of_day", None, clock=(part[0], part[1])) if part else None


READERS: tuple[Reader, ...] = (
    read_numeric,
    read_day,
    read_part,
    read_month_first,
    read_quarter,
    read_feast,
    read_ago,
    read_relative_noun,
    read_season,
    read_weekday,
    read_weekend,
    read_day_word,
    read_year,
    read_day_part,
)
"""In the order they are tried: the more a reader needs to see, the earlier."""
