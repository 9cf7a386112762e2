"""First step: what a question is about and what would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.compare.lexicon import word_set
from rag.compare.phrases import Tagged, tag
from rag.language.common_nouns import is_common_noun
from rag.language.folding import fold
from rag.language.questions import Asked, read_question
from rag.types import AnswerKind, Language, Question

_OPENING_QUOTES = frozenset('„“"»«')
_CONTRACTED = frozenset(
    ["im", "ins", "am", "ans", "aufs", "beim", "zum", "zur", "vom", "vorm", "hinterm", "unterm"]
)
_LONGEST_HEAD = 6
_CAUSE_ASKED = re.compile(r"^(?:woran|wodurch|weshalb|wieso|warum|why)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


@dataclass(frozen=True, slots=True)
class Frame:
    """A question, read.

    ``topic`` are its content words (folded), ``names`` those of them that are capitalised,
    ``proper`` those that look like the name of a place, person or thing: what its event is
    recognised by, ``places`` those behind a preposition of place.
    ``verbs`` are the lemmas of its verbs
    and adjectives, without auxiliaries. ``focus`` is
    the noun asked about ("Schafe" in "Wie viele Schafe"), which does not tell events apart.
    """

    question: Question
    language: Language
    kind: AnswerKind
    asked: Asked
    topic: frozenset[str]
    names: frozenset[str]
    proper: frozenset[str]
    places: frozenset[str]
    verbs: frozenset[str]
    focus: str | None


@lru_cache(maxsize=512)
def read_frame(question: Question, language: Language) -> Frame:
    """The frame of a question."""
    asked = read_question(question.text, language)
    tongue: Language = "en" if language == "en" else "de"
    words = [word.text for word in tag(question.text, tongue) if word.text[0].isalnum()]
    ignored = word_set("question_words", tongue)
    content = [word for word in words if word.lower() not in ignored]
    focus = fold(asked.focus) if asked.focus else None
    return Frame(
        question=question,
        language=language,
        kind=_kind(asked.kind, question.text),
        asked=asked,
        topic=frozenset(fold(word) for word in content),
        names=frozenset(
            fold(word) for word in content if word[0].isupper() and fold(word) != focus
        ),
        proper=frozenset(_proper(tag(question.text, tongue), tongue)),
        places=frozenset(_places(tag(question.text, tongue), tongue)),
        verbs=frozenset(
            word.lemma
            for word in tag(question.text, tongue)
            if word.category in ("verb", "adj", "other") and word.lemma not in ignored
        ),
        focus=focus,
    )


def _kind(kind: AnswerKind, question: str) -> AnswerKind:
    return "cause" if kind == "what" and _CAUSE_ASKED.search(question) else kind


def _proper(words: tuple[Tagged, ...], language: Language) -> Iterator[str]:
    """Names: tagged as such, without an article ("in Torgelau"), behind a noun, or in quotes."""
    without_article = word_set("place_prepositions", language) | {"von", "of"}
    for before, word in pairwise(words):
        if not _may_be_name(word):
            continue
        is_bare = before.text in without_article - _CONTRACTED and _is_bare_name(word.text)
        is_behind_noun = before.category in ("noun", "name") and before is not words[0]
        if word.category == "name" or is_bare or is_behind_noun or before.text in _OPENING_QUOTES:
            yield fold(word.text)


def _may_be_name(word: Tagged) -> bool:
    return word.text[0].isupper() and word.category in ("noun", "name", "other")


def _places(words: tuple[Tagged, ...], language: Language) -> Iterator[str]:
    """Names right behind a preposition of place and no article: "in Torgelau"."""
    for before, word in pairwise(words):
        is_place = before.text in word_set("place_prepositions", language) - _CONTRACTED
        if is_place and _may_be_name(word) and _is_bare_name(word.text):
            yield fold(word.text)


def _is_bare_name(word: str) -> bool:
    """A word without an article that is no common noun, or one as towns are called."""
    heads = word_set("town_heads", "de")
    return not is_common_noun(word) or (
        len(word) > _LONGEST_HEAD and word.lower().endswith(tuple(heads))
    )


@lru_cache(maxsize=65536)
def mentions(term: str, text_words: frozenset[str]) -> bool:
    """Whether a folded word, an inflected form or a compound with it is among folded words."""
    if term in text_words:
        return True
    stem = stem_of(term)
    if len(stem) < 4:
        return False
    return any(_same_stem(stem, other) for other in text_words)


def same_word(word: str, others: frozenset[str]) -> bool:
    """Whether a folded word or an inflected form of it, not a compound, is among folded words."""
    stem = stem_of(word)
    return any(
        stem_of(other) == stem
        or (
            abs(len(other) - len(word)) <= 2
            and other[:4] == word[:4]
            and (other.startswith(stem) or word.startswith(stem_of(other)))
        )
        for other in others
    )


def stem_of(term: str) -> str:
    """A crude stem: endings that German and English inflection add are cut."""
    if len(term) > 5:
        for ending in ("innen", "ungen", "ern", "en", "er", "es", "em", "e", "s", "n"):
            if term.endswith(ending) and len(term) - len(ending) >= 4:
                return term[: -len(ending)]
    return term


def _same_stem(stem: str, other: str) -> bool:
    if other.startswith(stem) and len(other) - len(stem) <= 12:
        return True
    if len(stem) >= 5 and stem in other:
        return True
    short = stem_of(other)
    return len(short) >= 5 and short in stem


@lru_cache(maxsize=8192)
def word_bag(text: str) -> frozenset[str]:
    """The folded words of a text, hyphenated ones also in parts."""
    bag: set[str] = set()
    for match in _WORD.finditer(text):
        word = fold(match.group())
        bag.add(word)
        if "-" in word:
            bag.update(part for part in word.split("-") if len(part) > 2)
    return frozenset(bag)
