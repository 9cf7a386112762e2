"""A store in memory with the searches of ``rag.index.store.Store``: for fitting and for tests."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from rag.language.terms import terms
from rag.protocols import FloatArray
from rag.types import Article, Chunk

_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryChunk:
    """A chunk with its article and vectors."""

    chunk: Chunk
    article: Article
    vector: FloatArray
    sentence_vectors: FloatArray
    sentence_terms: tuple[str, ...] = ()
    sentence_tags: tuple[bytes, ...] = ()


class MemoryStore:
    """Exact dense search and BM25 over a few thousand chunks."""

    def __init__(self, chunks: Sequence[MemoryChunk]) -> None:
        self._chunks = {stored.chunk.chunk_id: stored for stored in chunks}
        self._ids = list(self._chunks)
        self._matrix = np.stack([stored.vector for stored in chunks])
        self._postings: dict[str, dict[str, float]] = defaultdict(dict)
        self._index_terms()

    def _index_terms(self) -> None:
        counted = {
            chunk_id: Counter(_indexed_terms(stored)) for chunk_id, stored in self._chunks.items()
        }
        average = sum(sum(c.values()) for c in counted.values()) / max(1, len(counted))
        holding: Counter[str] = Counter(term for c in counted.values() for term in c)
        for chunk_id, counts in counted.items():
            length = sum(counts.values())
            for term, count in counts.items():
                rarity = math.log(1 + (len(counted) - holding[term] + 0.5) / (holding[term] + 0.5))
                damped = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / average))
                self._postings[term][chunk_id] = rarity * damped

    def without(self, article_ids: Set[str]) -> MemoryStore:
        """The same store as if these articles had never been read."""
        kept = [s for s in self._chunks.values() if s.article.article_id not in article_ids]
        return MemoryStore(kept)

    def search_dense(
        self, vector: FloatArray, k: int, allowed: Set[str] | None = None
    ) -> list[tuple[str, float]]:
        """Chunk ids with cosines, best first."""
        scores = self._matrix @ vector
        order = np.argsort(-scores, kind="stable")
        found = ((self._ids[index], float(scores[index])) for index in order)
        return [pair for pair in found if self._passes(pair[0], allowed)][:k]

    def search_lexical(
        self, terms: Sequence[str], k: int, allowed: Set[str] | None = None
    ) -> list[tuple[str, float]]:
        """Chunk ids with BM25 scores, best first."""
        scores: defaultdict[str, float] = defaultdict(float)
        for term in dict.fromkeys(terms):
            for chunk_id, score in self._postings.get(term, {}).items():
                scores[chunk_id] += score
        order = sorted(scores.items(), key=lambda pair: -pair[1])
        return [pair for pair in order if self._passes(pair[0], allowed)][:k]

    def lexical_scores(self, terms: Sequence[str], chunk_ids: Sequence[str]) -> Mapping[str, float]:
        """BM25 scores of given chunks."""
        return {
            chunk_id: sum(
                self._postings.get(term, {}).get(chunk_id, 0.0) for term in dict.fromkeys(terms)
            )
            for chunk_id in chunk_ids
        }

    def load(self, chunk_ids: Sequence[str]) -> list[MemoryChunk]:
        """The chunks, in the order asked for."""
        return [self._chunks[chunk_id] for chunk_id in chunk_ids]

    def article_ids(
        self,
        outlets: Set[str] | None = None,
        published_from: str | None = None,
        published_to: str | None = None,
    ) -> frozenset[str]:
        """Articles that pass the filters; an undated one passes no date filter."""

        def passes(article: Article) -> bool:
            day = (article.published_at or "")[:10]
            if outlets and article.source not in outlets:
                return False
            if published_from and not day >= published_from:
                return False
            return not published_to or (bool(day) and day <= published_to)

        articles = {stored.article.article_id: stored.article for stored in self._chunks.values()}
        return frozenset(article_id for article_id, each in articles.items() if passes(each))

    def _passes(self, chunk_id: str, allowed: Set[str] | None) -> bool:
        return allowed is None or self._chunks[chunk_id].article.article_id in allowed


def _indexed_terms(stored: MemoryChunk) -> list[str]:
    language = stored.article.language
    return [*terms(stored.chunk.text, language), *terms(stored.article.title or "", language)]
