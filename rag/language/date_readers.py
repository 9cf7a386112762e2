"""Reads calendar expressions word by word: days, months, seasons, quarters, years."""

from __future__ import annotations

import re
from datetime import date

from rag.language.date_reading import Reading, Sentence, after_month, day_reading, month_at, year_at
from rag.language.date_resolution import (
    Days,
    month_days,
    nearest_season_year,
    nearest_year,
    safe_date,
    season_days,
    year_days,
)
from rag.language.lexicon import lexicon, word_set
from rag.language.numerals import read_numeral

_NUMERIC = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?$")


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")


_SUFFIXES = ("st", "nd", "rd", "th")

_EARLIEST_BARE, _PLAIN_YEARS = 800, 1500
_BEFORE_BARE = frozenset(
    ["", "wurde", "wurden", "war", "waren", "erst", "schon", "bereits", "um", "sie", "er", "es"]
)
_PLAIN_ENGLISH_YEARS = 1700
_PEOPLE = frozenset({"people", "men", "women", "children", "soldiers", "troops", "inhabitants"})
_BEFORE_YEAR = frozenset({"in", "by", "of", "from", "to", "until", "before", "after", "since",
                          "during", "circa", "c", "ca", "and", "between", "("})  # fmt: skip
_NO_PLURALS = frozenset({"was", "is", "has", "as", "its", "his", "this", "us", "onwards", "towards",
                         "across", "always", "does", "plus", "versus", "thus", "perhaps",
                         "besides", "whereas", "afterwards", "upwards", "congress", "press",
                         "focus", "campus", "census"})  # fmt: skip
_ABOUT_YEAR = frozenset({"circa", "ca", "c", "around"})
_FALL = frozenset({"fall"})
"""Mostly something else: a season only with its year."""
_HALVES = frozenset({"half"})
"""Of a year only with its number: most halves are of matches."""
_VERB_ENDINGS = ("t", "e", "en", "d", "b", "ß")


def read_numeric(sentence: Sentence, index: int) -> Reading | None:
    """„2025-09-03“, „3.9.2025“, „03.09.“, „9/3/2025“."""
    text = sentence.found[index].text
    if iso := _ISO.match(text):
        return day_reading(sentence, index + 1, int(iso[3]), int(iso[2]), int(iso[1]))
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
        return day_reading(sentence, index + 2, int(numeric[1]), int(numeric[2]), None)
    full = int(year) + (2000 if len(year) == 2 else 0)
    return day_reading(sentence, index + 1, int(numeric[1]), int(numeric[2]), full)


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
    month = month_at(sentence, at)
    if month is None:
        return None
    at = after_month(sentence, at)
    if sentence.tongue == "en" and sentence.lower(at) == "," and year_at(sentence, at + 1):
        at += 1  # "5th of May, 1990"
    year = year_at(sentence, at)
    return day_reading(sentence, at + 1 if year else at, day, month, year)


def _range_end(sentence: Sentence, at: int, day: int) -> Reading | None:
    """The rest of „3. bis 5. September“."""
    if sentence.lower(at) not in ("bis", "und", "-", "–", "/", "to"):
        return None
    end_day = sentence.number(at + 1)
    if end_day is None or end_day <= day:
        return None
    end = read_day(sentence, at + 1)
    if end is None or end.day is None:
        return None
    if end.days is None:
        return end._replace(day=None)
    start = safe_date(end.days.end.year, end.days.end.month, day)
    return end._replace(days=Days(start, end.days.end), day=None) if start else None


def read_month_first(sentence: Sentence, index: int) -> Reading | None:
    """„September 3, 2025“ in English, else „September 2025“ and „im September“."""
    month = month_at(sentence, index)
    if month is None:
        return None
    at = after_month(sentence, index)
    day = sentence.number(at)
    if sentence.tongue == "en" and day is not None and 1 <= day <= 31:
        at += 1 + (sentence.lower(at + 1) in _SUFFIXES)
        year = year_at(sentence, at + 1) if sentence.lower(at) == "," else year_at(sentence, at)
        if year:
            at += 2 if sentence.lower(at) == "," else 1
        return day_reading(sentence, at, day, month, year)
    year = year_at(sentence, at)
    is_ambiguous = sentence.lower(index) in word_set("calendar", "ambiguous_months")
    if year is None and is_ambiguous and not _announces_month(sentence, index):
        return None
    at = at + 1 if year else at
    near = year or nearest_year(month, sentence.published, is_ahead=sentence.is_bounded(index))
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


def read_season(sentence: Sentence, index: int) -> Reading | None:
    """„Frühjahr 2025“, „im Herbst“, „zweites Quartal 2024“."""
    season = lexicon("calendar")["seasons"].get(sentence.lower(index))
    if season is None:
        return None
    if sentence.tongue == "en" and sentence.lower(index - 1) not in (
        "in", "the", "this", "last", "next", "of", "since", "by", "late", "early",
    ):  # fmt: skip
        return None
    year = year_at(sentence, index + 1)
    last = index + 2 if year else index + 1
    if year is None and sentence.lower(index + 1) == "of":
        year = year_at(sentence, index + 2)
        last = index + 3 if year else last
    if year is None and sentence.lower(index) in _FALL:
        return None
    if year is None and sentence.lower(index + 1) in ("des", "dieses"):
        year = year_at(sentence, index + 3)
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
    of = sentence.lower(index + 2) == "of"
    year = year_at(sentence, index + 2 + of)
    if year is None and sentence.lower(index + 1) in _HALVES:
        return None
    near = year or (sentence.published.year if sentence.published else None)
    last = index + 3 + of if year else index + 2
    if near is None:
        return Reading(last, "season", None, False)
    first_month = int(numeral.value - 1) * months + 1
    end = month_days(near, first_month + months - 1).end
    return Reading(last, "season", Days(date(near, first_month, 1), end), year is not None)


def read_year(sentence: Sentence, index: int) -> Reading | None:
    """„2025“, „2023/24“, „1990er Jahre“ where the number is no amount."""
    year = year_at(sentence, index) or _short_decade(sentence, index)
    if year is None:
        return None
    if sentence.lower(index + 1) in ("er", "er-jahre", "er-jahren", "s"):
        last = index + 3 if sentence.lower(index + 2) in ("jahre", "jahren") else index + 2
        decade = year - year % 10
        return Reading(last, "year", Days(date(decade, 1, 1), date(decade + 9, 12, 31)), year=None)
    is_range = sentence.lower(index + 1) in ("-", "–") and year_at(sentence, index + 2)
    if not is_range and not _is_year(sentence, index, year):
        return None
    if sentence.lower(index + 1) in ("/", "-", "–", "bis") and index + 2 < len(sentence.found):
        end = sentence.number(index + 2)
        if end is not None and len(sentence.lower(index + 2)) in (2, 4):
            end = end if end > 1000 else year - year % 100 + end
            if year < end <= year + 120:
                return Reading(index + 3, "year", Days(date(year, 1, 1), date(end, 12, 31)))
    return Reading(index + 1, "year", year_days(year), year=year)


def _is_medieval(sentence: Sentence, index: int, year: int) -> bool:
    """„wurde 1482 gegossen“, „Erst 1342 wuchsen die Mauern“: what news counts, it counts of things.

    So a number of that size in the place of an adverb of time, with a verb behind it, is a year.
    """
    if not _EARLIEST_BARE <= year < _PLAIN_YEARS or index + 1 >= len(sentence.found):
        return False
    after = sentence.found[index + 1]
    before = sentence.lower(index - 1) if index else ""
    is_behind_noun = index > 1 and sentence.found[index - 1].is_capitalised
    ends_phrase = not after.is_word and (before in ("von", "aus") or is_behind_noun)
    is_verb = after.is_word and not after.is_capitalised and after.lower.endswith(_VERB_ENDINGS)
    # „1200 geladene Gäste“ are counted, and „1200 gezählt“ may be.
    is_counted = index + 2 < len(sentence.found) and sentence.found[index + 2].is_capitalised
    is_round = year % 100 == 0 and before != "um"
    return ends_phrase or (is_verb and not is_counted and not is_round and before in _BEFORE_BARE)


def _is_english_year(before: str, after: str, year: int) -> bool:
    """Whether no plural is counted: "since 1066", "the 1971 elections", "1971 was"."""
    if after in _PEOPLE:
        return False
    is_timed = before in _BEFORE_YEAR or (before == "the" and not after.endswith("s"))
    if year < _PLAIN_ENGLISH_YEARS and not is_timed:
        return False
    is_plural = after.endswith("s") and after not in _NO_PLURALS
    return not is_plural or (before in ("in", "the", "by") and year >= _PLAIN_ENGLISH_YEARS)


def _short_decade(sentence: Sentence, index: int) -> int | None:
    """The year a decade without its century begins: „90er Jahre“ are those of the last one."""
    word, after = sentence.lower(index), sentence.lower(index + 1)
    if len(word) != 2 or not word.isdigit() or word[1] != "0":
        return None
    is_decade = after.startswith("er-j") or (
        after == "er" and sentence.lower(index + 2) in ("jahre", "jahren")
    )
    return 1900 + int(word) if is_decade else None


def _is_year(sentence: Sentence, index: int, year: int) -> bool:
    lists = lexicon("calendar")
    before = sentence.lower(index - 1)
    if before in word_set("calendar", "year_cues") or before in lists["months"]:
        return True
    if sentence.tongue != "en" and _is_medieval(sentence, index, year):
        return True
    if sentence.tongue == "en" and before in _ABOUT_YEAR and index > 1:
        return index + 1 >= len(sentence.found) or not sentence.found[index + 1].is_word
    hedges = lexicon("hedges")["en" if sentence.tongue == "en" else "de"]
    if before in hedges["about"] or (before in hedges["at_least"] and before != "ab"):
        return False
    if index + 1 >= len(sentence.found):
        return True
    after = sentence.found[index + 1]
    if any(after.lower in words for words in lexicon("units")["units"].values()):
        return False
    if sentence.tongue == "en":
        return _is_english_year(before, after.lower, year)
    is_noun = after.is_capitalised and after.lower not in lists["weekdays"]
    is_office = after.lower in word_set("offices", "de")
    return year >= _PLAIN_YEARS and (not is_noun or is_office)
