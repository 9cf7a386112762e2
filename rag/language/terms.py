"""Index terms: what two texts must share to be found for each other by their words.

A word gives its stem; a German compound also its parts ("Hafenbehörde": hafenbehord, haf, behord);
a hyphenated word its parts and their joint form ("EU-Gipfel": eu, gipfel, eugipfel); a figure its
plain digits ("1.500" and "1 500": 1500). Function words give nothing.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.types import Language

# A space between groups of three is a thousands separator only where it cannot be broken.
_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)"
# "3.9.2025" is no decimal fraction, "3.9" is one.
_PLAIN_NUMBER = r"\d+(?:,\d+|\.\d+(?![.\d]))?"
_WORD = r"[^\W\d_](?:[^\W_]|[\u0300-\u036f])*(?:['’][^\W\d_]+)*"
_TOKEN = re.compile(rf"(?P<number>{_NUMBER}|{_PLAIN_NUMBER})|{_WORD}|[%€$£]")
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’\u00a0\u2009\u202f]\d{3})+")
_GROUP_MARKS = re.compile(r"[.,'’\u00a0\u2009\u202f]")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013")
_NO_LETTER = re.compile(r"\W+")
_POSSESSIVE = re.compile(r"['’]s$|['’]$")
_LONGEST_JOINT_WORD = 40


class Token(NamedTuple):
    """A word, figure or sign of a text with its place in it."""

    text: str
    start_char: int
    end_char: int


def tokens(text: str) -> tuple[Token, ...]:
    """The words, figures and signs of a text, in order, without overlap."""
    return tuple(Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text))


def word_terms(token: str, language: Language) -> tuple[str, ...]:
    """The index terms of a text that is one token; quicker than ``terms``."""
    return terms(token, language) if token[0].isdigit() else _word_terms(token, language)


@lru_cache(maxsize=16_384)
def terms(text: str, language: Language) -> tuple[str, ...]:
    """The index terms of a text in order, repeated as often as they occur."""
    remembered = _remembered.get((text, language))
    if remembered is not None:
        return tuple(remembered.split())
    found: list[str] = []
    run: list[str] = []
    previous_end = -1
    for token in _TOKEN.finditer(text):
        word = token[0]
        start, end = token.span()
        if run and start == previous_end + 1 and text[previous_end] in _HYPHENS:
            run.append(word)
        else:
            if len(run) > 1:
                found.extend(_joint_terms(run, language))
            run = [word]
        previous_end = end
        found += _number_terms(word) if token.lastgroup else _word_terms(word, language)
    if len(run) > 1:
        found.extend(_joint_terms(run, language))
    return tuple(found)


_remembered: dict[tuple[str, Language], str] = {}


def remember_terms(text: str, language: Language, found: str) -> None:
    """Takes the terms of a text from where they were kept, with spaces between them."""
    _remembered[text, language] = found
    terms(text, language)
    _remembered.pop((text, language), None)


def query_terms(text: str, language: Language) -> tuple[str, ...]:
    """The terms to search German and English articles with, without repetition.

    A name has another stem in each language; a question must find it in articles of both. Of other
    words the other language's stems would only be noise.
    """
    stop_words = _stop_words(language)

    def name(found: re.Match[str]) -> str:
        word = found[0]
        return word if word[0].isupper() and fold(word) not in stop_words else ""

    names = _TOKEN.sub(name, text)
    other: Language = "en" if language == "de" else "de"
    return tuple(dict.fromkeys((*terms(text, language), *terms(names, other))))


def _number_terms(number: str) -> tuple[str, ...]:
    grouped = _GROUPED.match(number)
    whole = _GROUP_MARKS.sub("", grouped[0]) if grouped else ""
    rest = number[grouped.end() :] if grouped else number
    plain = whole + rest.replace(",", ".")
    # "03.09." and "3.9.", "08" and "8" name the same day or hour.
    return (plain.lstrip("0") or "0",)


@lru_cache(maxsize=300_000)
def _word_terms(word: str, language: Language) -> tuple[str, ...]:
    # Apostrophes, and what signs such as "⑴" are spelt out with.
    folded = fold(_POSSESSIVE.sub("", word))
    folded = _NO_LETTER.sub("", folded) or folded
    if not folded or folded in _stop_words(language):
        return ()
    numeral = _numerals(language).get(folded)
    if numeral:
        return (numeral,) if numeral[0].isdigit() else _word_terms(numeral, language)
    stem = _stem(folded, language)
    if language != "de":
        return (stem,)
    parts = (_stem(part, language) for part in german_splitter().parts(folded))
    return tuple(dict.fromkeys((stem, *parts)))


def _joint_terms(run: list[str], language: Language) -> Iterator[str]:
    """The term of a hyphenated word without hyphens: "Nordstream" must find "Nord-Stream"."""
    joint = "".join(run)
    if len(joint) <= _LONGEST_JOINT_WORD and joint[0].isalpha():
        yield _stem(fold(joint), language)


_ONE_AT_A_TIME = threading.Lock()


@lru_cache(maxsize=300_000)
def _stem(folded: str, language: Language) -> str:
    if language == "other" or not folded.isalpha():
        return folded
    # A stemmer keeps the word it works on in itself: two threads would stem each other's.
    with _ONE_AT_A_TIME:
        stem: str = _stemmer(language).stemWord(folded)
    return stem or folded


@lru_cache(maxsize=2)
def _stemmer(language: Literal["de", "en"]) -> Any:
    # Snowball in C, a hundred times faster than snowballstemmer, which gives the same stems in
    # Python (a test says so). Its own cache is off: what is kept is kept above.
    from Stemmer import Stemmer

    return Stemmer("german" if language == "de" else "english", 0)


@lru_cache(maxsize=3)
def _stop_words(language: Language) -> frozenset[str]:
    if language == "other":
        return frozenset()
    lines = _data(f"stopwords_{language}.txt").splitlines()
    return frozenset(
        fold(word) for line in lines if not line.startswith("#") for word in line.split()
    )


@lru_cache(maxsize=3)
def _numerals(language: Language) -> dict[str, str]:
    spelled: dict[str, str] = json.loads(_data("numerals.json")).get(language, {})
    return {fold(word): number for word, number in spelled.items()}


def _data(name: str) -> str:
    return (resources.files("rag") / "data" / name).read_text(encoding="utf-8")
