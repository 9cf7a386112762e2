"""The turns of phrase that take a side (``stances`` in ``rag/data/compare.yaml``), found in a text.

Most sentences have none. Nearly all patterns begin at a word; whether any of those is there is
asked in one go, in small letters, because letters of either case are a slow search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rag.compare.lexicon import rules

_AT_WORD = r"\b"
_NEGATION = re.compile(r"nicht|kein|\bnie|\bno\b|never|kaum")
_POINT_IN_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")


class Turn(NamedTuple):
    """A pattern with the side it takes on a topic."""

    topic: str
    sign: int
    pattern: re.Pattern[str]
    holds_negation: bool


def turns_in(text: str) -> Iterator[tuple[Turn, int, int]]:
    """Every turn of phrase in a text with its place, in the order of the list."""
    # Patterns end at a full stop, not inside 9.000.
    plain = _in_small_letters(_POINT_IN_NUMBER.sub("·", text))
    for turn in _turns() if _any_at_word().search(plain) else _elsewhere():
        for match in turn.pattern.finditer(plain):
            yield turn, match.start(), match.end()


def _in_small_letters(text: str) -> str:
    """Letter for letter: of "İ" two would come."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


@cache
def _turns() -> tuple[Turn, ...]:
    return tuple(
        Turn(topic, sign, re.compile(pattern), bool(_NEGATION.search(pattern)))
        for topic, sign, pattern in rules()["stances"]
    )


@cache
def _elsewhere() -> tuple[Turn, ...]:
    return tuple(turn for turn in _turns() if not turn.pattern.pattern.startswith(_AT_WORD))


@cache
def _any_at_word() -> re.Pattern[str]:
    listed = [turn.pattern.pattern for turn in _turns()]
    return re.compile("|".join(f"(?:{one})" for one in listed if one.startswith(_AT_WORD)))
