"""Second step of a briefing: articles → their sentences with vectors, what is no news left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.briefing.texts import (
    appended,
    impersonal,
    leaning_phrases,
    leaning_words,
    not_news,
    openers,
    pronouns,
)
from rag.language.dates import dates
from rag.language.names import names
from rag.language.quantities import quantities
from rag.language.terms import terms, tokens
from rag.protocols import FloatArray
from rag.types import Article, Language

if TYPE_CHECKING:
    from rag.index.store import Store

_FEWEST_WORDS, _MOST_WORDS = 6, 60
_MOST_SENTENCES = 3000
"""Over all articles: every two of them are compared."""
_FEWEST_OF_AN_ARTICLE = 3
_LOADED = 400
_OPENING_WORDS = 8
_AROUND = ',.:;„“"»«()'
_ENDINGS = tuple(".!…“”\"«»’')")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article; ``place`` is its row in the matrix of vectors."""

    article: Article
    quote: str
    start_char: int
    end_char: int
    order: int
    similarity: float
    place: int
    terms: frozenset[str]
    words: int

    @property
    def origin(self) -> str:
        """What its article goes back to."""
        return self.article.origin_id or self.article.article_id


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences with their unit vectors; ``cap`` is how many of an article were read."""

    items: tuple[Sentence, ...]
    vectors: FloatArray
    cap: int | None = None


def read_sentences(store: Store, articles: Sequence[Article], query: FloatArray) -> Sentences:
    """The sentences of the articles; of many articles the closest to the topic and the first."""
    cap = max(_FEWEST_OF_AN_ARTICLE, _MOST_SENTENCES // max(1, len(articles)))
    items: list[Sentence] = []
    rows: list[FloatArray] = []
    is_capped = False
    for start in range(0, len(articles), _LOADED // 4):
        part = articles[start : start + _LOADED // 4]
        for found, vectors in _loaded(store, part, query):
            chosen = _closest(found, cap)
            is_capped = is_capped or len(chosen) < len(found)
            for index in chosen:
                items.append(_placed(found[index], len(items)))
                rows.append(vectors[index])
    dimension = len(query)
    matrix = np.array(rows, dtype=np.float32) if rows else np.zeros((0, dimension), np.float32)
    return Sentences(tuple(items), matrix, cap if is_capped else None)


def _loaded(
    store: Store, articles: Sequence[Article], query: FloatArray
) -> list[tuple[list[Sentence], list[FloatArray]]]:
    """For each article its sentences in order with their vectors."""
    ids = [c.chunk_id for each in articles for c in store.chunks_of(each.article_id)]
    by_article: dict[str, tuple[list[Sentence], list[FloatArray]]] = {}
    for stored in store.load(ids):
        found, vectors = by_article.setdefault(stored.article.article_id, ([], []))
        spans = stored.chunk.sentences
        ends_at = _news_ends_at(stored.article)
        known = np.asarray(stored.sentence_vectors, dtype=np.float32)
        for index, span in enumerate(spans):
            # Short chunks may be stored without vectors of their sentences.
            vector = known[index] if index < len(known) else np.asarray(stored.vector, np.float32)
            quote = stored.article.text[span.start_char : span.end_char]
            if span.start_char < ends_at and is_news(quote):
                found.append(_sentence(stored.article, quote, span.start_char, vector, query))
                vectors.append(vector)
    return list(by_article.values())


def _news_ends_at(article: Article) -> int:
    """Where an appendix begins that explains rather than reports (questions and answers)."""
    found = appended().search(article.text)
    return found.start() if found else len(article.text)


def _sentence(
    article: Article, quote: str, start_char: int, vector: FloatArray, query: FloatArray
) -> Sentence:
    return Sentence(
        article=article,
        quote=quote,
        start_char=start_char,
        end_char=start_char + len(quote),
        order=start_char,
        similarity=float(vector @ query),
        place=-1,
        terms=frozenset(),
        words=len(quote.split()),
    )


def _placed(sentence: Sentence, place: int) -> Sentence:
    return Sentence(
        article=sentence.article,
        quote=sentence.quote,
        start_char=sentence.start_char,
        end_char=sentence.end_char,
        order=sentence.order,
        similarity=sentence.similarity,
        place=place,
        terms=frozenset(terms(sentence.quote, sentence.article.language)),
        words=sentence.words,
    )


def _closest(found: Sequence[Sentence], cap: int) -> list[int]:
    ranked = sorted(
        range(len(found)), key=lambda index: (-found[index].similarity - 0.03 / (1 + index), index)
    )
    return sorted(ranked[:cap])


def is_news(quote: str) -> bool:
    """Whether a sentence can stand in a briefing: whole, not too short, no question, no notice."""
    count = len(quote.split())
    if not _FEWEST_WORDS <= count <= _MOST_WORDS or not quote.rstrip().endswith(_ENDINGS):
        return False
    if "\n" in quote.strip():
        return False
    return not any(pattern.search(quote) for pattern in not_news())


def leans(sentence: Sentence) -> bool:
    """Whether the sentence needs the one before it to be understood."""
    language = sentence.article.language
    bare = sentence.quote.lstrip('„“"»«( ')
    if impersonal(language).search(bare):
        return False
    if leaning_phrases(language).search(bare):
        return True
    words = [word.strip(_AROUND) for word in bare.split()[:_OPENING_WORDS]]
    if words and words[0].lower() in leaning_words(language):
        return True
    if not words or words[0].lower() not in openers(language):
        return False
    place = next((i for i, word in enumerate(words) if word in pronouns(language)), None)
    return place is not None and not _is_anybody_named(bare, words[:place], language)


def _is_anybody_named(text: str, before: Sequence[str], language: Language) -> bool:
    """Whether the pronoun behind these words can stand for somebody among them."""
    until = len(" ".join(before)) + len(before)
    times = dates(text, language)
    return any(
        name.kind != "place" and name.end_char <= until
        for name in names(text, language)
        if not any(t.start_char <= name.start_char < t.end_char for t in times)
    )


def specificity(sentence: Sentence) -> float:
    """How much is stated that can be checked: figures, dates, names, 0..1."""
    language = sentence.article.language
    figures = sum(not each.is_weak for each in quantities(sentence.quote, language))
    days = len(dates(sentence.quote, language))
    named = sum(token.text[:1].isupper() for token in tokens(sentence.quote)) / 4
    return min(1.0, (figures + days + min(2.0, named)) / 4)
