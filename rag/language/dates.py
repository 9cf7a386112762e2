"""Dates and times of day a sentence names, as day intervals, and whether two of them agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from rag.language.clock import read_clock
from rag.language.date_eras import read_spelled_era, starts_era
from rag.language.date_offsets import read_ago, read_hence
from rag.language.date_periods import (
    read_advent,
    read_century,
    read_decade,
    read_era,
    read_part_of_month,
    starts_period,
)
from rag.language.date_readers import (
    read_day,
    read_month_first,
    read_numeric,
    read_quarter,
    read_season,
    read_year,
)
from rag.language.date_reading import DatePrecision, Reader, Reading, Sentence, looks_ahead
from rag.language.date_resolution import parse_published
from rag.language.lexicon import lexicon
from rag.language.number_words import english_number, german_number, ordinal_word
from rag.language.relative_dates import (
    feast_name,
    read_day_part,
    read_day_word,
    read_feast,
    read_part,
    read_relative_noun,
    read_weekday,
    read_weekend,
    weekday_name,
)
from rag.language.words import lower_at, words
from rag.types import Language

Agreement = Literal["equal", "compatible", "different", "incomparable"]
DateBound = Literal["at", "since", "until", "before", "after", "from"]
_STARTS = (
    "months", "seasons", "parts", "day_parts", "day_part_adverbs", "day_words", "previous", "next",
    "this", "year_words", "edges", "fixed_hours", "hours_de", "hours_en", "spoken_starts",
    "eras",
)  # fmt: skip
_BEHIND_BOUND = frozenset({"dem", "der", "den", "zum", "the", "zur", "im", "am", "mit", "beginn"})
_ARTICLES = frozenset(["a", "an"])
_CLOCK_TOLERANCE_MINUTES = 15
_HALF_DAY = 720
_DAY = 1440
_READERS: tuple[Reader, ...] = (
    read_part_of_month,
    read_advent,
    read_century,
    read_spelled_era,
    read_numeric,
    read_day,
    read_part,
    read_month_first,
    read_quarter,
    read_feast,
    read_ago,
    read_hence,
    read_relative_noun,
    read_season,
    read_decade,
    read_era,
    read_weekday,
    read_weekend,
    read_day_word,
    read_year,
    read_day_part,
)
# In the order they are tried: the more a reader needs to see, the earlier.


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date or time of day in ``text[start_char:end_char]``.

    ``start`` and ``end`` are ISO days, both inclusive, ``None`` where nothing resolves them;
    ``basis`` says whether the text states them or the publication date resolved them. ``clock``
    counts minutes from midnight (above 1,440: the night after); ``is_12_hour`` leaves morning or
    evening open. ``bound`` is „seit“, „bis“ and the like.
    """

    start_char: int
    end_char: int
    text: str
    precision: DatePrecision
    start: str | None = None
    end: str | None = None
    bound: DateBound = "at"
    basis: Literal["stated", "published", "none"] = "stated"
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    clock: tuple[int, int] | None = None
    is_12_hour: bool = False


@lru_cache(maxsize=4096)
def dates(
    text: str, language: Language, published_at: str | None = None
) -> tuple[DateMention, ...]:
    """All dates and times of a sentence, in order, without overlaps."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    sentence = Sentence(found, tongue, parse_published(published_at), looks_ahead(found))
    mentions: list[DateMention] = []
    index = 0
    while index < len(found):
        mention, index = _mention_at(text, sentence, index)
        if mention is not None:
            mentions.append(mention)
    return tuple(mentions)


def _mention_at(text: str, sentence: Sentence, index: int) -> tuple[DateMention | None, int]:
    found = sentence.found
    word = found[index]
    if not _can_start(word.lower, sentence.tongue):
        return None, index + 1
    clock = read_clock(found, index, sentence.tongue)
    if clock is not None:
        first, end = word.start_char, found[clock.last - 1].end_char
        mention = DateMention(
            start_char=first,
            end_char=end,
            text=text[first:end],
            precision="time",
            basis="none",
            clock=(clock.low, clock.high),
            is_12_hour=clock.is_12_hour,
            bound=_bound(sentence, index),
        )
        return mention, clock.last
    for reader in _READERS:
        reading = reader(sentence, index)
        if reading is not None:
            return _from_reading(text, sentence, index, reading), reading.last
    return None, index + 1


@lru_cache(maxsize=65536)
def _can_start(word: str, tongue: str) -> bool:
    """Whether a date can start with this word: asked of every word, so the answer is kept."""
    if word[0].isdigit() or word in ("vor", "in") or starts_era(word):
        return True
    lists = lexicon("calendar")
    if any(word in lists[name] for name in _STARTS) or feast_name(word):
        return True
    if starts_period(word):
        return True
    if weekday_name(word)[0] is not None:
        return True
    is_number = german_number(word) if tongue == "de" else english_number(word.partition("-")[0])
    return is_number is not None or ordinal_word(word, tongue) is not None or word in _ARTICLES


def _from_reading(text: str, sentence: Sentence, index: int, reading: Reading) -> DateMention:
    start, end = sentence.found[index].start_char, sentence.found[reading.last - 1].end_char
    days = reading.days
    basis: Literal["stated", "published", "none"] = "stated" if reading.is_stated else "published"
    return DateMention(
        start_char=start,
        end_char=end,
        text=text[start:end],
        precision=reading.precision,
        start=days.start.isoformat() if days else None,
        end=days.end.isoformat() if days else None,
        bound=_bound(sentence, index),
        basis=basis if days else "none",
        day=reading.day,
        month=reading.month,
        year=reading.year,
        weekday=reading.weekday,
        clock=reading.clock,
    )


def _bound(sentence: Sentence, index: int) -> DateBound:
    """„seit“, „bis“ … before the date, over articles and „zum“."""
    at = index - 1
    while at >= 0 and lower_at(sentence.found, at) in _BEHIND_BOUND:
        at -= 1
    if lower_at(sentence.found, at) == "vor" and lower_at(sentence.found, at - 1) == "nicht":
        return "from"
    bound: DateBound = lexicon("calendar")["bounds"].get(lower_at(sentence.found, at), "at")
    return bound


def compatible_dates(first: DateMention, second: DateMention) -> Agreement:
    """Whether two mentions can name the same time; the coarser one contains the finer one."""
    if first.precision == "time" and second.precision == "time":
        return _compare_clocks(first, second)
    if (first.start is None or second.start is None) and first.clock and second.clock:
        return _compare_clocks(first, second)
    calendar = _compare_calendar(first, second)
    if calendar in ("equal", "compatible") and first.clock and second.clock:
        return _coarser(calendar, _compare_clocks(first, second))
    return calendar


def _coarser(calendar: Agreement, clock: Agreement) -> Agreement:
    if clock == "different":
        return "different"
    return "equal" if calendar == clock == "equal" else "compatible"


def _compare_clocks(first: DateMention, second: DateMention) -> Agreement:
    if first.clock is None or second.clock is None:
        return "incomparable"
    if first.clock == second.clock and first.is_12_hour == second.is_12_hour:
        return "equal"
    either_way = first.is_12_hour or second.is_12_hour
    shifts = (0, _DAY, -_DAY, _HALF_DAY, -_HALF_DAY) if either_way else (0, _DAY, -_DAY)
    low, high = first.clock
    other_low, other_high = second.clock
    for shift in shifts:
        gap = max(low, other_low + shift) - min(high, other_high + shift)
        if gap <= 0:
            return "equal" if low == high and other_low == other_high else "compatible"
    for shift in shifts:
        gap = max(low, other_low + shift) - min(high, other_high + shift)
        is_vague = first.precision != "time" or second.precision != "time"
        if gap <= (60 if is_vague else _CLOCK_TOLERANCE_MINUTES):
            return "compatible"
    return "different"


def _compare_calendar(first: DateMention, second: DateMention) -> Agreement:
    if not (first.start and first.end and second.start and second.end):
        return _compare_unresolved(first, second)
    if first.bound != second.bound:
        # „seit Mai“ and „im August“ can both be right about what lasts.
        return "compatible" if _bounds_meet(first, second) else "different"
    if first.start == second.start and first.end == second.end:
        return "equal"
    if first.start <= second.end and second.start <= first.end:
        return "compatible"
    if _is_open_weekday(first, second):
        return "compatible"
    return "different"


def _bounds_meet(first: DateMention, second: DateMention) -> bool:
    """Whether „bis Mai“ and „im April“ leave a common day."""
    low, high = _open_interval(first)
    other_low, other_high = _open_interval(second)
    return low <= other_high and other_low <= high


def _open_interval(mention: DateMention) -> tuple[str, str]:
    start, end = mention.start or "", mention.end or ""
    if mention.bound in ("until", "before"):
        return "0001-01-01", end
    if mention.bound in ("since", "from", "after"):
        return start, "9999-12-31"
    return start, end


def _is_open_weekday(first: DateMention, second: DateMention) -> bool:
    """Whether the same weekday was resolved to two dates: the tense may have been misread."""
    pair = (first, second)
    if not any(mention.precision == "weekday" for mention in pair):
        return False
    days = [date.fromisoformat(mention.start or "") for mention in pair]
    if abs(days[0] - days[1]) > timedelta(days=7):
        return False
    named = [mention.weekday for mention in pair if mention.weekday is not None]
    return all(day.weekday() == named[0] for day in days)


def _compare_unresolved(first: DateMention, second: DateMention) -> Agreement:
    """Compares what is known without years: „3. September“ with „4. September“."""
    known = False
    for name in ("year", "month", "day", "weekday"):
        mine, other = getattr(first, name), getattr(second, name)
        if mine is not None and other is not None:
            if mine != other:
                return "different"
            known = True
    if not known:
        return "incomparable"
    return "equal" if first.precision == second.precision else "compatible"
