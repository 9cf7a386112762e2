"""Reads dates that only the publication date resolves: weekdays, „gestern“, „vor zwei Jahren“."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from rag.language.date_offsets import from_today
from rag.language.date_periods import read_century, read_decade, read_era
from rag.language.date_readers import (
    read_day,
    read_month_first,
    read_numeric,
    read_season,
    read_year,
)
from rag.language.date_reading import DatePrecision, Reading, Sentence, year_at
from rag.language.date_resolution import (
    Days,
    feast_days,
    month_days,
    nearest_feast,
    part_of,
    season_days,
    weekday_date,
    year_days,
)
from rag.language.lexicon import lexicon, phrases, word_set
from rag.language.words import sequence_at

_LONGEST_FEAST = 3
"""Days after the first; holidays from school are a season."""


def read_weekday(sentence: Sentence, index: int) -> Reading | None:
    """„am Mittwoch“, „Montagabend“, „Mittwoch, 3. September“, „in der Nacht zum Dienstag“."""
    weekday, clock = weekday_name(sentence.lower(index))
    if weekday is None:
        return None
    if not sentence.found[index].is_capitalised and clock is None:
        # „dienstags“: every one, so no day resolves it.
        is_every = sentence.tongue != "en" and sentence.lower(index).endswith("s")
        return Reading(index + 1, "weekday", None, False, weekday=weekday) if is_every else None
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


@lru_cache(maxsize=65536)
def weekday_name(word: str) -> tuple[int | None, tuple[int, int] | None]:
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
    if before.startswith("jede") or (
        sentence.lower(index - 2) in ("am", "an", "den") and _is_ordinal(before)
    ):
        return None  # „jeden Mittwoch“, „am zweiten Mittwoch im Monat“
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


def _is_ordinal(word: str) -> bool:
    stems = lexicon("numbers")["de_ordinals"]
    return any(word.removesuffix(ending) in stems for ending in ("en", "er", "e"))


@lru_cache(maxsize=65536)
def feast_name(word: str) -> str:
    """The feast in a word („Silvesternacht“: silvester), empty where it names none."""
    endings = ("", *lexicon("calendar")["feast_night_endings"])
    shortened = [word.removesuffix(ending) for ending in endings if word.endswith(ending)]
    return next((short for short in shortened if feast_days(short, 2000)), "")


def read_feast(sentence: Sentence, index: int) -> Reading | None:
    """„Silvester“, „Ostern 2025“, „zum Erntedankfest“, „Tag der Deutschen Einheit“."""
    name, last = sentence.lower(index), index + 1
    for phrase in phrases("calendar", "feast_phrases"):
        if sequence_at(sentence.found, index, phrase):
            name, last = " ".join(phrase), index + len(phrase)
            break
    if not sentence.found[index].is_capitalised:
        return None
    name = feast_name(name)
    if not name:
        return None
    year = year_at(sentence, last)
    days = (
        feast_days(name, year)
        if year
        else nearest_feast(name, sentence.published, is_ahead=sentence.is_bounded(index))
    )
    is_long = days is not None and (days.end - days.start).days > _LONGEST_FEAST
    precision: DatePrecision = "season" if is_long else "day"
    return Reading(last + 1 if year else last, precision, days, year is not None)


def read_part(sentence: Sentence, index: int) -> Reading | None:
    """„Ende Mai“, „Anfang 2025“, „Mitte des Jahres“, „in early 2025“."""
    part = lexicon("calendar")["parts"].get(sentence.lower(index))
    if part is None:
        return None
    at = index + 1
    while sentence.lower(at) in ("des", "der", "of", "the", "-", "dieses", "this", "nächsten"):
        at += 1
    whole = None
    for reader in (
        read_century,
        read_decade,
        read_era,
        read_month_first,
        read_year,
        read_relative_noun,
    ):
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


def read_relative_noun(sentence: Sentence, index: int) -> Reading | None:
    """„vergangenes Jahr“, „dieser Woche“, „nächsten Sommer“, „last month“, „im Vorjahr“."""
    lists = lexicon("calendar")
    word, noun = sentence.lower(index), sentence.lower(index + 1)
    if (offset := lists["year_words"].get(word)) is not None:
        return _shifted(sentence, index + 1, "year", offset)
    if word in lists["edges"]:
        unit, part = lists["edges"][word]
        whole = _shifted(sentence, index + 1, unit, 0)
        is_over = whole.days and sentence.published and whole.days.start < sentence.published
        if unit == "week" and is_over and sentence.is_future and part == "start":
            whole = _shifted(sentence, index + 1, unit, 1)
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
    if word.lower == "heute" and (hence := from_today(sentence, index + 1)):
        return hence
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
    part = None if word.lower == "früh" else lists["day_part_adverbs"].get(word.lower)
    if word.lower in ("nacht", "night") and sentence.lower(index + 1) in ("zum", "auf", "zu", "to"):
        return None  # the weekday behind it carries the night
    if word.lower == "tag" and sentence.lower(index - 1) in ("helllichten", "hellichten"):
        part = lists["day_part_adverbs"]["tagsüber"]
    if part is None:
        before = {sentence.lower(index - 1), sentence.lower(index - 2)}
        part = lists["day_parts"].get(word.lower)
        is_german_noun = sentence.tongue != "en" and word.is_capitalised
        announced = word_set("calendar", "before_day_part")
        if not (before & announced) or not (is_german_noun or sentence.tongue == "en"):
            return None
    return Reading(index + 1, "part_of_day", None, clock=(part[0], part[1])) if part else None
