"""What a sentence holds that could answer a question: figures, dates, names, places, reasons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from rag.language.terms import Token, terms, tokens
from rag.types import AnswerKind, Language

_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}")
_QUOTATION = re.compile(r"[„“\"»«”]")
Finder = Callable[[str, Sequence[Token], Sequence[str]], tuple[int, ...]]
_FINAL = re.compile(r"[.!?…][\"“”»«)’']*$")


@lru_cache(maxsize=1)
def cues() -> dict[str, frozenset[str]]:
    """The word lists of ``rag/data/evidence_cues.json``."""
    text = (files("rag") / "data" / "evidence_cues.json").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in json.loads(text).items()}


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """A sentence taken apart once, whatever is asked.

    ``lower`` are its words in lower case, ``word_terms`` the index terms of each. ``answers`` holds
    for each kind of answer the places (word indices) of what could be one.
    """

    text: str
    words: tuple[Token, ...]
    lower: tuple[str, ...]
    word_terms: tuple[frozenset[str], ...]
    terms: frozenset[str]
    answers: dict[AnswerKind, tuple[int, ...]]
    starts_with_pronoun: bool
    is_question: bool
    is_complete: bool
    has_quotation: bool


@lru_cache(maxsize=20_000)
def read_sentence(text: str, language: Language) -> SentenceReading:
    """The sentence with everything in it that could answer a question."""
    words = tokens(text)
    lower = tuple(word.text.lower() for word in words)
    word_terms = tuple(frozenset(terms(word.text, language)) for word in words)
    known = cues()
    return SentenceReading(
        text=text,
        words=words,
        lower=lower,
        word_terms=word_terms,
        terms=frozenset(terms(text, language)),
        answers={kind: find(text, words, lower) for kind, find in _FINDERS.items()},
        starts_with_pronoun=bool(lower) and lower[0] in known["pronouns"],
        is_question=text.rstrip('"“”»« ').endswith("?"),
        is_complete=bool(_FINAL.search(text.strip())),
        has_quotation=bool(_QUOTATION.search(text)),
    )


def _numbers(text: str, words: Sequence[Token], lower: Sequence[str]) -> tuple[int, ...]:
    spelled = cues()["quantities"] | _numeral_words()
    return tuple(index for index, word in enumerate(lower) if word[0].isdigit() or word in spelled)


def _dates(text: str, words: Sequence[Token], lower: Sequence[str]) -> tuple[int, ...]:
    known = cues()
    stated = known["months"] | known["days"] | known["times"]
    return tuple(
        index
        for index, word in enumerate(lower)
        if _YEAR.fullmatch(word) or word in stated or _is_clock(text, words[index])
    )


def _is_clock(text: str, word: Token) -> bool:
    """Whether it is the hour of "19.30 Uhr", "7 pm"."""
    return word.text[0].isdigit() and bool(
        re.match(r"[.:]?\d{0,2}\s*(?:Uhr|a\.?m|p\.?m)\b", text[word.end_char : word.end_char + 8])
    )


def _durations(text: str, words: Sequence[Token], lower: Sequence[str]) -> tuple[int, ...]:
    known = cues()
    return tuple(
        index
        for index, word in enumerate(lower)
        if word in known["duration_words"]
        or (word in known["durations"] and index and _counts(lower[index - 1]))
    )


def _counts(word: str) -> bool:
    return (
        word[0].isdigit()
        or word in _numeral_words()
        or word in cues()["quantities"]
        or word in ("ein", "eine", "einen", "einer", "einem", "a", "an", "one", "halbe", "ganze")
    )


def _names(text: str, words: Sequence[Token], lower: Sequence[str]) -> tuple[int, ...]:
    """Capitalised words without an article before them: in German, most often names."""
    known = cues()
    found = []
    for index, word in enumerate(words):
        if not word.text[0].isupper():
            continue
        before = lower[index - 1] if index else ""
        follows_capital = index > 0 and words[index - 1].text[0].isupper()
        is_bare = bool(index) and before not in known["determiners"]
        after = words[index + 1].text if index + 1 < len(words) else ""
        if follows_capital or is_bare or (index == 0 and after[:1].isupper()):
            found.append(index)
    return tuple(found)


def _places(text: str, words: Sequence[Token], lower: Sequence[str]) -> tuple[int, ...]:
    known = cues()
    found = []
    for index, word in enumerate(words):
        before = lower[max(0, index - 3) : index]
        if word.text[0].isupper() and any(word in known["place_prepositions"] for word in before):
            found.append(index)
    return tuple(found)


def _listed(name: str) -> Finder:
    def find(text: str, words: Sequence[Token], lower: Sequence[str]) -> tuple[int, ...]:
        known = cues()[name]
        return tuple(index for index, word in enumerate(lower) if word in known)

    return find


@lru_cache(maxsize=1)
def _numeral_words() -> frozenset[str]:
    text = (files("rag") / "data" / "numerals.json").read_text(encoding="utf-8")
    return frozenset(word for spelled in json.loads(text).values() for word in spelled)


_FINDERS: dict[AnswerKind, Finder] = {
    "number": _numbers,
    "date": _dates,
    "duration": _durations,
    "who": _names,
    "place": _places,
    "cause": _listed("causes"),
    "quote": _listed("speech"),
    "outcome": _listed("outcomes"),
}
