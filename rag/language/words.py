"""Cuts a sentence into words, numbers and marks with offsets; what all extraction reads.

The index has its own tokens (``rag.language.terms``); here numbers with their separators, ISO dates
and hyphenated words stay whole, because a rule about „17-jährige“ or „1.500“ needs them whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(
    r"\d{4}-\d{2}-\d{2}(?!\d)"  # an ISO date
    r"|\d+(?:[.,:'’]\d+)*"  # 1.500  1,5  19:15  3.9.2025  1'500
    r"|[^\W\d_]\w*(?:[-‑'’]\w+)*"  # US-Präsident  Covid-19  Jong-un  don't
    r"|\S"
)
OPENING = "„“«»‚‘\"'‹›”"
"""Every quotation mark German or English print uses, opening or closing."""


class Word(NamedTuple):
    """A word, number or mark ``text[start_char:end_char]``; ``lower`` is what lexicons know."""

    text: str
    lower: str
    start_char: int
    end_char: int

    @property
    def is_number(self) -> bool:
        """Whether it starts with a digit."""
        return self.text[0].isdigit()

    @property
    def is_capitalised(self) -> bool:
        """Whether it starts with a capital letter."""
        return self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it starts with a letter."""
        return self.text[0].isalpha()


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[Word, ...]:
    """The words, numbers and marks of a text, in order."""
    return tuple(
        Word(match.group(), match.group().lower(), match.start(), match.end())
        for match in _WORD.finditer(text)
    )


def sequence_at(found: tuple[Word, ...], index: int, sequence: tuple[str, ...]) -> bool:
    """Whether the lower-case words from ``index`` on are ``sequence``."""
    if index < 0 or index + len(sequence) > len(found):
        return False
    return all(found[index + offset].lower == word for offset, word in enumerate(sequence))


def lower_at(found: tuple[Word, ...], index: int) -> str:
    """The lower-case word at ``index``, empty outside the sentence."""
    return found[index].lower if 0 <= index < len(found) else ""
