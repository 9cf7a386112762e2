"""Finds the stretches of capitalised words that can hold a name."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rag.language.common_nouns import is_common_noun
from rag.language.lexicon import lexicon, word_set
from rag.language.words import Word, lower_at

_LINK_CHAINS = (("von", "der"), ("van", "der"), ("van", "den"), ("von", "dem"), ("de", "la"))


class Run(NamedTuple):
    """Capitalised words ``[first, last)``; ``office`` is a lower-case title before (English)."""

    first: int
    last: int
    office: int | None = None


def runs(found: tuple[Word, ...], tongue: str) -> tuple[Run, ...]:
    """All runs of a sentence; quotation marks and numbers end one."""
    listed: list[Run] = []
    index = 0
    while index < len(found):
        if not _starts(found, index, tongue):
            index += 1
            continue
        last = index + 1
        while not _ends_name(found, last - 1, tongue):
            after = _goes_on(found, last)
            if after is None:
                break
            last = after
        listed.append(Run(index, last, _office_before(found, index, tongue)))
        index = last
    return tuple(listed)


def _starts(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    word = found[index]
    if not word.is_capitalised or not _can_be_name(word):
        return False
    is_opening = index == 0 or not found[index - 1].is_word
    return not (
        is_opening
        and (
            word.lower in word_set("names", "sentence_openers")
            or word.lower in word_set("functions", tongue)
            or word.lower in word_set("functions", "de")
        )
    )


def _can_be_name(word: Word) -> bool:
    return _may_name(word.text, word.lower)


@lru_cache(maxsize=65536)
def _may_name(word: str, lower: str) -> bool:
    if lower in word_set("names", "not_names") or lower in word_set("speech", "pronouns"):
        return False
    is_unit = any(lower in listed for listed in lexicon("units")["units"].values())
    is_number = lower in lexicon("numbers")["de_scales"]
    return not (is_unit and len(word) > 1) and not is_number


def _goes_on(found: tuple[Word, ...], index: int) -> int | None:
    """Where the run ends if it goes on at ``index``: another capital, an initial, „von der X“."""
    if index >= len(found):
        return None
    word = found[index]
    if word.start_char > found[index - 1].end_char + 1:
        return None  # a tab or a line break ends a name
    if word.text == "." and len(found[index - 1].text) == 1 and found[index - 1].text.isupper():
        is_initial = index + 1 < len(found) and found[index + 1].is_capitalised
        return index + 2 if is_initial else None
    if word.is_capitalised and _can_be_name(word):
        return index + 1
    for chain in _LINK_CHAINS:
        if (word.lower, lower_at(found, index + 1)) == chain and _is_capital(found, index + 2):
            return index + 3
    is_link = word.text in ("von", "van", "de", "bin", "ibn", "al", "del", "di", "da", "zu")
    return index + 2 if is_link and _is_aristocratic(found, index) else None


def _ends_name(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    """Whether a name is over although a capital follows: „Putins Besuch“, „in Peking Kim …“."""
    word = found[index]
    if tongue == "en" or index + 1 >= len(found):
        return False
    if _is_place(word.lower) and lower_at(found, index - 1) in ("in", "nach", "aus"):
        return True
    is_genitive = word.lower.endswith("s") and word.lower not in word_set("names", "first_names")
    after = found[index + 1].text
    if not is_genitive or not found[index + 1].is_capitalised or not is_common_noun(after):
        return False
    return _is_place(word.lower.removesuffix("s")) or not is_common_noun(word.text)


def _is_place(lower: str) -> bool:
    return lower in word_set("names", "countries") or lower in word_set("names", "cities")


def _is_capital(found: tuple[Word, ...], index: int) -> bool:
    return index < len(found) and found[index].is_capitalised and _can_be_name(found[index])


def _is_aristocratic(found: tuple[Word, ...], index: int) -> bool:
    """„Ursula von Stroth“, not „Bürgermeister von Dornbach“: behind a first name."""
    before = lower_at(found, index - 1)
    return before in word_set("names", "first_names") and _is_capital(found, index + 1)


def _office_before(found: tuple[Word, ...], index: int, tongue: str) -> int | None:
    """English writes „mayor Jo Lund“ small."""
    if tongue != "en" or index == 0:
        return None
    is_office = lower_at(found, index - 1) in word_set("offices", "en")
    return index - 1 if is_office else None
