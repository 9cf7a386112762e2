"""Exact search over the vectors of the catalogue: for filtered questions, and without Chroma."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from rag.index.schema import vectors
from rag.protocols import FloatArray

_ROWS = 4096
_COPIED_SHARE = 10


class ExactIndex:
    """All vectors in one matrix; made once for each state of the catalogue."""

    def __init__(self, connection: Connection) -> None:
        total = connection.execute(select(func.count()).select_from(vectors)).scalar_one()
        rows = connection.execute(
            select(vectors.c.chunk_no, vectors.c.vector)
            .order_by(vectors.c.chunk_no)
            .execution_options(yield_per=_ROWS)
        )
        self.chunk_nos, self._matrix = _matrix(total, rows.partitions())

    def search(
        self, vector: FloatArray, k: int, allowed: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest (chunk number, cosine), among the ``allowed`` numbers if given."""
        if not self.chunk_nos.size:
            return []
        if allowed is None:
            numbers, scores = self.chunk_nos, self._matrix @ vector
        else:
            numbers = np.intersect1d(allowed, self.chunk_nos, assume_unique=True)
            places = np.searchsorted(self.chunk_nos, numbers)
            # Copying many rows takes longer than computing the few too many.
            scores = (
                (self._matrix @ vector)[places]
                if _COPIED_SHARE * len(places) > len(self.chunk_nos)
                else self._matrix[places] @ vector
            )
        return [(int(numbers[at]), float(scores[at])) for at in best_first(scores, k)]


def best_first(scores: FloatArray, k: int) -> NDArray[np.int64]:
    """The places of the ``k`` highest scores, best first; of equal ones the earlier first."""
    if k <= 0:
        return np.zeros(0, dtype=np.int64)
    if k < len(scores):
        # Everything as good as the k-th: a tie there must not be decided by chance.
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.lexsort((places, -scores[places]))
    return np.asarray(places[order][:k], dtype=np.int64)


def _matrix(total: int, parts: Iterable[Sequence[Any]]) -> tuple[NDArray[np.int64], FloatArray]:
    """Filled as the rows come: a second copy of all vectors would not fit beside the first."""
    numbers = np.zeros(total, dtype=np.int64)
    matrix: FloatArray = np.zeros((0, 0), dtype=np.float32)
    at = 0
    for rows in parts:
        part = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), -1)
        if not at:
            matrix = np.zeros((total, part.shape[1]), dtype=np.float32)
        numbers[at : at + len(rows)] = [row[0] for row in rows]
        matrix[at : at + len(rows)] = part
        at += len(rows)
    return numbers, matrix
