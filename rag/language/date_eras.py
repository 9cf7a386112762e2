"""Reads English spellings in one word and Latin eras: "mid-1920s", "18th-century", "AD 79"."""

from __future__ import annotations

import re
from datetime import date

from rag.language.date_reading import Reading, Sentence
from rag.language.date_resolution import Days
from rag.language.number_words import ordinal_word

_CENTURY = "-century"
_ERAS = frozenset({"ad", "ce"})
_IN_ONE_WORD = re.compile(r"(?P<part>early|mid|late)-(?P<decade>\d{3}0)s?$")
_PARTS = {"early": (0, 3), "mid": (3, 6), "late": (6, 9)}
_IN_FRONT = ("early-", "mid-", "late-")
_LAST_CENTURY, _FIRST_FOUR_DIGITS = 21, 1000


def starts_era(word: str) -> bool:
    """Whether one of these can start with this word."""
    return word == "ad" or word.endswith(_CENTURY) or word.startswith(_IN_FRONT)


def read_spelled_era(sentence: Sentence, index: int) -> Reading | None:
    """The first of these that is there."""
    readers = (_joined_century, _part_of_decade, _latin_era)
    found = (reading for read in readers if (reading := read(sentence, index)))
    return next(found, None)


def _joined_century(sentence: Sentence, index: int) -> Reading | None:
    """The period of "nineteenth-century houses"."""
    word = sentence.lower(index)
    number = ordinal_word(word.removesuffix(_CENTURY), "en") if word.endswith(_CENTURY) else None
    if number is None or not 1 <= number <= _LAST_CENTURY:
        return None
    first = int(number - 1) * 100 + 1
    return Reading(index + 1, "year", Days(date(first, 1, 1), date(first + 99, 12, 31)))


def _part_of_decade(sentence: Sentence, index: int) -> Reading | None:
    """A decade's part in one word: "mid-1920s"."""
    decade = _IN_ONE_WORD.match(sentence.lower(index))
    if decade is None:
        return None
    first = int(decade["decade"])
    low, high = _PARTS[decade["part"]]
    return Reading(index + 1, "year", Days(date(first + low, 1, 1), date(first + high, 12, 31)))


def _latin_era(sentence: Sentence, index: int) -> Reading | None:
    """Years such as "AD 79" and "500 AD"; before Christ no date can be written as a day."""
    is_before = sentence.lower(index) in _ERAS
    year = sentence.number(index + is_before)
    is_behind = sentence.lower(index + 1) in _ERAS
    if year is None or not (is_before or is_behind) or not 1 <= year < _FIRST_FOUR_DIGITS:
        return None
    if not sentence.found[index + 1 - is_before].text.isupper():
        return None
    return Reading(index + 2, "year", Days(date(year, 1, 1), date(year, 12, 31)), year=year)
