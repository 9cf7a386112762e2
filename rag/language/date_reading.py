"""What reading a calendar expression yields, and the words every such reader looks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from rag.language.date_resolution import Days, nearest_day, safe_date
from rag.language.lexicon import lexicon, word_set
from rag.language.words import Word, lower_at

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

    def is_bounded(self, index: int) -> bool:
        """Whether „bis“ stands before: what lasts until then is not over."""
        at = index - 1
        while self.lower(at) in ("zum", "zur", "ende", "anfang", "mitte", "in", "den", "weit"):
            at -= 1
        if self.lower(at) not in ("bis", "until", "till"):
            return False
        perfect = word_set("calendar", "perfect") - {"ist", "sind"}
        return not any(word.lower in perfect for word in self.found)

    def number(self, index: int) -> int | None:
        """The plain whole number at ``index``."""
        word = self.lower(index)
        return int(word) if word.isdecimal() and len(word) <= 4 else None


def looks_ahead(found: tuple[Word, ...]) -> bool:
    """Whether a sentence tells what is to come: „eröffnet in drei Wochen“, not „wurde eröffnet“."""
    said = {word.lower for word in found}
    if said & word_set("calendar", "future"):
        return True
    is_scheduled = said & word_set("calendar", "scheduled")
    return bool(is_scheduled) and not said & word_set("calendar", "perfect")


Reader = Callable[[Sentence, int], Reading | None]


_IN_FRONT = ("early-", "mid-", "late-")
_SHORT_MONTHS = frozenset({"mai", "juni", "juli", "märz", "may", "june", "july"})


def month_at(sentence: Sentence, index: int) -> int | None:
    """The month named at ``index``; „may“ and „march“ only capitalised."""
    if index >= len(sentence.found):
        return None
    name = sentence.lower(index)
    if name.startswith(_IN_FRONT):
        # "mid-July": the month is in print behind the hyphen
        name, text = name.partition("-")[2], sentence.found[index].text.partition("-")[2]
    else:
        text = sentence.found[index].text
    month: int | None = lexicon("calendar")["months"].get(name)
    return month if month and text[:1].isupper() else None


def after_month(sentence: Sentence, index: int) -> int:
    """Skips the full stop of „Sept.“."""
    word = sentence.found[index]
    is_short = len(word.text) <= 4 and word.lower not in _SHORT_MONTHS
    return index + 2 if is_short and sentence.lower(index + 1) == "." else index + 1


def year_at(sentence: Sentence, index: int) -> int | None:
    """The year in four digits at ``index``, whether or not it is an amount."""
    value = sentence.number(index)
    if value is None or not 1000 <= value <= 2199 or len(sentence.lower(index)) != 4:
        return None
    return value


def day_reading(
    sentence: Sentence, last: int, day: int, month: int, year: int | None
) -> Reading | None:
    """A day of the calendar; without a year the one nearest to the publication."""
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
