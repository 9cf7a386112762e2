"""Reads numbers: digits with German or English separators, number words, fractions, vague plurals.

text2num was measured and left out: it rewrites a text instead of giving offsets, and knows neither
„Dutzend“ nor „anderthalb“ nor „Hunderte“.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from rag.language.lexicon import lexicon, word_set
from rag.language.number_words import (
    SIGNS,
    english_hundreds,
    english_number,
    english_phrase,
    german_number,
    is_share_in,
    ordinal_word,
    with_sign,
)
from rag.language.words import Word, lower_at
from rag.types import Language

NumeralForm = Literal["number", "vague", "share", "article", "zero", "ordinal"]
_GROUPED = {
    "de": re.compile(r"\d{1,3}(?:[.'’]\d{3})+(?:,\d+)?$|\d+,000$"),
    "en": re.compile(r"\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?$"),
}
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?$")


class Numeral(NamedTuple):
    """Words ``[first, last)`` say ``value``; ``low`` and ``high`` differ where they are vague.

    ``digits`` counts the significant digits written: 4 in 49.870, 1 in 50.000.
    A share (``form``) is a percentage.
    """

    first: int
    last: int
    value: float
    low: float
    high: float
    digits: int
    form: NumeralForm


def read_numeral(found: tuple[Word, ...], index: int, language: Language) -> Numeral | None:
    """The number that starts at word ``index``, else ``None``."""
    tongue = "en" if language == "en" else "de"
    if not _can_start(found[index].lower, tongue):
        return None
    for reader in (_ordinal, _each, _several, _fraction, _vague, _number, _article, _zero):
        numeral = reader(found, index, tongue)
        if numeral is not None:
            return numeral
    return None


@lru_cache(maxsize=65536)
def _can_start(word: str, tongue: str) -> bool:
    """Whether a number can start with this word: asked of every word, so the answer is kept."""
    if word[0].isdigit() or word in ("½", "¼", "¾"):
        return True
    lists = lexicon("numbers")
    names = ("articles", "halves", "vague", "several", "fractions", "zero", "compounds", "each")
    if any(word in lists.get(f"{tongue}_{name}", ()) for name in names):
        return True
    if tongue == "de":
        is_number = german_number(word) is not None
    else:
        is_number = english_number(word.partition("-")[0]) is not None
    return is_number or ordinal_word(word, tongue) is not None


def significant_digits(value: float) -> int:
    """How many digits of a number are written before only zeros follow."""
    digits = f"{value:.6f}".rstrip("0").rstrip(".").replace(".", "").lstrip("0")
    if float(value).is_integer():
        digits = digits.rstrip("0")
    return max(1, len(digits))


def _exact(first: int, last: int, value: float, form: NumeralForm = "number") -> Numeral:
    return Numeral(first, last, value, value, value, significant_digits(value), form)


def _number(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    if found[index].is_number:
        core = _digits(found, index, tongue)
    elif found[index].lower in lexicon("numbers")[f"{tongue}_articles"]:
        return None
    elif tongue == "en":
        core = english_phrase(found, index)
    else:
        value = german_number(found[index].lower)
        core = None if value is None else (value, index + 1)
    if core is None:
        return _bare_half(found, index, tongue)
    value, last = with_sign(found, *core)
    value, last = _scaled(found, value, last, tongue)
    value, last = english_hundreds(found, value, last, tongue)
    out_of = _out_of(found, index, last, value, tongue)
    return out_of or _exact(index, last, value)


def _digits(found: tuple[Word, ...], index: int, tongue: str) -> tuple[float, int] | None:
    text = found[index].text
    if _GROUPED[tongue].match(text):
        thousands, decimal = (".'’", ",") if tongue == "de" else (",'’", ".")
        if tongue == "de" and "." not in text and text.endswith(",000"):
            thousands, decimal = ",", "."
        return float(re.sub(f"[{thousands}]", "", text).replace(decimal, ".")), index + 1
    if not _PLAIN.match(text):
        return None
    last = index + 1
    if len(text) <= 3 and text.isdigit() and not text.startswith("0"):
        while _is_group(found, last):
            text += found[last].text
            last += 1
    if tongue == "en" and "," in text:
        return None
    return float(text.replace(",", ".")), last


def _is_group(found: tuple[Word, ...], index: int) -> bool:
    """Whether „000“ of „470 000“ stands at ``index``."""
    if index >= len(found) or len(found[index].text) != 3 or not found[index].text.isdigit():
        return False
    gap = found[index].start_char - found[index - 1].end_char
    return gap == 1 and not (index + 1 < len(found) and found[index + 1].text == ":")


def _scaled(found: tuple[Word, ...], value: float, last: int, tongue: str) -> tuple[float, int]:
    scales = lexicon("numbers")[f"{tongue}_scales"]
    while last < len(found) and found[last].lower in scales:
        value *= scales[found[last].lower]
        abbreviated = len(found[last].text) <= 3
        last += 1
        if abbreviated and last < len(found) and found[last].text == ".":
            last += 1
    return round(value, 6), last


def _bare_half(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    """„halbe Million“, „½ Stunde“, „half a million“, „Viertelmillion“."""
    lists = lexicon("numbers")
    lower = found[index].lower
    if isinstance(size := lists[f"{tongue}_compounds"].get(lower), int):
        return _exact(index, index + 1, float(size))
    half = SIGNS.get(lower) or lists[f"{tongue}_halves"].get(lower)
    if half is None:
        return None
    after = index + 1
    if tongue == "en" and lower_at(found, after) in ("a", "an"):
        after += 1
    value, last = _scaled(found, half, after, tongue)
    if last > after:
        return _exact(index, last, value)
    # Without a scale it takes a unit to make „half“ a number: the caller looks for one.
    return _exact(index, after, half, "article")


def _out_of(
    found: tuple[Word, ...], first: int, last: int, value: float, tongue: str
) -> Numeral | None:
    """„sieben von zehn“ as 70 %; only of round wholes, „zwei von 48 Stimmen“ is a count."""
    lists = lexicon("numbers")
    if lower_at(found, last) == "out":
        last += 1
    if lower_at(found, last) not in lists[f"{tongue}_of"] or last + 1 >= len(found):
        return None
    whole_word = found[last + 1]
    whole = german_number(whole_word.lower) if tongue == "de" else english_number(whole_word.lower)
    if whole is None and whole_word.text.isdigit():
        whole = float(whole_word.text)
    if whole not in (4, 5, 10, 100, 1000) or not 0 < value < whole:
        return None
    if found[last].lower == "in" and value != 1 and not is_share_in(found, last, tongue):
        return None
    return _exact(first, last + 2, round(100 * value / whole, 4), "share")


def _article(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    lists = lexicon("numbers")
    if found[index].lower not in lists[f"{tongue}_articles"] or index + 1 >= len(found):
        return None
    after = _bare_half(found, index + 1, tongue)
    if after is not None:
        return after._replace(first=index)
    value, last = _scaled(found, 1.0, index + 1, tongue)
    if last > index + 1:
        value, last = english_hundreds(found, value, last, tongue)
        return _exact(index, last, value)
    return _exact(index, index + 1, 1.0, "article")


def _zero(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    if found[index].lower in lexicon("numbers")[f"{tongue}_zero"]:
        return _exact(index, index + 1, 0.0, "zero")
    return None


def _several(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    """„mehrere hundert“, „ein paar Dutzend“; „mehrere“ alone says too little to compare."""
    lists = lexicon("numbers")
    bounds, after = lists[f"{tongue}_several"].get(found[index].lower), index + 1
    if found[index].lower == "ein" and lower_at(found, after) == "paar":
        bounds, after = [2, 10], index + 2
    if bounds is None or lower_at(found, after) not in lists[f"{tongue}_scales"]:
        return None
    size, last = _scaled(found, 1.0, after, tongue)
    low, high = bounds[0] * size, bounds[1] * size
    return Numeral(index, last, low, low, high, 1, "vague")


def _vague(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    lists = lexicon("numbers")
    bounds = lists[f"{tongue}_vague"].get(found[index].lower)
    if bounds is None:
        return None
    low, high, last = bounds[0], bounds[1], index + 1
    if found[index].lower == "tens" and lower_at(found, last) != "of":
        return None
    if (
        tongue == "en"
        and lower_at(found, last) == "of"
        and lower_at(found, last + 1)
        in (
            "thousands",
            "millions",
        )
    ):
        size = 1000 if lower_at(found, last + 1) == "thousands" else 1_000_000
        low, high, last = low * size, high * size, last + 2
    return Numeral(index, last, low, low, high, 1, "vague")


def _fraction(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    """„die Hälfte“, „zwei Drittel“, „two-thirds“ as a percentage."""
    lists = lexicon("numbers")
    parts = lists[f"{tongue}_fractions"]
    lower = found[index].lower
    if tongue == "en" and "-" in lower:
        ones, _, part = lower.partition("-")
        if ones in lists["en_ones"] and part in parts:
            return _share(index, index + 1, lists["en_ones"][ones] * parts[part])
        return None
    if lower == "hälfte":
        return _share(index, index + 1, 0.5)
    if lower == "half" and lower_at(found, index + 1) in ("of", "the"):
        return _share(index, index + 1, 0.5)
    times = german_number(lower) if tongue == "de" else english_number(lower)
    if lower in lists[f"{tongue}_articles"]:
        times = 1.0
    part = lower_at(found, index + 1)
    if times is None or part not in parts or part in ("hälfte", "half"):
        return None
    if tongue == "en" and lower_at(found, index + 2) != "of":
        return None
    if tongue == "en" and lower_at(found, index + 3) in ("a", "one"):
        size, last = _scaled(found, 1.0, index + 4, tongue)
        if last > index + 4:  # "a quarter of a million"
            return _exact(index, last, round(times * parts[part] * size, -2))
    return _share(index, index + 2, times * parts[part])


def _share(first: int, last: int, part: float) -> Numeral:
    value = round(100 * part, 4)
    return Numeral(first, last, value, value, value, 2, "share")


def _each(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    """„jeder Vierte“ as 25 %."""
    if found[index].lower not in lexicon("numbers").get(f"{tongue}_each", ()):
        return None
    whole = ordinal_word(lower_at(found, index + 1), tongue)
    if whole is None or whole < 2:
        return None
    return _share(index, index + 2, 1 / whole)


def _ordinal(found: tuple[Word, ...], index: int, tongue: str) -> Numeral | None:
    word = found[index]
    if word.is_number:
        if not word.text.isdigit() or len(word.text) > 3 or index + 2 >= len(found):
            return None
        mark = found[index + 1]
        glued = mark.start_char == word.end_char
        is_german = mark.text == "." and found[index + 2].is_word
        if glued and (is_german or mark.lower in ("st", "nd", "rd", "th")):
            return _exact(index, index + 2, float(word.text), "ordinal")
        return None
    if lower_at(found, index - 1) not in word_set("numbers", "before_ordinal"):
        return None
    value = ordinal_word(word.lower, tongue)
    return None if value is None else _exact(index, index + 1, value, "ordinal")
