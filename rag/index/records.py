"""What goes into the store and comes out of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.protocols import FloatArray
from rag.settings import SCHEMA_VERSION
from rag.types import Article, Chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexIdentity:
    """What an index was made with; an index of another identity cannot be asked."""

    model: str
    embedder_fingerprint: str
    dimension: int
    chunk: Mapping[str, int]
    schema: int = SCHEMA_VERSION

    @property
    def fingerprint(self) -> str:
        """The same twelve digits as ``rag.settings.index_fingerprint``."""
        shaped_by = {
            "schema": self.schema,
            "model": self.model,
            "embedder": self.embedder_fingerprint,
            "dimension": self.dimension,
            "chunk": dict(self.chunk),
        }
        return hashlib.sha256(json.dumps(shaped_by, sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedArticle:
    """An article ready to be stored.

    ``chunk_vectors`` has one unit vector a chunk, ``sentence_vectors`` one array a chunk with one
    row a sentence; ``signature`` is what near-copies are found by; ``tags`` are the parts of speech
    of each chunk's words, as ``rag.index.kept_tags`` keeps them, or none.
    """

    article: Article
    chunks: Sequence[Chunk]
    chunk_vectors: FloatArray
    sentence_vectors: Sequence[FloatArray]
    signature: bytes = b""
    tags: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChunk:
    """A chunk with its article and vectors, as stored."""

    chunk: Chunk
    article: Article
    vector: FloatArray
    sentence_vectors: FloatArray
    sentence_terms: tuple[str, ...] = ()
    """The index terms of each sentence, as one text; none in a store of an earlier version."""
    sentence_tags: tuple[bytes, ...] = ()
    """The parts of speech of each sentence's words, where they are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCounts:
    """How much the store holds."""

    articles: int
    chunks: int
    outlets: int
    duplicates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReport:
    """What a check of the store found; ``problems`` is empty for a sound store."""

    counts: StoreCounts
    problems: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems
