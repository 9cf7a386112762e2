"""Which words of a sentence negate, and how far: a clause, up to the next comma or „und“."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rag.language.lexicon import phrases, word_set
from rag.language.words import Word, lower_at, sequence_at, words
from rag.types import Language

_ENGLISH_REACH = 5
_ENGLISH_OBJECTS = frozenset({"no", "nothing", "nobody", "none", "nowhere"})
_BEFORE_OBJECT = 2
"""„found no listeria“: what denies the object denies the verb before it."""
_BREAKS = frozenset(',;:–—.!?()"„“”»«')


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation:
    """A negating word and the stretch of text it negates."""

    start_char: int
    end_char: int
    text: str
    scope_start: int
    scope_end: int


@lru_cache(maxsize=4096)
def negations(text: str, language: Language) -> tuple[Negation, ...]:
    """All negations of a sentence."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    listed = []
    for index in range(len(found)):
        if not is_negator(found, index, tongue):
            continue
        first, last = scope(found, index, tongue)
        word = found[index]
        listed.append(
            Negation(
                start_char=word.start_char,
                end_char=word.end_char,
                text=word.text,
                scope_start=found[first].start_char,
                scope_end=found[last - 1].end_char,
            )
        )
    return tuple(listed)


def is_negator(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    """Whether a word negates; „nicht nur“ and „nicht mehr als“ do not."""
    lower = found[index].lower
    if tongue == "en" and lower.endswith(("n't", "n’t")):
        return True
    if lower not in word_set("negation", tongue):
        return False
    return not any(
        sequence_at(found, index, phrase) for phrase in phrases("negation", "no_negation")
    )


def scope(found: tuple[Word, ...], index: int, tongue: str) -> tuple[int, int]:
    """The words ``[first, last)`` that a negator at ``index`` reaches."""
    if tongue == "en":
        first, last = clause_bounds(found, index)
        is_object = found[index].lower in _ENGLISH_OBJECTS
        start = max(first, index - _BEFORE_OBJECT) if is_object else index
        return start, min(last, index + 1 + _ENGLISH_REACH)
    if found[index].lower in ("weder", "neither"):
        return index, _sentence_end(found, index)
    first, last = clause_bounds(found, index)
    if found[index].lower != "ohne":
        return first, last
    # „Ohne Regen verlieren wir die Ernte“: it denies its noun, not the verb behind.
    nouns = (at for at in range(index + 1, last) if found[at].text[:1].isupper())
    return index, next(nouns, last - 1) + 1


def _sentence_end(found: tuple[Word, ...], index: int) -> int:
    for at in range(index, len(found)):
        if found[at].text in ";:!?" or (found[at].text == "." and at + 1 == len(found)):
            return at
    return len(found)


def clause_bounds(found: tuple[Word, ...], index: int) -> tuple[int, int]:
    """The clause around a word: between marks and „und“, „aber“, „sondern“."""
    joiners = word_set("negation", "joiners")
    first = index
    while first > 0 and not _is_break(found, first - 1) and found[first - 1].lower not in joiners:
        first -= 1
    last = index + 1
    while last < len(found) and not _is_break(found, last) and found[last].lower not in joiners:
        last += 1
    return first, last


def _is_break(found: tuple[Word, ...], index: int) -> bool:
    word = found[index]
    if word.text == ".":
        # „3. September“ and „Dr.“ do not end a clause.
        return index + 1 == len(found) or len(lower_at(found, index - 1)) > 3
    return word.text in _BREAKS
