"""A deterministic stand-in for an embedding model, for tests: no weights, no download, no torch.

A text's vector is the sum of its words' vectors, so shared words give real similarity.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from rag.protocols import FloatArray, Progress

_WORD = re.compile(r"\w+")


class HashEmbedder:
    """An ``Embedder`` whose word vectors come from SHA-256, the same in every process.

    >>> embedder = HashEmbedder()
    >>> same, other = embedder.embed_passages(["Der Hafen brennt.", "Kurse steigen"])
    >>> query = embedder.embed_queries(["brennt der Hafen?"])[0]
    >>> round(float(query @ same), 3), bool(query @ other < 0.5)
    (1.0, True)
    """

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension

    @property
    def model_name(self) -> str:
        """The name shown in runs."""
        return "fake/word-hash"

    @property
    def fingerprint(self) -> str:
        """Changes with the dimension only."""
        return f"word-hash-1-{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, the same as a passage of the same words would get."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of shape (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._text_vector(text)
            if progress:
                progress(row + 1, len(texts))
        return vectors

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Vectors of the texts, and for each text those of its ``spans``."""
        sentences = [
            self.embed_passages([text[start:end] for start, end in text_spans])
            for text, text_spans in zip(texts, spans, strict=True)
        ]
        return self.embed_passages(texts, progress), sentences

    def release(self) -> None:
        """There is no model to let go of."""

    def _text_vector(self, text: str) -> FloatArray:
        # A text without words still needs a unit vector: the one of the empty word.
        words = sorted(set(_WORD.findall(text.casefold()))) or [""]
        total = np.sum([_word_vector(word, self._dimension) for word in words], axis=0)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


@lru_cache(maxsize=100_000)
def _word_vector(word: str, dimension: int) -> FloatArray:
    blocks = range(-(-dimension // 32))
    digest = b"".join(hashlib.sha256(f"{block}:{word}".encode()).digest() for block in blocks)
    return np.frombuffer(digest[:dimension], dtype=np.uint8).astype(np.float32) - np.float32(127.5)
