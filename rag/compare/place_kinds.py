"""What is known of kinds of place: which hold which, which words mean one kind."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rag.language.folding import fold
from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_places.yaml"
_INFLECTIONS = ("", "n", "s", "en", "es", "e", "er", "ern")
_EXACT = "="
"""Before a word that ends too many others to stand for them: "haus" in "Krankenhaus"."""
_SHORTEST_ENDING = 4


@cache
def place_rules() -> dict[str, Any]:
    """The whole file; treat it as read-only."""
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded


@cache
def spot_endings() -> tuple[str, ...]:
    """Endings of German nouns, lower case, for a place one can stand at; short ones are whole."""
    listed: dict[str, str] = place_rules()["spots"]
    return tuple(word for words in listed.values() for word in words.split())


@lru_cache(maxsize=16384)
def is_spot_noun(lemma: str) -> bool:
    """Whether a German noun names a place one can stand at."""
    return _ends_in(lemma.lower(), _spots())


@lru_cache(maxsize=16384)
def is_no_spot(lemma: str) -> bool:
    """„auf der Flucht“, „im Einsatz“: behind a preposition of place, yet no place."""
    return _ends_whole(lemma.lower(), _no_spots())


@lru_cache(maxsize=16384)
def is_anywhere(lemma: str) -> bool:
    """„am Unfallort“: wherever that was."""
    return _ends_whole(lemma.lower(), _anywhere())


@lru_cache(maxsize=16384)
def names_place(lemma: str) -> bool:
    """„Standort“, „Schauplatz“: a noun that says that the place follows."""
    return _ends_in(lemma.lower(), _namers())


@cache
def choices() -> re.Pattern[str]:
    """Verbs of choosing, whose object is the place where one is asked for."""
    return re.compile(place_rules()["place_chosen"], re.IGNORECASE)


@cache
def adverbs() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Places that are no noun phrase („zu Hause“), each with the word it is compared by."""
    listed: list[list[str]] = place_rules()["adverbs"]
    return tuple((re.compile(pattern, re.IGNORECASE), fold(word)) for pattern, word in listed)


def is_alike(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether folded words of two places mean one kind: „Foyer“, „Eingangshalle“."""
    return bool(_rows(words, "alike") & _rows(others, "alike"))


def may_hold(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of two places, in folded words, is of a kind that holds the other's."""
    return bool(
        _rows(words, "holders") & _rows(others, "parts")
        or _rows(others, "holders") & _rows(words, "parts")
    )


def parts_apart(words: frozenset[str], others: frozenset[str]) -> bool:
    """Two parts of one kind of place, as „im Foyer“ and „im Ratssaal“, that are not alike."""
    return bool(_rows(words, "parts") & _rows(others, "parts")) and not is_alike(words, others)


@lru_cache(maxsize=4096)
def _rows(words: frozenset[str], column: str) -> frozenset[int]:
    return frozenset(
        row
        for row, entries in enumerate(_table(column))
        if any(_ends_in(word, entries) for word in words)
    )


@cache
def _table(column: str) -> tuple[frozenset[str], ...]:
    if column == "alike":
        return tuple(_entries(row) for row in place_rules()["alike"])
    return tuple(_entries(row[column]) for row in place_rules()["parts"])


def _entries(row: str) -> frozenset[str]:
    return frozenset(
        (_EXACT if entry.startswith(_EXACT) else "") + fold(entry.removeprefix(_EXACT))
        for entry in row.split()
    )


@cache
def _spots() -> frozenset[str]:
    return frozenset(spot_endings())


@cache
def _no_spots() -> frozenset[str]:
    return frozenset(place_rules()["no_spots"]["de"].split())


@cache
def _anywhere() -> frozenset[str]:
    return frozenset(place_rules()["anywhere"].split())


@cache
def _namers() -> frozenset[str]:
    return frozenset(place_rules()["place_namers"]["de"].split())


def _forms(word: str) -> frozenset[str]:
    return frozenset(word.removesuffix(ending) for ending in _INFLECTIONS if word.endswith(ending))


def _ends_whole(word: str, entries: frozenset[str]) -> bool:
    return bool(_forms(word) & entries)


@lru_cache(maxsize=65536)
def _ends_in(word: str, entries: frozenset[str]) -> bool:
    """Whether a word, however inflected, is an entry or a compound that ends with one."""
    for form in _forms(word):
        if form in entries or f"{_EXACT}{form}" in entries:
            return True
        if any(form[start:] in entries for start in range(1, len(form) - _SHORTEST_ENDING + 1)):
            return True
    return False
