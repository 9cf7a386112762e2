"""Spreads the first passages over outlets, so that no outlet crowds out the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rag.retrieve.candidates import Candidate

Ranked = tuple[Candidate, float]


def spread(ranked: Sequence[Ranked], *, top_k: int, per_outlet: int) -> list[Ranked]:
    """The first ``top_k``, at most ``per_outlet`` of one outlet while others have any.

    The order by score is kept among those chosen, so the best passage stays first. Where too few
    outlets have passages the places left over go to the best of the rest.
    """
    used: Counter[str] = Counter()
    chosen: list[int] = []
    for index, (candidate, _) in enumerate(ranked):
        if len(chosen) == top_k:
            break
        if used[candidate.article.outlet] < per_outlet:
            used[candidate.article.outlet] += 1
            chosen.append(index)
    taken = set(chosen)
    rest = (index for index in range(len(ranked)) if index not in taken)
    chosen.extend(index for index, _ in zip(rest, range(top_k - len(chosen)), strict=False))
    return [ranked[index] for index in sorted(chosen)]
