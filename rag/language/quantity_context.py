"""What stands around a number: hedge before, unit and counted noun behind."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from rag.language.lexicon import lexicon, word_set
from rag.language.words import Word, lower_at, sequence_at

Hedge = Literal[
    "exact", "about", "at_least", "more_than", "at_most", "less_than", "range", "nearly"
]
_LONGEST_HEDGE = 4
_LONGEST_NOUN_PHRASE = 5
_PHRASE_LENGTHS = (3, 2)
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em", "te", "ten", "ne", "nen")


class HedgeFound(NamedTuple):
    """A hedge and the first of its words; ``just_over`` is „gut“."""

    first: int
    hedge: Hedge
    is_just_over: bool = False


class UnitFound(NamedTuple):
    """A unit, its factor to the base unit, the word after it, and „lang“ or „hoch“ behind it."""

    unit: str | None
    factor: float
    last: int
    dimension: str | None = None
    is_age: bool = False


class Counted(NamedTuple):
    """The noun a number counts, as the text has it."""

    text: str
    last: int


@cache
def _hedges(tongue: str) -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    for name, listed in lexicon("hedges")[tongue].items():
        table.update({tuple(phrase.lower().split()): name for phrase in listed})
    return table


def hedge_before(
    found: tuple[Word, ...], first: int, tongue: str, is_measured: bool
) -> HedgeFound | None:
    """The longest hedge that ends right before word ``first``."""
    table = _hedges(tongue)
    for length in range(min(_LONGEST_HEDGE, first), 0, -1):
        start = first - length
        phrase = tuple(word.lower for word in found[start:first])
        name = table.get(phrase)
        if name is None or _is_preposition(found, start, phrase, is_measured):
            continue
        if name == "just_over":
            return HedgeFound(start, "more_than", True)
        return HedgeFound(start, name)  # type: ignore[arg-type]
    return None


def _is_preposition(
    found: tuple[Word, ...], start: int, phrase: tuple[str, ...], is_measured: bool
) -> bool:
    """Whether „über“ is about a distance, „unter“ is „among“, „gut“ is „well“."""
    hedges = lexicon("hedges")
    spoken = " ".join(phrase)
    before = lower_at(found, start - 1)
    if spoken == "über":
        return any(before.endswith(noun) for noun in hedges["noun_before_over"])
    if spoken in hedges["prepositions_unless_measured"]:
        if spoken == "bis":
            return True
        return not (is_measured or before in hedges["measured_context"])
    return False


def hedge_after(found: tuple[Word, ...], last: int) -> tuple[Hedge, int] | None:
    """„oder mehr“ behind a number, and where it ends."""
    hedges: tuple[Hedge, ...] = ("at_least", "at_most", "about")
    for hedge in hedges:
        for phrase in phrases_after(hedge):
            if sequence_at(found, last, phrase):
                return hedge, last + len(phrase)
    return None


@cache
def phrases_after(hedge: str) -> tuple[tuple[str, ...], ...]:
    """The hedges that stand behind a number, as word sequences."""
    return tuple(tuple(phrase.split()) for phrase in lexicon("hedges")["after"][hedge])


@cache
def _units() -> dict[str, tuple[str, float]]:
    return {
        word: (unit, float(factor))
        for unit, listed in lexicon("units")["units"].items()
        for word, factor in listed.items()
    }


def unit_after(found: tuple[Word, ...], last: int, is_digits: bool) -> UnitFound | None:
    """The unit right behind a number, over one adjective („weitere Stunde“)."""
    at = last
    if lower_at(found, at) in word_set("hedges", "additional"):
        at += 1
    if lower_at(found, at) in word_set("hedges", "between") and lower_at(found, at + 1) in _units():
        at += 1
    if at >= len(found):
        return None
    name = found[at].lower
    last = at + 1
    if name == "km" and [lower_at(found, at + 1), lower_at(found, at + 2)] == ["/", "h"]:
        return UnitFound("km/h", 1.0, at + 3)
    if name == "°" and lower_at(found, at + 1) == "c":
        return UnitFound("°C", 1.0, at + 2)
    if name == "per" and lower_at(found, at + 1) == "cent":
        return UnitFound("%", 1.0, at + 2)
    if (phrase := _unit_phrase(found, at)) is not None:
        return phrase
    known = _units().get(name)
    if known is None or (name in word_set("units", "short_only_after_digits") and not is_digits):
        return None
    if name == "grad" and lower_at(found, last) in ("celsius", "fahrenheit"):
        last += 1
    return _with_dimension(found, at, last, *known)


@cache
def _unit_phrases() -> dict[tuple[str, ...], tuple[str, float]]:
    return {
        tuple(phrase.split()): (unit, float(factor))
        for unit, listed in lexicon("units")["phrases"].items()
        for phrase, factor in listed.items()
    }


def _unit_phrase(found: tuple[Word, ...], at: int) -> UnitFound | None:
    """Units of several words: "square miles", "miles per hour"."""
    for length in _PHRASE_LENGTHS:
        spoken = tuple(lower_at(found, at + offset) for offset in range(length))
        if spoken in _unit_phrases():
            unit, factor = _unit_phrases()[spoken]
            last = at + length
            dimension = lower_at(found, last)
            is_listed = dimension in word_set("units", "dimension_words")
            return UnitFound(unit, factor, last, dimension if is_listed else None)
    return None


def _with_dimension(
    found: tuple[Word, ...], at: int, last: int, unit: str, factor: float
) -> UnitFound:
    """Adds „hoch“ or „lang“ behind a unit; years of life become an age."""
    dimension = None
    if lower_at(found, last) in word_set("units", "dimension_words"):
        dimension = found[last].lower
    if unit != "min" or factor < 525960:
        return UnitFound(unit, factor, last, dimension)
    if (dimension or "") in word_set("units", "age_words"):
        return UnitFound("age", factor / 525960, last + 1, is_age=True)
    if _tells_age(found, at):
        return UnitFound("age", factor / 525960, last, is_age=True)
    return UnitFound(unit, factor, last, dimension)


def _tells_age(found: tuple[Word, ...], index: int) -> bool:
    """„im Alter von 87 Jahren“, „mit 67 Jahren“, „at the age of 87 years“."""
    before = [lower_at(found, index - offset) for offset in (2, 3)]
    if before[0] == "," and lower_at(found, index + 1) == ",":
        return True  # „Ina Stroth, 55 Jahre, …“
    return before[0] == "mit" or (before[0] in ("von", "of") and before[1] in ("alter", "age"))


def currency_before(found: tuple[Word, ...], first: int) -> UnitFound | None:
    """„€ 50“, „US$ 3 million“: the currency before a number; ``last`` is its own word."""
    name = lower_at(found, first - 1)
    if name not in word_set("units", "before_number"):
        return None
    unit, factor = _units()[name]
    return UnitFound(unit, factor, first - 1)


def counted_after(found: tuple[Word, ...], last: int, tongue: str) -> Counted | None:
    """The noun a number counts: „600 verletzte nordkoreanische **Soldaten**“."""
    at = last
    if lower_at(found, at) in ("der", "des", "of", "aller"):
        at += 1
        if lower_at(found, at) in ("the", "all", "rund", "etwa", "insgesamt", "its", "their"):
            at += 1
    if tongue == "en":
        return _english_noun(found, at)
    for offset in range(at, min(at + _LONGEST_NOUN_PHRASE, len(found))):
        word = found[offset]
        if word.is_capitalised:
            return Counted(word.text, offset + 1)
        is_amount = offset > at and word.is_number
        if not _can_be_adjective(word) and not is_amount:
            return None
    return None


def _can_be_adjective(word: Word) -> bool:
    if not word.is_word or word.lower in word_set("functions", "de"):
        return False
    return word.lower.endswith(_ADJECTIVE_ENDINGS)


def _english_noun(found: tuple[Word, ...], at: int) -> Counted | None:
    """The first plural behind a number, else the first word before a function word."""
    first = None
    for offset in range(at, min(at + 4, len(found))):
        word = found[offset]
        if not word.is_word or word.lower in word_set("functions", "en"):
            break
        lower = word.lower
        is_plural = lower.endswith("s") and not lower.endswith(("ss", "ous", "us"))
        if is_plural or lower in word_set("functions", "en_irregular_plurals"):
            return Counted(word.text, offset + 1)
        first = first or Counted(word.text, offset + 1)
    return first


def counted_before(found: tuple[Word, ...], first: int) -> Counted | None:
    """„die Zahl der **Erkrankten** ist auf 41 gestiegen“."""
    nouns = word_set("hedges", "change_nouns")
    for at in range(first - 1, -1, -1):
        word = found[at]
        if word.lower in nouns or word.lower.endswith(("zahl", "zahlen")):
            noun = counted_after(found, at + 1, "de" if word.is_capitalised else "en")
            return noun if noun and noun.last <= first else None
        if word.text in ";:.":
            return None
    return None


@cache
def _stemmer(tongue: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english" if tongue == "en" else "german")


_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=16384)
def stem(word: str, tongue: str) -> str:
    """The Snowball stem of a word in lower case."""
    # A stemmer keeps the word it works on in itself: two threads would stem each other's.
    with _ONE_AT_A_TIME:
        stemmed: str = _stemmer(tongue).stemWord(word.lower())
    return stemmed
