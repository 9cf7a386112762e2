"""The seams: what a stage needs of a model or store, one to three methods each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) as long work goes on."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model_name(self) -> str:
        """The name or path of the model, as configured."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors of the same text would change (weights, pooling, prompts)."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (len(texts), dimension) for questions."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of shape (len(texts), dimension) for passages and sentences."""
        ...
