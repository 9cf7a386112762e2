"""Where a text has a verb with the words that belong to it: „fiel das Fest ins Wasser“."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rag.language.negation import clause_bounds
from rag.language.outcome_lexicon import Outcome, Table, companion_keys
from rag.language.particles import separated_particle
from rag.language.words import Word

_IDIOM_GAP = 3


class Hit(NamedTuple):
    """An outcome in the words ``[first, last)``."""

    outcome: Outcome
    first: int
    last: int


def idiom_hits(found: tuple[Word, ...], table: Table) -> Iterator[Hit]:
    """All idioms of a sentence, by the form of the verb."""
    verbs = [index for index, word in enumerate(found) if word.lower in table.idioms]
    keys = [companion_keys(word.text) for word in found] if verbs else []
    for index in verbs:
        listed = table.idioms[found[index].lower]
        first, last = clause_bounds(found, index)
        for start in range(first, last):
            if _is_hour(found, start):
                continue
            for idiom in (idiom for key in keys[start] for idiom in listed.get(key, ())):
                end = _end_of_verb(found, index, idiom.particle)
                place = _last_companion(keys, idiom.companions, start, last)
                if end is not None and place is not None:
                    yield Hit(idiom.outcome, min(index, start), max(end, place) + 1)


def _end_of_verb(found: tuple[Word, ...], index: int, particle: str) -> int | None:
    """Where a verb ends with its particle, ``None`` where it has another or none."""
    if not particle:
        return index
    at = separated_particle(found, index)
    return at if at is not None and found[at].lower == particle else None


def _last_companion(
    keys: list[frozenset[str]], companions: tuple[str, ...], start: int, last: int
) -> int | None:
    """Where the last word of an idiom stands, each following the other with little between."""
    at = start
    for word in companions[1:]:
        near = range(at + 1, min(last, at + 2 + _IDIOM_GAP))
        found = next((place for place in near if word in keys[place]), None)
        if found is None:
            return None
        at = found
    return at


def _is_hour(found: tuple[Word, ...], at: int) -> bool:
    """„Gegen 18 Uhr stimmte der Rat“ is no vote against anything."""
    return found[at].lower == "gegen" and at + 1 < len(found) and found[at + 1].is_number
