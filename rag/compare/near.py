"""Which sentences of a store are worth comparing without a question: near in time, alike in words.

One sparse product a block of days: rare words weigh most, so the cost grows with the articles of a
few days, not with the square of the store. How alike two whole articles are (do they report one
event?) comes from the same weights.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from rag.compare.frame import stem_of
from rag.compare.function_words import function_words
from rag.compare.reconcile import published
from rag.language.folding import fold
from rag.language.sentences import split_sentences
from rag.types import Article

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BLOCK = 4000
_MOST_SENTENCES = 2000
"""A word in more sentences proposes no pairs; it still counts for how alike two are."""
_SENTENCE_CHARS = (30, 450)
_FEWEST_WORDS = 3
_UNDATED = 10**7


@dataclass(frozen=True, slots=True)
class PlainSentence:
    """A sentence of an article by its place; ``before`` is the one before it, or the title."""

    article: Article
    start_char: int
    end_char: int
    before: str

    @property
    def text(self) -> str:
        """Its words."""
        return self.article.text[self.start_char : self.end_char]


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two sentences of different articles; ``alike`` in words, ``one_event`` as whole articles."""

    first: PlainSentence
    second: PlainSentence
    alike: float
    one_event: float


def content_stems(text: str) -> frozenset[str]:
    """The stems of a text's words without function words and figures."""
    words = (fold(match.group()) for match in _WORD.finditer(text))
    return frozenset(stem_of(word) for word in words if word not in function_words())


def sentences_of(article: Article) -> Iterator[PlainSentence]:
    """The sentences of an article that are long enough to state something, short enough to read."""
    before = article.title or ""
    for span in split_sentences(article.text, article.language):
        sentence = PlainSentence(article, span.start_char, span.end_char, before)
        if _SENTENCE_CHARS[0] <= span.end_char - span.start_char <= _SENTENCE_CHARS[1]:
            yield sentence
        before = sentence.text


class NearSentences:
    """The sentences of a store by day, with the weights of their words."""

    def __init__(self, articles: Sequence[Article]) -> None:
        ordered = sorted(articles, key=lambda article: (_day(article), article.article_id))
        self.articles = ordered
        self.sentences: list[PlainSentence] = []
        self._days: list[int] = []
        self._owner: list[int] = []
        stems: list[frozenset[str]] = []
        for place, article in enumerate(ordered):
            for sentence in sentences_of(article):
                found = content_stems(sentence.text)
                if len(found) >= _FEWEST_WORDS:
                    self.sentences.append(sentence)
                    self._days.append(_day(article))
                    self._owner.append(place)
                    stems.append(found)
        self._weigh(stems)

    def _weigh(self, stems: list[frozenset[str]]) -> None:
        count: Counter[str] = Counter(word for found in stems for word in found)
        vocabulary = {word: index for index, word in enumerate(sorted(count))}
        total = len(stems)
        weight = np.array([math.log(1 + total / count[word]) for word in vocabulary])
        columns = [sorted(vocabulary[word] for word in found) for found in stems]
        rows = np.repeat(np.arange(total), [len(found) for found in columns])
        flat = np.array([column for found in columns for column in found], dtype=np.int64)
        shape = (total, len(vocabulary))
        matrix = csr_matrix((weight[flat] if total else [], (rows, flat)), shape=shape)
        self._matrix = _unit_rows(matrix)
        often = np.array([count[word] > _MOST_SENTENCES for word in vocabulary], dtype=bool)
        self._proposing = self._matrix @ diags((~often).astype(float)) if total else self._matrix
        owners = np.array(self._owner, dtype=np.int64)
        gathered = csr_matrix(
            (np.ones(total), (owners, np.arange(total))), shape=(len(self.articles), total)
        )
        summed = gathered @ matrix
        summed.data = np.log1p(summed.data)
        self._whole = _unit_rows(summed)

    def pairs(self, *, days: int, least: float) -> Iterator[NearPair]:
        """Pairs at most ``days`` apart (articles without a date are near all) and that alike."""
        days_of = np.array(self._days)
        for start in range(0, len(self.sentences), _BLOCK):
            stop = min(start + _BLOCK, len(self.sentences))
            first_day = days_of[start] if days_of[stop - 1] < _UNDATED else days + days_of[0]
            begin = int(np.searchsorted(days_of, first_day - days))
            product = (self._proposing[start:stop] @ self._proposing[begin:stop].T).tocoo()
            keep = product.data >= least
            found = sorted(zip((product.row[keep] + start).tolist(),
                               (product.col[keep] + begin).tolist(), strict=True))  # fmt: skip
            for row, column in found:
                if column < row and self._may_compare(row, column, days):
                    yield self._pair(column, row)

    def _may_compare(self, row: int, column: int, days: int) -> bool:
        if self._owner[row] == self._owner[column]:
            return False
        apart = self._days[row] - self._days[column]
        return apart <= days or self._days[row] >= _UNDATED

    def _pair(self, first: int, second: int) -> NearPair:
        alike = self._matrix[first].multiply(self._matrix[second]).sum()
        return NearPair(
            self.sentences[first],
            self.sentences[second],
            float(alike),
            self.one_event(self._owner[first], self._owner[second]),
        )

    def one_event(self, first: int, second: int) -> float:
        """How alike two articles are as a whole, 0..1."""
        return float(self._whole[first].multiply(self._whole[second]).sum())


def _unit_rows(matrix: csr_matrix) -> csr_matrix:
    squares: NDArray[np.float64] = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    return csr_matrix(diags(1 / np.sqrt(np.maximum(squares, 1e-12))) @ matrix)


def _day(article: Article) -> int:
    day = published(article)
    return day.toordinal() if day else _UNDATED
