"""Third step of a briefing: sentences → statements, each with all the sources that make it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.briefing.sentences import Sentence, Sentences
from rag.briefing.weight import weigh
from rag.language.dates import compatible_dates, dates
from rag.language.quantities import compatible, quantities
from rag.language.typography import source_label

_CLOSE = 0.885
_OVERLAP_WHEN_CLOSE = 0.45
_VERY_CLOSE = 0.945
_OVERLAP_ALONE = 0.75
_LEAST_TERMS = 4
_BLOCK = 512


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
        return tuple(
            dict.fromkeys(source_label(s.article, s.article.language) for s in self.sentences)
        )


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
    scores = weigh(sentences)
    near = _near_pairs(sentences, _rarity(sentences.items))
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


def _rarity(items: Sequence[Sentence]) -> Mapping[str, float]:
    """What a shared word says: little where every other sentence on the topic has it."""
    count = Counter(term for each in items for term in each.terms)
    return {term: math.log((1 + len(items)) / found) for term, found in count.items()}


def _near_pairs(sentences: Sentences, rarity: Mapping[str, float]) -> list[list[int]]:
    """For each sentence those that say nearly the same, the nearest first."""
    vectors, items = sentences.vectors, sentences.items
    near: list[list[int]] = [[] for _ in items]
    holding: dict[str, list[int]] = {}
    for index, each in enumerate(items):
        for term in each.terms:
            holding.setdefault(term, []).append(index)
    places = {term: np.array(found) for term, found in holding.items()}
    weight = np.array([sum(rarity[t] for t in each.terms) for each in items], dtype=np.float32)
    is_long = np.array([len(each.terms) >= _LEAST_TERMS for each in items])
    for start in range(0, len(items), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        for row, cosines in enumerate(block):
            index = start + row
            shared = np.zeros(len(items), dtype=np.float32)
            # Words all sentences share weigh nothing, and are not worth the way.
            for term in sorted(items[index].terms):
                if rarity[term] > 0:
                    shared[places[term]] += rarity[term]
            share = shared / np.maximum(np.minimum(weight, weight[index]), 1e-9)
            least = np.where(cosines >= _CLOSE, _OVERLAP_WHEN_CLOSE, _OVERLAP_ALONE)
            is_same = (cosines >= _CLOSE - 0.05) & (share >= least) & is_long & is_long[index]
            is_same |= cosines >= _VERY_CLOSE
            is_same[index] = False
            found = np.nonzero(is_same)[0]
            near[index] = found[np.argsort(-cosines[found], kind="stable")].tolist()
    return near
