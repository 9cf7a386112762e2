"""Candidate passages with the scores of both searches, before they are fused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rag.protocols import FloatArray
from rag.types import Article, Chunk


class LoadedChunk(Protocol):
    """A stored chunk with its article and vectors."""

    @property
    def chunk(self) -> Chunk:
        """The chunk."""
        ...

    @property
    def article(self) -> Article:
        """The article it is from."""
        ...

    @property
    def vector(self) -> FloatArray:
        """Its unit vector."""
        ...

    @property
    def sentence_vectors(self) -> FloatArray:
        """Unit vectors of its sentences, one a row."""
        ...

    @property
    def sentence_terms(self) -> Sequence[str]:
        """The index terms of each sentence, as one text; empty where they are not known."""
        ...

    @property
    def sentence_tags(self) -> Sequence[bytes]:
        """The parts of speech of each sentence's words; empty where they are not known."""
        ...


class PassageStore(Protocol):
    """What retrieval needs of a store; ``rag.index.store.Store`` has it."""

    def search_dense(
        self, vector: FloatArray, k: int, allowed: Set[str] | None = None
    ) -> Sequence[tuple[str, float]]:
        """Chunk ids with cosines, best first; ``allowed`` are article ids."""
        ...

    def search_lexical(
        self, terms: Sequence[str], k: int, allowed: Set[str] | None = None
    ) -> Sequence[tuple[str, float]]:
        """Chunk ids with BM25 scores, best first."""
        ...

    def lexical_scores(self, terms: Sequence[str], chunk_ids: Sequence[str]) -> Mapping[str, float]:
        """BM25 scores of given chunks; a missing one is 0."""
        ...

    def load(self, chunk_ids: Sequence[str]) -> Sequence[LoadedChunk]:
        """The chunks, in the order asked for."""
        ...

    def article_ids(
        self,
        outlets: Set[str] | None = None,
        published_from: str | None = None,
        published_to: str | None = None,
    ) -> frozenset[str]:
        """Articles that pass the filters."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A chunk that one of the searches found, with the scores of both."""

    chunk: Chunk
    article: Article
    dense: float
    lexical: float
    sentence_similarities: tuple[float, ...]
    sentence_terms: Sequence[str] = ()
    sentence_tags: Sequence[bytes] = ()

    @property
    def best_sentence(self) -> float:
        """The cosine of its most similar sentence; its own where sentences have no vectors."""
        return max(self.sentence_similarities, default=self.dense)


def load_candidates(
    store: PassageStore, chunk_ids: Sequence[str], vector: FloatArray, terms: Sequence[str]
) -> tuple[Candidate, ...]:
    """Every chunk with both scores, whichever search found it."""
    loaded = store.load(chunk_ids)
    lexical = store.lexical_scores(terms, chunk_ids)
    found = []
    for stored in loaded:
        similarities = np.asarray(stored.sentence_vectors, dtype=np.float32) @ vector
        found.append(
            Candidate(
                chunk=stored.chunk,
                article=stored.article,
                dense=float(np.asarray(stored.vector, dtype=np.float32) @ vector),
                lexical=float(lexical.get(stored.chunk.chunk_id, 0.0)),
                sentence_similarities=tuple(float(value) for value in similarities),
                sentence_terms=stored.sentence_terms,
                sentence_tags=stored.sentence_tags,
            )
        )
    return tuple(found)
