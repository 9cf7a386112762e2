"""Ranking metrics with their textbook definitions: recall@k, reciprocal rank, nDCG@k.

``ranked`` are ids, best first; an id that occurs again counts at its first place. ``relevant`` are
the ids wanted; without any, there is nothing to score.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence


def distinct(ranked: Sequence[str]) -> list[str]:
    """The ids in order, each once."""
    return list(dict.fromkeys(ranked))


def recall_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Share of the relevant ids among the first ``k``."""
    if not relevant:
        return None
    return len(set(distinct(ranked)[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float | None:
    """1 / rank of the first relevant id, 0 when there is none; its mean is the MRR."""
    if not relevant:
        return None
    for rank, found in enumerate(distinct(ranked), 1):
        if found in relevant:
            return 1.0 / rank
    return 0.0


def ndcg_at(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """Discounted gain of the first ``k`` over that of the best order; relevance is yes or no."""
    if not relevant:
        return None
    gain = sum(
        1.0 / math.log2(rank + 1)
        for rank, found in enumerate(distinct(ranked)[:k], 1)
        if found in relevant
    )
    best = sum(1.0 / math.log2(rank + 1) for rank in range(1, min(k, len(set(relevant))) + 1))
    return gain / best
