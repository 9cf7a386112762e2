"""What a sentence holds that could answer a question: figures, dates, names, places, reasons.

The typed values come from ``rag.language``; they are looked for only when a question asks for their
kind, once a sentence.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rag.language.dates import dates
from rag.language.names import names
from rag.language.quantities import Quantity, quantities
from rag.language.terms import Token, terms, tokens
from rag.types import AnswerKind, Language

_QUOTATION = re.compile(r"[„“\"»«”]")
_FINAL = re.compile(r"[.!?…][\"“”»«)’']*$")


@lru_cache(maxsize=1)
def cues() -> dict[str, frozenset[str]]:
    """The word lists of ``rag/data/evidence_cues.json``."""
    text = (files("rag") / "data" / "evidence_cues.json").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in json.loads(text).items()}


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence taken apart once, whatever is asked.

    ``lower`` are its words in lower case, ``terms`` its index terms.
    """

    text: str
    language: Language
    words: tuple[Token, ...]
    lower: tuple[str, ...]
    terms: frozenset[str]
    starts_with_pronoun: bool
    is_question: bool
    is_complete: bool
    has_quotation: bool


@dataclass(frozen=True, slots=True)
class Possible:
    """A stretch of a sentence that could be an answer, by its first and last word.

    ``certainty`` is lower where its kind is only likely. ``about`` are the lower-case words that
    say what it counts or measures ("kilometer", "verletzt"), ``amount`` is a figure as it was read.
    """

    first: int
    last: int
    start_char: int
    end_char: int
    certainty: float = 1.0
    about: frozenset[str] = frozenset()
    amount: Quantity | None = None


@lru_cache(maxsize=20_000)
def read_sentence(text: str, language: Language) -> SentenceReading:
    """The sentence with its words and their terms."""
    words = tokens(text)
    lower = tuple(word.text.lower() for word in words)
    return SentenceReading(
        text=text,
        language=language,
        words=words,
        lower=lower,
        terms=frozenset(terms(text, language)),
        starts_with_pronoun=bool(lower) and lower[0] in cues()["pronouns"],
        is_question=text.rstrip('"“”»« ').endswith("?"),
        is_complete=bool(_FINAL.search(text.strip())),
        has_quotation=bool(_QUOTATION.search(text)),
    )


@lru_cache(maxsize=20_000)
def possible_answers(text: str, language: Language, kind: AnswerKind) -> tuple[Possible, ...]:
    """Everything in the sentence that could answer a question for this kind."""
    find = _FINDERS.get(kind)
    reading = read_sentence(text, language)
    return tuple(find(reading)) if find and reading.words else ()


def _at(
    reading: SentenceReading,
    start_char: int,
    end_char: int,
    certainty: float = 1.0,
    about: frozenset[str] = frozenset(),
    amount: Quantity | None = None,
) -> Possible:
    starts = [word.start_char for word in reading.words]
    first = max(0, bisect_right(starts, start_char) - 1)
    last = max(first, bisect_right(starts, end_char - 1) - 1)
    return Possible(first, last, start_char, end_char, certainty, about, amount)


def _numbers(reading: SentenceReading) -> Iterator[Possible]:
    for found in quantities(reading.text, reading.language):
        if found.is_weak or found.ordinal:
            continue
        about = {found.kind, *(part.lower() for part in (found.counted, found.unit) if part)}
        about.update(word.text.lower() for word in tokens(found.text) if word.text[0].isalpha())
        certainty = 0.6 if found.kind == "duration" else 1.0
        yield _at(reading, found.start_char, found.end_char, certainty, frozenset(about), found)
    for index, word in enumerate(reading.lower):
        if word in cues()["vague_amounts"]:
            span = reading.words[index]
            yield _at(reading, span.start_char, span.end_char, 0.5)


def _durations(reading: SentenceReading) -> Iterator[Possible]:
    for found in quantities(reading.text, reading.language):
        if found.kind == "duration":
            about = frozenset(word.text.lower() for word in tokens(found.text))
            yield _at(reading, found.start_char, found.end_char, 1.0, about)
    for index, word in enumerate(reading.lower):
        if word in cues()["until"]:
            span = reading.words[index]
            yield _at(reading, span.start_char, span.end_char, 0.4)


def _dates(reading: SentenceReading) -> Iterator[Possible]:
    for found in dates(reading.text, reading.language):
        certainty = 0.7 if found.basis == "none" else 1.0
        yield _at(reading, found.start_char, found.end_char, certainty)


def _persons(reading: SentenceReading) -> Iterator[Possible]:
    certainty = {"person": 1.0, "org": 0.9, "unknown": 0.8, "place": 0.6, "role": 0.5}
    for found in names(reading.text, reading.language):
        yield _at(reading, found.start_char, found.end_char, certainty[found.kind])


def _places(reading: SentenceReading) -> Iterator[Possible]:
    certainty = {"place": 1.0, "unknown": 0.7, "org": 0.6, "person": 0.3, "role": 0.0}
    known: set[int] = set()
    for found in names(reading.text, reading.language):
        possible = _at(reading, found.start_char, found.end_char, certainty[found.kind])
        known.update(range(possible.first, possible.last + 1))
        yield possible
    for index, word in enumerate(reading.words):
        before = reading.lower[max(0, index - 3) : index]
        is_behind = any(each in cues()["place_prepositions"] for each in before)
        if index not in known and is_behind and word.text[0].isupper():
            yield _at(reading, word.start_char, word.end_char, 0.5)


def _things(reading: SentenceReading) -> Iterator[Possible]:
    for found in names(reading.text, reading.language):
        if found.kind != "role":
            yield _at(reading, found.start_char, found.end_char)


def _cued(name: str) -> Callable[[SentenceReading], Iterator[Possible]]:
    def find(reading: SentenceReading) -> Iterator[Possible]:
        for index, word in enumerate(reading.lower):
            if word in cues()[name]:
                span = reading.words[index]
                yield _at(reading, span.start_char, span.end_char)

    return find


_FINDERS: dict[AnswerKind, Callable[[SentenceReading], Iterator[Possible]]] = {
    "number": _numbers,
    "date": _dates,
    "duration": _durations,
    "who": _persons,
    "place": _places,
    "what": _things,
    "cause": _cued("causes"),
    "quote": _cued("speech"),
    "outcome": _cued("outcomes"),
}
