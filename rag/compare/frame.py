"""First step: what a question is about and what would answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rag.compare.lexicon import rules, word_set
from rag.compare.phrases import Tagged, tag
from rag.language.common_nouns import is_common_noun
from rag.language.folding import fold
from rag.language.quantities import quantities
from rag.language.questions import Asked, read_question
from rag.types import AnswerKind, Language, Question

_OPENING_QUOTES = frozenset('„“"»«')
_CONTRACTED = frozenset(
    ["im", "ins", "am", "ans", "aufs", "beim", "zum", "zur", "vom", "vorm", "hinterm", "unterm"]
)
_SHORTEST_FIRST_PART = 3
_LONGEST_ENDING = 12
_SHORTEST_SHARED = 5
_CAUSE_ASKED = re.compile(r"^(?:woran|wodurch|weshalb|wieso|warum|why)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3}[.!])\s+(?=[^\W\d_a-zäöü])")
_FEWEST_WORDS = 3
_TOPIC_FIRST = re.compile(r"^[^:?]{3,80}:\s+(?P<question>\w+(?:\s+\S+){2,}\?)$")
_NUMBER_OF = re.compile(
    r"\b(?:[Zz]ahl|[Aa]nzahl|[Mm]enge)\s+(?:der\s+|von\s+|an\s+)?(?:[a-zäöüß]+\s+)*"
    r"(?P<noun>[A-ZÄÖÜ]\w+)"
)
_AS_OF = re.compile(r"\bas of (?:\w+ ){0,2}(\d{4})\b", re.IGNORECASE)
_ENDS_IN_DATE = re.compile(
    r"^(?:was|were|is|are)\b.*\w+(?:ed|en|rn|lt|nt|ilt|un|t)\s(?:in|on)\s(?:\w+\s){0,2}?(?:\d{1,2},?\s)?\d{4}\s*\?*$",
    re.I,
)
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
    asked = _by_its_value(read_question(last_question(question.text), language), question, language)
    asked = _counting(asked, question.text)
    tongue: Language = "en" if language == "en" else "de"
    words = [word.text for word in tag(question.text, tongue) if word.text[0].isalnum()]
    ignored = word_set("question_words", tongue)
    content = [word for word in words if word.lower() not in ignored]
    focus = fold(asked.focus) if asked.focus else None
    return Frame(
        question=question,
        language=language,
        kind=_kind(asked.kind, question.text, tongue),
        asked=asked,
        topic=frozenset(fold(word) for word in content),
        names=frozenset(
            fold(word) for word in content if word[0].isupper() and fold(word) != focus
        ),
        proper=frozenset(_proper(tag(question.text, tongue), tongue)),
        places=frozenset(_places(tag(last_question(question.text), tongue), tongue)),
        verbs=frozenset(
            word.lemma
            for word in _predicates(tag(question.text, tongue), tongue)
            if word.lemma not in ignored
        ),
        focus=focus,
    )


def _predicates(words: tuple[Tagged, ...], language: Language) -> Iterator[Tagged]:
    """Verbs and adjectives; of English adjectives those that stand before no noun."""
    for place, word in enumerate(words):
        if word.category not in ("verb", "adj", "other"):
            continue
        behind = words[place + 1].category if place + 1 < len(words) else "punct"
        is_attribute = word.category == "adj" and behind in ("noun", "name", "adj")
        if language != "en" or not (is_attribute or word.text[0].isupper()):
            yield word


def _by_its_value(asked: Asked, question: Question, language: Language) -> Asked:
    """A yes-no question about a figure or a date is answered by it: "Were there 50 prisoners?"."""
    asked = _without_as_of(asked, question.text)
    if asked.kind != "yes_no" or language != "en":
        return asked
    for quantity in quantities(question.text, language):
        counted = quantity.counted or (quantity.text.split()[-1] if quantity.unit else None)
        if counted and not quantity.ordinal and not quantity.is_weak and quantity.kind != "age":
            focus = counted.lower()
            return replace(
                asked, kind="number", kinds=("number",), focus=focus, numbers=(),
                units=frozenset({focus}),
            )  # fmt: skip
    if _ENDS_IN_DATE.search(question.text):
        return replace(asked, kind="date", kinds=("date",), focus=None, years=(), numbers=())
    return asked


def names_its_date(frame: Frame) -> bool:
    """The date the question names is the one it asks about: "Was it opened in 1932?"."""
    return frame.kind == "date" and bool(_ENDS_IN_DATE.search(frame.question.text))


def _counting(asked: Asked, text: str) -> Asked:
    """„Zahl der getöteten Soldaten“ counts soldiers."""
    match = _NUMBER_OF.search(text)
    if asked.kind != "number" or match is None:
        return asked
    return replace(asked, focus=match["noun"].lower())


def _without_as_of(asked: Asked, text: str) -> Asked:
    """What „as of 2023“ names is when the question was put, not the year it is about."""
    given = {int(year) for year in _AS_OF.findall(text)}
    return replace(asked, years=tuple(year for year in asked.years if year not in given))


def last_question(text: str) -> str:
    """The question itself where sentences that set the scene stand before it."""
    if topic := _TOPIC_FIRST.match(text.strip()):
        return topic["question"]
    parts = [part for part in _SENTENCE.split(text.strip()) if part]
    asks = len(parts) > 1 and parts[-1].endswith("?") and len(parts[-1].split()) > _FEWEST_WORDS
    return parts[-1] if asks else text


def _kind(kind: AnswerKind, question: str, language: Language) -> AnswerKind:
    if kind != "what":
        return kind
    if _CAUSE_ASKED.search(question):
        return "cause"
    words = tag(question, language)
    if language == "de" and "?" in question and words[0].category in ("verb", "aux"):
        return "yes_no"
    if "?" in question and any(word.category in ("verb", "aux") for word in words):
        return kind
    named: dict[str, AnswerKind] = rules()["terse_kinds"]
    return next((named[fold(word.text)] for word in words if fold(word.text) in named), kind)


def _proper(words: tuple[Tagged, ...], language: Language) -> Iterator[str]:
    """Names: tagged as such, without an article ("in Torgelau"), behind a noun, or in quotes."""
    without_article = word_set("place_prepositions", language) | {"von", "of"}
    for before, word in pairwise(words):
        if not _may_be_name(word):
            continue
        is_bare = before.text in without_article - _CONTRACTED and is_bare_name(word.text)
        is_behind_noun = before.category in ("noun", "name") and before is not words[0]
        if word.category == "name" or is_bare or is_behind_noun or before.text in _OPENING_QUOTES:
            yield fold(word.text)


def _may_be_name(word: Tagged) -> bool:
    return word.text[0].isupper() and word.category in ("noun", "name", "other")


def _places(words: tuple[Tagged, ...], language: Language) -> Iterator[str]:
    """Names right behind a preposition of place and no article: "in Torgelau"."""
    for before, word in pairwise(words):
        is_place = before.text in word_set("place_prepositions", language) - _CONTRACTED
        is_place = is_place or (before.text == "von" and is_town_like(word.text))
        if is_place and _may_be_name(word) and is_bare_name(word.text):
            yield fold(word.text)


def is_bare_name(word: str) -> bool:
    """A word without an article that is no common noun, or one as towns are called."""
    return not is_common_noun(word) or is_town_like(word)


def is_town_like(word: str) -> bool:
    """Whether a word ends as names of towns do."""
    return any(
        word.lower().endswith(head) and len(word) >= len(head) + _SHORTEST_FIRST_PART
        for head in word_set("town_heads", "de")
    )


@lru_cache(maxsize=65536)
def mentions(term: str, text_words: frozenset[str]) -> bool:
    """Whether a folded word, an inflected form or a compound with it is among folded words."""
    if term in text_words:
        return True
    stem = stem_of(term)
    if len(stem) < 4:
        return False
    joined, stems = _spread_out(text_words)
    if len(stem) >= 5 and stem in joined:
        return True
    at = joined.find(f" {stem}")
    while at >= 0:
        if joined.index(" ", at + 1) - at - 1 - len(stem) <= _LONGEST_ENDING:
            return True
        at = joined.find(f" {stem}", at + 1)
    return any(
        stem[start:end] in stems
        for start in range(len(stem) - _SHORTEST_SHARED + 1)
        for end in range(start + _SHORTEST_SHARED, len(stem) + 1)
    )


@lru_cache(maxsize=1024)
def _spread_out(words: frozenset[str]) -> tuple[str, frozenset[str]]:
    """Words in one line, a space before and after each, and the stems that a longer may hold."""
    stems = frozenset(stem for word in words if len(stem := stem_of(word)) >= _SHORTEST_SHARED)
    return f" {' '.join(words)} ", stems


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


@lru_cache(maxsize=65536)
def stem_of(term: str) -> str:
    """A crude stem: endings that German and English inflection add are cut."""
    if len(term) > 5:
        for ending in ("innen", "ungen", "ern", "en", "er", "es", "em", "e", "s", "n"):
            if term.endswith(ending) and len(term) - len(ending) >= 4:
                return term[: -len(ending)]
    return term


@lru_cache(maxsize=8192)
def word_bag(text: str) -> frozenset[str]:
    """The folded words of a text, hyphenated ones also in parts."""
    bag: set[str] = set()
    for written in set(_WORD.findall(text)):
        word = fold(written)
        bag.add(word)
        if "-" in word:
            bag.update(part for part in word.split("-") if len(part) > 2)
    return frozenset(bag)
