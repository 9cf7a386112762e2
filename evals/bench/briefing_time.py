"""How long a briefing takes over so many articles: python -m evals.bench.briefing_time STORE N."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.pipeline import brief
from rag.protocols import FloatArray
from rag.settings import load_settings
from rag.types import Article
from rag.wiring import open_deps


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    limit = int(arguments[1])
    with open_deps(load_settings(store={"path": Path(arguments[0])})) as deps:
        store: Any = deps.store
        chosen = store.articles()[:limit]
        known = {article.article_id for article in chosen}
        _narrow(store, chosen, known)
        started, used = time.perf_counter(), time.process_time()
        briefing = brief(None, deps)
        found = {
            "articles": len(chosen),
            "wall_s": round(time.perf_counter() - started, 2),
            "cpu_s": round(time.process_time() - used, 2),
            "sections": len(briefing.sections),
            "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        }
    print(json.dumps(found))
    return 0


def _narrow(store: Any, chosen: Sequence[Article], known: set[str]) -> None:
    """Lets the store seem to hold the chosen articles only."""
    of_all, search = store.article_ids, store.search_dense

    def article_ids(*given: Any, **named: Any) -> frozenset[str]:
        return frozenset(of_all(*given, **named) & known)

    def search_dense(
        vector: FloatArray, k: int, allowed: frozenset[str] | None = None
    ) -> list[tuple[str, float]]:
        found: list[tuple[str, float]] = search(vector, k, known if allowed is None else allowed)
        return found

    store.articles = lambda: tuple(chosen)
    store.article_ids = article_ids
    store.search_dense = search_dense


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
