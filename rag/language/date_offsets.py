"""Reads dates counted from today: „vor zwei Jahren“, „in drei Wochen“, „heute in einer Woche“."""

from __future__ import annotations

from datetime import timedelta

from rag.language.date_reading import Reading, Sentence
from rag.language.date_resolution import Days, ago_days
from rag.language.lexicon import lexicon
from rag.language.numerals import read_numeral


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


def from_today(sentence: Sentence, at: int) -> Reading | None:
    """The rest of „heute in einer Woche“, „heute vor drei Tagen“: to the day."""
    sign = {"in": 1, "vor": -1}.get(sentence.lower(at))
    numeral = read_numeral(sentence.found, at + 1, "de") if at + 1 < len(sentence.found) else None
    if sign is None or numeral is None or sentence.published is None:
        return None
    size = {"day": 1, "week": 7}.get(
        lexicon("calendar")["ago_units"].get(sentence.lower(numeral.last), "")
    )
    if size is None:
        return None
    day = sentence.published + timedelta(days=sign * size * int(numeral.value))
    return Reading(numeral.last + 1, "relative", Days(day, day), False)


def read_hence(sentence: Sentence, index: int) -> Reading | None:
    """„in drei Wochen“ where the sentence looks ahead; elsewhere it may be how long it took."""
    if sentence.lower(index) != "in" or not sentence.is_future or sentence.published is None:
        return None
    at = index + 1
    while sentence.lower(at) in ("rund", "etwa", "gut", "knapp", "ungefähr"):
        at += 1
    if at >= len(sentence.found):
        return None
    numeral = read_numeral(sentence.found, at, "en" if sentence.tongue == "en" else "de")
    if numeral is None or numeral.form not in ("number", "article"):
        return None
    unit = lexicon("calendar")["ago_units"].get(sentence.lower(numeral.last))
    if unit in (None, "hour") or numeral.value > 100:
        return None
    days = ago_days(numeral.value, unit, sentence.published, 1)
    return Reading(numeral.last + 1, "relative", days, False)
