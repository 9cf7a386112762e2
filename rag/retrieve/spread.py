"""Spreads the first passages over outlets and origins, so that nobody crowds out the others.

Twenty outlets that print one text are many outlets but one voice: without a limit they would take
every place, and an honest report would not even be read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from rag.retrieve.candidates import Candidate

Ranked = tuple[Candidate, float]


def spread(
    ranked: Sequence[Ranked], *, top_k: int, per_outlet: int, per_origin: int
) -> list[Ranked]:
    """The first ``top_k``, at most ``per_outlet`` of one outlet while others have any.

    Of articles that copy one another at most ``per_origin`` are taken while there are others.

    The order by score is kept among those chosen, so the best passage stays first. Where too few
    outlets have passages the places left over go to the best of the rest.
    """
    used: Counter[str] = Counter()
    copies: dict[str, set[str]] = defaultdict(set)
    chosen: list[int] = []
    for index, (candidate, _) in enumerate(ranked):
        if len(chosen) == top_k:
            break
        article = candidate.article
        same = copies[article.origin_id or article.article_id] | {article.article_id}
        if used[article.outlet] < per_outlet and len(same) <= per_origin:
            used[article.outlet] += 1
            copies[article.origin_id or article.article_id] = same
            chosen.append(index)
    taken = set(chosen)
    rest = (index for index in range(len(ranked)) if index not in taken)
    chosen.extend(index for index, _ in zip(rest, range(top_k - len(chosen)), strict=False))
    return [ranked[index] for index in sorted(chosen)]
