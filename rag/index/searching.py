"""Searches over the store, with what is kept in memory between two questions."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from rag.index.catalogue import Catalogue, read_number
from rag.index.exact import ExactIndex, best_first
from rag.index.identity import known_identity
from rag.index.lexical import Bm25
from rag.index.mirror import Mirror
from rag.index.mirror_state import read_state
from rag.index.schema import chunks, vector_from_bytes, vectors
from rag.index.writing import in_parts
from rag.protocols import FloatArray

_Found = list[tuple[str, float]]


class Searches:
    """Dense and lexical search. Nothing kept in memory outlives a change of the catalogue."""

    def __init__(self, catalogue: Catalogue, mirror: Mirror) -> None:
        self._catalogue = catalogue
        self._mirror = mirror
        self._lock = threading.RLock()
        self._kept = _Kept(-1)

    def dense(self, vector: FloatArray, k: int, allowed: AbstractSet[str] | None) -> _Found:
        """The ``k`` nearest chunks, among those of the allowed articles if given."""
        query = _query_vector(vector)
        with self._catalogue.reading() as connection, self._lock:
            kept = self._current(connection)
            if allowed is None:
                state = read_state(connection)
                found = self._mirror.search(query, k, state)
                if found is not None:
                    compared = _cosines(connection, query, state.unreached)
                    return _best_of({**dict(found), **compared}, k) if compared else found
            numbers = None if allowed is None else kept.numbers_of(connection, allowed)
            nearest = kept.exact(connection).search(query, k, numbers)
            return _with_ids(connection, nearest)

    def lexical(self, terms: Sequence[str], k: int, allowed: AbstractSet[str] | None) -> _Found:
        """The ``k`` chunks with the highest BM25 score above 0."""
        with self._catalogue.reading() as connection, self._lock:
            kept = self._current(connection)
            scores = kept.bm25_scores(connection, terms)
            if allowed is not None:
                mask = np.zeros(len(scores), dtype=bool)
                mask[kept.numbers_of(connection, allowed)] = True
                scores = np.where(mask, scores, np.float32(0))
            # Among millions of equal zeros a partial sort is slow.
            found = np.flatnonzero(scores > 0)
            best = found[best_first(scores[found], k)]
            return _with_ids(connection, [(int(at), float(scores[at])) for at in best])

    def dense_scores(self, vector: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """The cosine with each of the chunks."""
        with self._catalogue.reading() as connection:
            return _cosines(connection, _query_vector(vector), chunk_ids)

    def lexical_scores(self, terms: Sequence[str], chunk_ids: Sequence[str]) -> dict[str, float]:
        """The BM25 score of each of the chunks."""
        found: dict[str, float] = {}
        with self._catalogue.reading() as connection, self._lock:
            scores = self._current(connection).bm25_scores(connection, terms)
            for part in in_parts(chunk_ids):
                rows = connection.execute(
                    select(chunks.c.chunk_id, chunks.c.chunk_no).where(chunks.c.chunk_id.in_(part))
                )
                found |= {chunk_id: float(scores[number]) for chunk_id, number in rows}
        return found

    def _current(self, connection: Connection) -> _Kept:
        revision = read_number(connection, "revision")
        if self._kept.revision != revision:
            self._mirror.follow(known_identity(connection).fingerprint)
            self._kept = _Kept(revision)
        return self._kept


class _Kept:
    """What was computed for one revision of the catalogue."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self._exact: ExactIndex | None = None
        self._bm25: Bm25 | None = None
        self._last_scores: tuple[tuple[str, ...], FloatArray] | None = None
        self._articles: list[str] | None = None
        self._numbers: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def exact(self, connection: Connection) -> ExactIndex:
        if self._exact is None:
            self._exact = ExactIndex(connection)
        return self._exact

    def bm25_scores(self, connection: Connection, terms: Sequence[str]) -> FloatArray:
        # A question is searched first and then scored for the candidates of the other search.
        wanted = tuple(terms)
        if self._last_scores is None or self._last_scores[0] != wanted:
            self._bm25 = self._bm25 or Bm25(connection)
            self._last_scores = (wanted, self._bm25.scores(connection, wanted))
        return self._last_scores[1]

    def numbers_of(
        self, connection: Connection, article_ids: AbstractSet[str]
    ) -> NDArray[np.int64]:
        if self._articles is None:
            rows = connection.execute(select(chunks.c.chunk_no, chunks.c.article_id)).all()
            self._numbers = np.array([row[0] for row in rows], dtype=np.int64)
            self._articles = [row[1] for row in rows]
        mask = np.fromiter((each in article_ids for each in self._articles), dtype=bool)
        return np.asarray(self._numbers[mask])


def _query_vector(vector: FloatArray) -> FloatArray:
    query = np.asarray(vector, dtype=np.float32).reshape(-1)
    length = float(np.linalg.norm(query))
    # Chroma would answer a vector of NaN with arbitrary chunks.
    if not np.isfinite(length) or length == 0.0:
        raise ValueError("a query vector must be finite and not zero")
    return query / np.float32(length)


def _with_ids(connection: Connection, numbered: list[tuple[int, float]]) -> _Found:
    ids: dict[int, str] = {}
    numbers = [number for number, _ in numbered]
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        rows = connection.execute(
            select(chunks.c.chunk_no, chunks.c.chunk_id).where(chunks.c.chunk_no.in_(part))
        )
        ids |= {number: chunk_id for number, chunk_id in rows}
    return [(ids[number], score) for number, score in numbered if number in ids]


def _cosines(
    connection: Connection, query: FloatArray, chunk_ids: Sequence[str]
) -> dict[str, float]:
    scores: dict[str, float] = {}
    for part in in_parts(chunk_ids):
        rows = connection.execute(
            select(chunks.c.chunk_id, vectors.c.vector)
            .join(vectors, vectors.c.chunk_no == chunks.c.chunk_no)
            .where(chunks.c.chunk_id.in_(part))
        )
        scores |= {chunk_id: float(vector_from_bytes(stored) @ query) for chunk_id, stored in rows}
    return scores


def _best_of(scores: dict[str, float], k: int) -> _Found:
    return sorted(scores.items(), key=lambda found: -found[1])[:k]
