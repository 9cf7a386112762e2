"""How many articles and origins an answer rests on, of those that were looked at."""

from __future__ import annotations

from rag.retrieve.retrieve import Retrieval
from rag.types import Comparison, Coverage


def coverage(retrieval: Retrieval, comparison: Comparison, cited: set[str]) -> Coverage:
    """The counts; ``cited`` are the ids of the articles an answer cites."""
    articles = {p.article.article_id: p.article for p in retrieval.passages}
    used = [articles[article_id] for article_id in sorted(cited) if article_id in articles]
    return Coverage(
        articles_considered=len(articles),
        articles_cited=len(used),
        outlets=tuple(sorted({article.outlet for article in used})),
        independent_origins=len({article.origin_id or article.article_id for article in used}),
        pairs_compared=comparison.pairs_compared,
        pairs_not_compared=comparison.pairs_not_compared,
    )
