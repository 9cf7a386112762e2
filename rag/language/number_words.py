"""Number words of one language: „einundvierzig“, „two hundred and fifty“, „vierter“."""

from __future__ import annotations

from functools import lru_cache

from rag.language.lexicon import lexicon
from rag.language.words import Word, lower_at

SIGNS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_HUNDRED = 100
_AND_A_HALF = "-and-a-half"
_ENDINGS = ("en", "er", "es", "em", "e")


@lru_cache(maxsize=16384)
def german_number(word: str) -> float | None:
    """What a German number word written as one word says, else ``None``."""
    lists = lexicon("numbers")
    for name in ("de_ones", "de_teens", "de_tens", "de_other"):
        if word in lists[name]:
            return float(lists[name][word])
    for scale, size in (("tausend", 1000), ("hundert", 100)):
        if scale in word:
            return _german_product(word, scale, size)
    if "und" in word:
        ones, _, tens = word.rpartition("und")
        if ones in lists["de_ones"] and tens in lists["de_tens"]:
            return float(lists["de_ones"][ones] + lists["de_tens"][tens])
    return None


def _german_product(word: str, scale: str, size: int) -> float | None:
    before, _, after = word.partition(scale)
    times = german_number(before) if before else 1.0
    rest = german_number(after.removeprefix("und")) if after else 0.0
    if times is None or rest is None or rest >= size:
        return None
    return times * size + rest


def english_phrase(found: tuple[Word, ...], index: int) -> tuple[float, int] | None:
    """What „two hundred and fifty“ from ``index`` on says, and where it ends."""
    value = english_number(found[index].lower)
    if value is None:
        return None
    return english_rest(found, value, index + 1)


def english_rest(found: tuple[Word, ...], value: float, last: int) -> tuple[float, int]:
    """What the words from ``last`` on add to a value: „hundred and fifty“ to 2."""
    while last < len(found):
        skip = 1 if found[last].lower == "and" and value >= 100 else 0
        word = lower_at(found, last + skip)
        if word == "hundred" and value < 100:
            value *= 100
        elif (more := english_number(word)) is not None and value % 100 == 0 and 0 < more < 100:
            value += more
        else:
            break
        last += skip + 1
    if [lower_at(found, last + offset) for offset in range(3)] == ["and", "a", "half"]:
        return value + 0.5, last + 3
    return value, last


def english_hundreds(
    found: tuple[Word, ...], value: float, last: int, tongue: str
) -> tuple[float, int]:
    """The rest of "two thousand five hundred" and "a hundred and twenty"."""
    if tongue != "en" or value < _HUNDRED or value % _HUNDRED or found[last - 1].is_number:
        return value, last
    skip = lower_at(found, last) == "and"
    if last + skip >= len(found) or found[last + skip].is_number:
        return value, last
    more = english_phrase(found, last + skip)
    if more is None or not 0 < more[0] < _largest_behind(value):
        return value, last
    return value + more[0], more[1]


def _largest_behind(value: float) -> float:
    return 1000.0 if value % 1000 == 0 else 100.0


@lru_cache(maxsize=4096)
def english_number(word: str) -> float | None:
    """What an English number word („forty-one“) says, else ``None``."""
    lists = lexicon("numbers")
    if word.endswith(_AND_A_HALF):
        whole = english_number(word.removesuffix(_AND_A_HALF))
        return None if whole is None else whole + 0.5
    for name in ("en_ones", "en_teens", "en_tens"):
        if word in lists[name]:
            return float(lists[name][word])
    tens, hyphen, ones = word.partition("-")
    if hyphen and tens in lists["en_tens"] and ones in lists["en_ones"]:
        return float(lists["en_tens"][tens] + lists["en_ones"][ones])
    return None


@lru_cache(maxsize=8192)
def ordinal_word(word: str, tongue: str) -> float | None:
    """What an ordinal written as a word („vierter“, „third“) says, else ``None``."""
    known = lexicon("numbers")[f"{tongue}_ordinals"]
    if tongue == "en":
        value: float | None = known.get(word)
        return value
    for ending in _ENDINGS:
        if not word.endswith(ending):
            continue
        stem = word.removesuffix(ending)
        if stem in known:
            return float(known[stem])
        if stem.endswith("st") and (value := german_number(stem.removesuffix("st"))):
            return value
    return None


def with_sign(found: tuple[Word, ...], value: float, last: int) -> tuple[float, int]:
    """The half of „12½“."""
    if last < len(found) and found[last].start_char == found[last - 1].end_char:
        part = SIGNS.get(found[last].text)
        if part is not None:
            return value + part, last + 1
    return value, last


def is_share_in(found: tuple[Word, ...], at: int, tongue: str) -> bool:
    """Shares such as "seven in ten voters"; "three in ten days" counts within a time."""
    if tongue != "en" or found[at - 1].is_number or found[at + 1].is_number:
        return False
    after = lower_at(found, at + 2)
    return after not in lexicon("units")["units"]["min"] and after.endswith("s")
