"""Whether a noun names a person or a group that can act."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from rag.compare.lexicon import rules, word_set
from rag.types import Language

_SHORTEST_AGENT = 6
_SHORTEST_END = 6
"""Letters of a listed noun that may end a compound: "sportler" in "Freizeitsportler"."""
_NO_PERSONS = ("rechner", "schalter", "zähler", "messer", "leiter", "träger", "fänger", "wecker")
"""Ends of compounds that are tools as often as people."""


def is_person_noun(lemma: str, language: Language) -> bool:
    """Whether a noun names a person or a group that can act."""
    if language != "en" and is_listed_person(lemma.lower()):
        return True
    return (
        noun_ends_in(lemma, "person_endings", language)
        or noun_ends_in(lemma, "group_endings", language)
        or (len(lemma) > _SHORTEST_AGENT and lemma.lower().endswith(_suffixes(language)))
    )


@cache
def _suffixes(language: Language) -> tuple[str, ...]:
    return tuple(rules()["person_suffixes"][language])


@cache
def _listed() -> frozenset[str]:
    text = (files("rag") / "data" / "lexicon" / "persons_de.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _listed_ends() -> dict[int, frozenset[str]]:
    """The listed nouns long enough to end a compound, by length."""
    ends: dict[int, set[str]] = {}
    for word in _listed():
        if len(word) >= _SHORTEST_END and not word.endswith(_NO_PERSONS):
            ends.setdefault(len(word), set()).add(word)
    return {length: frozenset(words) for length, words in ends.items()}


@lru_cache(maxsize=16384)
def is_listed_person(word: str) -> bool:
    """Whether a lower-case German word is a listed noun, its feminine, plural or a compound."""
    for form in _forms(word):
        if form in _listed():
            return True
        if any(form[-length:] in words for length, words in _listed_ends().items()):
            return True
    return False


def _forms(word: str) -> set[str]:
    """The word, and the masculine of a feminine: "Wirtin", "Ärztin", "Doktorandinnen"."""
    forms = {word, word.removesuffix("n"), word.removesuffix("en")}
    stem = word.removesuffix("innen") if word.endswith("innen") else word.removesuffix("in")
    if stem != word and len(stem) > 2:
        plain = stem
        for umlaut, vowel in (("ä", "a"), ("ö", "o"), ("ü", "u")):
            plain = plain.replace(umlaut, vowel)
        forms |= {stem, plain, f"{stem}e", f"{plain}e"}
    return forms


@lru_cache(maxsize=16384)
def noun_ends_in(lemma: str, listed: str, language: Language) -> bool:
    """Whether a noun is in a list or is a compound that ends with a word of it."""
    known = word_set(listed, language)
    lower = lemma.lower()
    # Of „Astronomie-AG“ the last part decides, however short.
    if {lower, lower.rstrip("nes"), lower.rpartition("-")[2]} & known:
        return True
    ends = _long_words(listed, language)
    inflected = (lower, lower.removesuffix("n"), lower.removesuffix("s"), lower.removesuffix("en"))
    return any(word.endswith(ends) for word in inflected)


@cache
def _long_words(listed: str, language: Language) -> tuple[str, ...]:
    return tuple(word for word in word_set(listed, language) if len(word) >= 4)
