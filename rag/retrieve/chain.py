"""The retrieval chain: several searches, their finds joined and ranked anew.

``rag.retrieve.llama`` is the same chain in llama-index's classes. It is used where llama-index is
loaded anyway; importing it costs a cold question more than everything else it does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from rag.protocols import FloatArray

Ranked = Sequence[tuple[str, float]]
Search = Callable[[FloatArray], Ranked]
Rank = Callable[[FloatArray, Sequence[str]], Ranked]


def run_chain(
    question: str, vector: FloatArray, searches: Sequence[Search], rank: Rank
) -> list[tuple[str, float]]:
    """Chunk ids with fused scores, best first."""
    if "llama_index.core" in sys.modules:
        from rag.retrieve import llama

        return llama.run_chain(question, vector, searches, rank)
    return run_plainly(vector, searches, rank)


def run_plainly(
    vector: FloatArray, searches: Sequence[Search], rank: Rank
) -> list[tuple[str, float]]:
    """The same without llama-index."""
    found = [chunk_id for search in searches for chunk_id, _ in search(vector)]
    return [
        (chunk_id, float(score)) for chunk_id, score in rank(vector, list(dict.fromkeys(found)))
    ]
