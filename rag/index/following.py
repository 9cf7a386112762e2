"""Questions in the space a store is in now: a store may be re-embedded while it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from rag.errors import StoreMismatchError
from rag.protocols import FloatArray, Progress

if TYPE_CHECKING:
    from rag.index.query_embed import OpenEmbedder
    from rag.index.store import Store

Result = TypeVar("Result")


class FollowingEmbedder:
    """The embedder of whichever model the store holds the vectors of."""

    def __init__(
        self, store: Store, embedder: OpenEmbedder, open_model: Callable[[str], OpenEmbedder]
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._open_model = open_model

    @property
    def model_name(self) -> str:
        """The model as configured, or the one that took its place."""
        return self._embedder.model_name

    @property
    def fingerprint(self) -> str:
        """Of the vectors it gives now."""
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions, in the store's space."""
        self._follow()
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of passages, in the store's space."""
        self._follow()
        return self._embedder.embed_passages(texts, progress)

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Unit vectors of texts and of the spans of each, in the store's space."""
        self._follow()
        return self._embedder.embed_with_sentences(texts, spans, progress)

    def release(self) -> None:
        """Lets go of the model; the next text loads it again."""
        self._embedder.release()

    def _follow(self) -> None:
        stored = self._store.identity_now()
        if stored.embedder_fingerprint == self._embedder.fingerprint:
            return
        opened = self._open_model(stored.model)
        if opened.fingerprint != stored.embedder_fingerprint:
            raise StoreMismatchError(
                f"The store has vectors of {stored.model!r} now, which is another model here.",
                "Prepare the same weights on this machine with `rag models prepare`.",
            )
        self._embedder = opened


def in_one_space(store: Store, work: Callable[[], Result]) -> Result:
    """What ``work`` returns, done again if the store was given other vectors meanwhile."""
    before = store.identity_now()
    try:
        result = work()
    except ValueError:
        # Vectors of two lengths met.
        if store.identity_now() == before:
            raise
        return work()
    return result if store.identity_now() == before else work()
