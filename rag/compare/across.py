"""Compares words of two languages by the table of concepts and the names of places in both."""

from __future__ import annotations

from functools import cache

from rag.compare.frame import same_word
from rag.compare.lexicon import rules
from rag.compare.same import concepts_of
from rag.compare.verdict import Verdict
from rag.language.folding import fold


def across_languages(first: frozenset[str], second: frozenset[str]) -> Verdict:
    """Whether folded words in two languages may mean one thing."""
    if any(same_word(word, second) for word in first):
        return Verdict("same", 0.8, "a word or name is shared")
    named, other_named = _places_of(first), _places_of(second)
    if named & other_named:
        return Verdict("same", 0.8, "one place by its names in two languages")
    one, other = concepts_of(first), concepts_of(second)
    if one & other:
        return Verdict("same", 0.8, "one concept in two languages")
    if {kind for kind, _ in named} & {kind for kind, _ in other_named}:
        return Verdict("different", 0.7, "two places by their names in two languages")
    if not one or not other:
        return Verdict("unknown", 0.0, "named in two languages, not in the table of concepts")
    return Verdict("different", 0.7, "different concepts in two languages")


def _places_of(words: frozenset[str]) -> frozenset[tuple[str, int]]:
    return frozenset(place for word in words if (place := _exonyms().get(word)))


@cache
def _exonyms() -> dict[str, tuple[str, int]]:
    """Kind and row of each folded name."""
    listed: dict[str, list[list[str]]] = rules()["exonyms"]
    return {
        fold(name): (kind, row)
        for kind, rows in listed.items()
        for row, names in enumerate(rows)
        for name in names
    }
