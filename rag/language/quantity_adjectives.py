"""Amounts inside one word: „17-jährige“, „sechsstündig“, „dreimal“, „Viertelstunde“, „two-hour“."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rag.language.lexicon import lexicon
from rag.language.number_words import german_number
from rag.language.numerals import Numeral, read_numeral
from rag.language.quantity_context import counted_after
from rag.language.words import Word, lower_at, words


class AdjectiveAmount(NamedTuple):
    """Words ``[first, last)`` hold ``value`` times ``factor`` of ``unit``."""

    first: int
    last: int
    value: float
    factor: float
    unit: str | None
    counted: str | None


def after_digits(found: tuple[Word, ...], numeral: Numeral, tongue: str) -> AdjectiveAmount | None:
    """„17-jährige“, „500-mal“, „17-year-old“: digits, a hyphen and the rest."""
    if lower_at(found, numeral.last) not in ("-", "‑") or numeral.last + 1 >= len(found):
        return None
    tail = found[numeral.last + 1]
    if not found[numeral.first].is_number or tail.start_char != found[numeral.last].end_char:
        return None
    return _amount(found, numeral.first, numeral.last + 1, tail.lower, numeral.value, tongue)


def in_word(found: tuple[Word, ...], index: int, tongue: str) -> AdjectiveAmount | None:
    """„sechsstündige“, „siebzehnjährige“, „dreimal“, „Viertelstunde“, „two-hour“."""
    word = found[index].lower
    if not _may_hold_amount(word, tongue):
        return None
    part = lexicon("numbers")[f"{tongue}_compounds"].get(word)
    if isinstance(part, list):
        return AdjectiveAmount(index, index + 1, float(part[0]), 1.0, "min", None)
    if tongue == "en":
        return _english(found, index)
    for ending in lexicon("units")["adjective_units"]:
        position = word.find(ending)
        if position > 0 and len(word) - position - len(ending) <= 2:
            value = german_number(word[:position].removesuffix("-"))
            if value is not None and not (ending == "mal" and value == 1):
                return _amount(found, index, index, word[position:], value, tongue)
    return None


@lru_cache(maxsize=65536)
def _may_hold_amount(word: str, tongue: str) -> bool:
    if word in lexicon("numbers")[f"{tongue}_compounds"]:
        return True
    if tongue == "en":
        return "-" in word
    return any(ending in word for ending in lexicon("units")["adjective_units"])


def _english(found: tuple[Word, ...], index: int) -> AdjectiveAmount | None:
    number, hyphen, tail = found[index].lower.partition("-")
    numeral = read_numeral(words(number), 0, "en") if hyphen and number else None
    if numeral is None or numeral.form != "number":
        return None
    return _amount(found, index, index, tail, numeral.value, "en")


def _amount(
    found: tuple[Word, ...], first: int, index: int, tail: str, value: float, tongue: str
) -> AdjectiveAmount | None:
    """The amount whose unit is ``tail``, the end of word ``index``."""
    units = lexicon("units")["adjective_units" if tongue == "de" else "adjective_units_en"]
    ending = next((ending for ending in units if tail.startswith(ending)), None)
    if ending is None:
        return None
    unit, factor = units[ending]
    counted = "Personen" if ending == "köpfig" else None
    is_age = tail.startswith("year-old") or (ending == "jährig" and _is_aged(found, index))
    if is_age:
        unit, factor = "age", 1
        noun = counted_after(found, index + 1, tongue) if found[index].text.islower() else None
        counted = noun.text if noun else None
    return AdjectiveAmount(first, index + 1, value, factor, unit, counted)


def _is_aged(found: tuple[Word, ...], index: int) -> bool:
    """Whether „17-jährige“ tells the age of somebody and no length of time."""
    if not found[index].text.islower():
        return True
    noun = counted_after(found, index + 1, "de")
    endings = tuple(lexicon("units")["not_aged_endings"])
    return noun is not None and not noun.text.lower().removesuffix("s").endswith(endings)
