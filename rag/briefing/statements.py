"""Third step of a briefing: sentences → statements, each with all the sources that make it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.briefing.sentences import Sentence, Sentences, leans, specificity
from rag.language.dates import compatible_dates, dates
from rag.language.quantities import compatible, quantities
from rag.protocols import FloatArray

_CLOSE = 0.885
_OVERLAP_WHEN_CLOSE = 0.45
_VERY_CLOSE = 0.945
_OVERLAP_ALONE = 0.75
_LEAST_TERMS = 4
_NEIGHBOURS = 8
_BLOCK = 512
_TOO_LONG = 45


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its best sentence, the others that say the same, and how much it matters."""

    best: Sentence
    others: tuple[Sentence, ...]
    score: float

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All its sentences, the best first."""
        return (self.best, *self.others)

    @property
    def origins(self) -> int:
        """How many independent origins make it."""
        return len({sentence.origin for sentence in self.sentences})

    @property
    def outlets(self) -> tuple[str, ...]:
        """Who makes it, the best first."""
        return tuple(dict.fromkeys(s.article.outlet for s in self.sentences))


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sentences that say nearly the same with figures or dates that do not agree."""

    first: Sentence
    second: Sentence


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements, the weightiest first, and where near-equal sentences differ."""

    items: tuple[Statement, ...]
    differences: tuple[Difference, ...]


def form_statements(sentences: Sentences) -> Statements:
    """Groups sentences around the best of each; none is dropped for being said elsewhere too."""
    scores = _scores(sentences)
    near = _near_pairs(sentences)
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    taken: set[int] = set()
    statements, differences = [], []
    for index in order:
        if index in taken:
            continue
        taken.add(index)
        best, others = sentences.items[index], []
        for neighbour in near[index]:
            if neighbour in taken:
                continue
            other = sentences.items[neighbour]
            if differ(best, other):
                if best.article.article_id != other.article.article_id:
                    differences.append(Difference(best, other))
                continue
            taken.add(neighbour)
            others.append(other)
        statements.append(_statement(best, others, scores[index]))
    statements.sort(key=lambda each: (-each.score, each.best.article.article_id, each.best.order))
    return Statements(tuple(statements), tuple(differences))


def _statement(best: Sentence, others: list[Sentence], score: float) -> Statement:
    """One sentence of an article each; support by independent origins weighs most."""
    seen = {best.article.article_id}
    kept = []
    for other in others:
        if other.article.article_id not in seen:
            seen.add(other.article.article_id)
            kept.append(other)
    origins = len({best.origin, *(each.origin for each in kept)})
    return Statement(best, tuple(kept), score + 0.35 * math.log(origins))


def differ(first: Sentence, second: Sentence) -> bool:
    """Whether figures or dates of one kind are given by both and none of them agree."""
    ours = [q for q in quantities(first.quote, first.article.language) if not q.is_weak]
    theirs = [q for q in quantities(second.quote, second.article.language) if not q.is_weak]
    if ours and theirs:
        found = {compatible(one, other) for one in ours for other in theirs}
        if "different" in found and not found & {"equal", "compatible"}:
            return True
    return _other_day(first, second)


def _other_day(first: Sentence, second: Sentence) -> bool:
    ours, theirs = (
        [d for d in dates(s.quote, s.article.language, s.article.published_at) if d.start]
        for s in (first, second)
    )
    found = {compatible_dates(one, other) for one in ours for other in theirs}
    return "different" in found and not found & {"equal", "compatible"}


def _near_pairs(sentences: Sentences) -> list[list[int]]:
    """For each sentence those that say nearly the same, the nearest first."""
    vectors, items = sentences.vectors, sentences.items
    near: list[list[int]] = [[] for _ in items]
    for start in range(0, len(items), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        rows, columns = np.nonzero(block >= _CLOSE - 0.05)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            index = start + row
            if index != column and _same(items[index], items[column], float(block[row, column])):
                near[index].append(column)
    for index, found in enumerate(near):
        found.sort(key=lambda other: -float(vectors[index] @ vectors[other]))
    return near


def _same(first: Sentence, second: Sentence, cosine: float) -> bool:
    if cosine >= _VERY_CLOSE:
        return True
    shorter = min(len(first.terms), len(second.terms))
    if shorter < _LEAST_TERMS:
        return False
    overlap = len(first.terms & second.terms) / shorter
    return overlap >= (_OVERLAP_WHEN_CLOSE if cosine >= _CLOSE else _OVERLAP_ALONE)


def _scores(sentences: Sentences) -> list[float]:
    """Closeness to the topic, agreement of other origins, place in the article, what is stated."""
    items = sentences.items
    if not items:
        return []
    topic = _standardised(np.array([each.similarity for each in items]))
    central = _standardised(_centrality(sentences))
    first: dict[str, int] = {}
    ranks = []
    for each in items:
        ranks.append(first.get(each.article.article_id, 0))
        first[each.article.article_id] = ranks[-1] + 1
    spread = _concept_weights(items)
    return [
        0.30 * float(topic[index])
        + 0.30 * float(central[index])
        + 0.45 / (1 + 0.5 * ranks[index])
        + 0.30 * specificity(each)
        + 0.60 * spread[index]
        - (0.5 if leans(each) else 0.0)
        - (0.3 if each.words > _TOO_LONG else 0.0)
        for index, each in enumerate(items)
    ]


def _centrality(sentences: Sentences) -> FloatArray:
    """The mean cosine with the nearest sentences of other origins."""
    items, vectors = sentences.items, sentences.vectors
    origins = {origin: place for place, origin in enumerate({s.origin: 0 for s in items})}
    own = np.array([origins[each.origin] for each in items])
    found = np.zeros(len(items), dtype=np.float32)
    for start in range(0, len(items), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        block[own[start : start + _BLOCK, None] == own[None, :]] = 0.0
        count = min(_NEIGHBOURS, block.shape[1])
        top = -np.partition(-block, count - 1, axis=1)[:, :count]
        found[start : start + _BLOCK] = top.mean(axis=1)
    return found


def _concept_weights(items: Sequence[Sentence]) -> list[float]:
    """How widely the words of a sentence are used by other origins, 0..1."""
    spread = word_spread(items)
    most = max(spread.values(), default=1)
    return [
        sum(spread[term] for term in each.terms) / (most * max(6, len(each.terms)))
        for each in items
    ]


def word_spread(items: Sequence[Sentence]) -> Counter[str]:
    """By how many independent origins each word is used."""
    pairs = {(each.origin, term) for each in items for term in each.terms}
    return Counter(term for _, term in pairs)


def _standardised(values: FloatArray) -> FloatArray:
    spread = float(values.std())
    result: FloatArray = (values - values.mean()) / (spread if spread > 1e-6 else 1.0)
    return np.clip(result, -2.5, 2.5)
