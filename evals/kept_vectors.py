"""Vectors kept between runs: an index that is made anew for each state of the program is cheap.

The vectors of a text depend on the model alone, and embedding them is what an index costs.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from rag.index.query_embed import OpenEmbedder
from rag.protocols import FloatArray, Progress


class KeptVectors:
    """An embedder that asks another one only for passages it has not seen; questions go through."""

    def __init__(self, embedder: OpenEmbedder, path: Path) -> None:
        self._embedder = embedder
        path.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(path)
        self._kept.execute("CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, vector BLOB)")

    @property
    def model_name(self) -> str:
        """The model as configured."""
        return self._embedder.model_name

    @property
    def fingerprint(self) -> str:
        """The model's."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions."""
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of passages, of those not kept by the model."""
        keys = [self._key(text) for text in texts]
        known = {key: vector for key in set(keys) if (vector := self._get(key)) is not None}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            made = self._embedder.embed_passages(list(new.values()), progress)
            known.update(zip(new, made, strict=True))
            with self._kept:
                self._kept.executemany(
                    "INSERT OR REPLACE INTO kept VALUES (?, ?)",
                    [(key, known[key].astype(np.float32).tobytes()) for key in new],
                )
        if not keys:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([known[key] for key in keys])

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Vectors of the texts, and for each text those of its ``spans``."""
        parts = [text[a:b] for text, own in zip(texts, spans, strict=True) for a, b in own]
        vectors = self.embed_passages([*texts, *parts], progress)
        bounds = (len(texts) + np.cumsum([0, *(len(own) for own in spans)])).tolist()
        return vectors[: len(texts)], [vectors[a:b] for a, b in pairwise(bounds)]

    def release(self) -> None:
        """Lets go of the model; the next text loads it again."""
        self._embedder.release()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.fingerprint}\n{text}".encode()).digest()

    def _get(self, key: bytes) -> FloatArray | None:
        row = self._kept.execute("SELECT vector FROM kept WHERE key = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], dtype=np.float32)
