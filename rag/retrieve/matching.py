"""How much of a question a text holds, word by word, weighted by how rare a word is here.

A word counts as found when a stem, a compound part or a close spelling of it is in the text.
Rarity is taken from the candidate texts themselves: the same in a store of five articles and in one
of fifty thousand, and a word that none of them holds weighs most.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.language.names import names
from rag.language.questions import Asked, read_question
from rag.language.terms import Token, terms, tokens
from rag.types import Article, Chunk, Language

_BEGINNING = 3
_SHORTEST_PART = 4
_PART_SHARE = 0.45
"""A stem inside a longer one counts when it is at least this share of it."""
_PREFIX_SHARE = 0.7
_NEAR = 0.7
_LEAD_CHARS = 400
"""Where an article says who, where and when."""


@dataclass(frozen=True, slots=True)
class QuestionWord:
    """A content word of a question: its terms in German and English, and what it looks like."""

    token: Token
    terms: frozenset[str]
    parts: frozenset[str]
    is_name: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The content words of a question and what it asks for."""

    text: str
    language: Language
    asked: Asked
    words: tuple[QuestionWord, ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds the words of one question in the texts of one candidate set."""

    words: tuple[QuestionWord, ...]
    weights: tuple[float, ...]
    degrees: tuple[Mapping[str, float], ...]
    near: frozenset[str]
    """All terms that say a word of the question or nearly."""

    def found(self, text_terms: Iterable[str]) -> tuple[float, ...]:
        """For each word of the question, 0..1: how surely it is among ``text_terms``."""
        near = self.near.intersection(text_terms)
        return tuple(
            max([degrees[term] for term in near if term in degrees], default=0.0)
            for degrees in self.degrees
        )

    def coverage(self, found: Sequence[float]) -> float:
        """The share of the question's weight that is found, 0..1."""
        total = sum(self.weights)
        return sum(w * f for w, f in zip(self.weights, found, strict=True)) / total if total else 0


@lru_cache(maxsize=512)
def question_words(text: str, language: Language) -> QuestionWords:
    """The content words of a question; interrogatives and function words are left out."""
    asked = read_question(text, language)
    found = []
    for token in tokens(text):
        stems = (terms(token.text, "de"), terms(token.text, "en"))
        if not all(stems):
            # A function word of the question's own language is one; of the other, a homograph.
            own = stems[0] if language != "en" else stems[1]
            if not own:
                continue
        firsts = frozenset(stem[0] for stem in stems if stem)
        every = frozenset(term for stem in stems for term in stem)
        found.append(
            QuestionWord(
                token,
                firsts,
                every - firsts,
                token.text[:1].isupper() and token.start_char > 0,
                token.text[0].isdigit(),
            )
        )
    return QuestionWords(text, language, asked, tuple(found))


@lru_cache(maxsize=4096)
def context_terms(article: Article) -> frozenset[str]:
    """What an article says beside its text: the terms of its title and outlet, and its year.

    A question on 2023 then fits an article of that year that never writes the year out.
    """
    outlet = frozenset(term for term in terms(article.source or "", article.language))
    named = frozenset(term for term in outlet if term.isalpha())
    year = frozenset([article.published_at[:4]] if article.published_at else [])
    return frozenset(terms(article.title or "", article.language)) | named | year


def chunk_terms(article: Article, chunk: Chunk) -> frozenset[str]:
    """The terms of a chunk: those of its sentences, which are kept, where they make up the chunk.

    No term reaches over a space or a line's end.
    """
    spans = chunk.sentences
    bounds = [chunk.start_char, *(end for s in spans for end in (s.start_char, s.end_char))]
    gaps = [
        article.text[start:end]
        for start, end in zip(bounds[::2], [*bounds[1::2], chunk.end_char], strict=True)
    ]
    if any(gap.strip(" \n") for gap in gaps) or not all(gaps[1:-1]):
        return frozenset(terms(chunk.text, article.language))
    return frozenset[str]().union(
        *(terms(article.text[s.start_char : s.end_char], article.language) for s in spans)
    )


@lru_cache(maxsize=512)
def named(question: str, language: Language) -> tuple[frozenset[str], ...]:
    """The terms of each proper name in a question; an office is none."""
    return tuple(
        own
        for name in names(question, language)
        if name.kind != "role"
        and (own := frozenset(terms(name.text, "de")) | frozenset(terms(name.text, "en")))
    )


def held_names(
    marks: Sequence[frozenset[str]], article: Article, text: frozenset[str]
) -> frozenset[int]:
    """Which names an article's passage ``text``, its lead or its title holds."""
    lead = frozenset(terms(article.text[:_LEAD_CHARS], article.language))
    known = text | lead | context_terms(article)
    return frozenset(index for index, mark in enumerate(marks) if not mark.isdisjoint(known))


@lru_cache(maxsize=16)
def matcher(question: QuestionWords, texts: tuple[frozenset[str], ...]) -> Matcher:
    """A matcher whose weights come from ``texts``, the term sets of the candidate passages."""
    vocabulary = _Vocabulary(frozenset[str]().union(*texts), question.words)
    degrees = tuple(vocabulary.near(word) for word in question.words)
    weights = []
    for near in degrees:
        strong = {term for term, degree in near.items() if degree >= _NEAR}
        holding = sum(1 for text in texts if not strong.isdisjoint(text))
        weights.append(math.log(1 + (len(texts) + 1) / (holding + 0.5)))
    return Matcher(question.words, tuple(weights), degrees, frozenset().union(*degrees))


class _Vocabulary:
    """The terms of the candidates that begin or end as the words of a question do."""

    def __init__(self, every: frozenset[str], words: Sequence[QuestionWord]) -> None:
        self._every = every
        own = [term for word in words if not word.is_number for term in word.terms]
        self._beginnings: dict[str, list[str]] = {term[:_BEGINNING]: [] for term in own}
        self._endings: dict[str, list[str]] = {term[-_SHORTEST_PART:]: [] for term in own}
        for term in every:
            begins = self._beginnings.get(term[:_BEGINNING])
            ends = self._endings.get(term[-_SHORTEST_PART:])
            if begins is not None and term.isalpha():
                begins.append(term)
            if ends is not None and term.isalpha():
                ends.append(term)

    def near(self, word: QuestionWord) -> dict[str, float]:
        """The terms that say ``word`` or nearly, with 0..1."""
        degrees: dict[str, float] = {}
        if not word.is_number:
            for own in word.terms:
                close = self._beginnings[own[:_BEGINNING]] + self._endings[own[-_SHORTEST_PART:]]
                for term in close:
                    degree = _likeness(own, term)
                    if degree > degrees.get(term, 0.0):
                        degrees[term] = degree
        degrees.update((part, 0.6) for part in word.parts & self._every)
        degrees.update((term, 1.0) for term in word.terms & self._every)
        return degrees


@lru_cache(maxsize=100_000)
def _likeness(own: str, term: str) -> float:
    """Inflections the stemmer missed, and compounds the splitter does not know."""
    if own[:_BEGINNING] != term[:_BEGINNING]:
        shorter, longer = sorted((own, term), key=len)
        is_part = len(shorter) >= _SHORTEST_PART and longer.endswith(shorter)
        return 0.5 if is_part and len(shorter) >= _PART_SHARE * len(longer) else 0.0
    shared = _BEGINNING
    for left, right in zip(own[_BEGINNING:], term[_BEGINNING:], strict=False):
        if left != right:
            break
        shared += 1
    shorter_length, longer_length = sorted((len(own), len(term)))
    if shared < _SHORTEST_PART or shared < _PREFIX_SHARE * shorter_length:
        return 0.0
    return 0.4 + 0.5 * shared / longer_length
