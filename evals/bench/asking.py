"""Questions to an open store: time by stage, memory, several users at once, search peers.

    python -m evals.bench.asking STORE QUESTIONS

Prints one JSON object; run in a process of its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import func, select

from evals.bench.measured import Figure, as_json, peak_memory_mb, percentile, timed
from rag.index.schema import articles, chunks
from rag.language.terms import query_terms
from rag.types import Question

if TYPE_CHECKING:
    from rag.wiring import Deps

_WARM_UP = 5
_USERS = (1, 5, 20)
_K = 80


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    from rag.settings import load_settings
    from rag.wiring import open_deps

    settings = load_settings(store={"path": Path(arguments[0])})
    with open_deps(settings) as deps:
        found = measure(deps, questions_of(deps, int(arguments[1])))
    print(json.dumps(as_json(found)))
    return 0


def questions_of(deps: Deps, count: int) -> list[str]:
    """Titles of stored articles, or how they begin, turned into what people type: evenly spread."""
    with deps.store.catalogue.reading() as connection:
        rows = connection.execute(select(articles.c.title, func.substr(articles.c.text, 1, 80)))
        named = sorted({title or text.rpartition(" ")[0] for title, text in rows})
    step = max(1, len(named) // count)
    return [f"Was ist bekannt über: {' '.join(name.split())}?" for name in named[::step]][:count]


def measure(deps: Deps, questions: Sequence[str]) -> dict[str, Any]:
    """Everything about one store."""
    from rag.pipeline import ask

    first = timed(lambda: ask(Question(text=questions[0]), deps))
    for text in questions[:_WARM_UP]:
        ask(Question(text=text), deps)
    # Warm is the program; the articles that answer were asked for never, then once before.
    turns = {turn: _asked(deps, questions[_WARM_UP:]) for turn in ("new articles", "known ones")}
    peak = peak_memory_mb()
    return {
        "chunks": deps.store.counts().chunks,
        "questions": len(questions),
        "notes": list(deps.store.notes),
        "first_question_s": round(first, 3),
        **turns,
        "memory_mb": round(peak, 1),
        "searches": _searches(deps, questions),
        "users": {str(users): _with_users(deps, questions, users) for users in _USERS},
    }


def _asked(deps: Deps, questions: Sequence[str]) -> dict[str, Any]:
    """Each question once, by stage."""
    from rag.pipeline import ask

    stages: dict[str, list[float]] = defaultdict(list)
    for text in questions:
        used = time.process_time()
        answer = ask(Question(text=text), deps)
        # Where others use the machine, the clock on the wall measures them.
        stages["cpu, all threads"].append(1000 * (time.process_time() - used))
        for stage, took in answer.run.seconds.items():
            stages[stage].append(1000 * took)
    return {
        "stages": {stage: Figure.of(took, "ms") for stage, took in stages.items()},
        "p95_ms": {stage: round(percentile(took, 0.95), 1) for stage, took in stages.items()},
    }


def _with_users(deps: Deps, questions: Sequence[str], users: int) -> dict[str, Any]:
    """So many threads ask without a pause, as the page's worker threads do."""
    from rag.pipeline import ask

    each = max(2, len(questions) // users)

    def one(place: int) -> list[float]:
        asked = [questions[(place * each + i) % len(questions)] for i in range(each)]
        return [1000 * timed(lambda text=text: ask(Question(text=text), deps)) for text in asked]  # type: ignore[misc]

    started = time.perf_counter()
    with ThreadPoolExecutor(users) as pool:
        took = [ms for each_one in pool.map(one, range(users)) for ms in each_one]
    return {
        "ms": Figure.of(took, "ms"),
        "p95_ms": round(percentile(took, 0.95), 1),
        "per_second": round(len(took) / (time.perf_counter() - started), 2),
    }


def _searches(deps: Deps, questions: Sequence[str]) -> dict[str, Any]:
    """Our two searches, exact search, and bm25s over the same terms, in turns."""
    store, embedder = deps.store, deps.embedder
    vectors = embedder.embed_queries(list(questions))
    wanted = [query_terms(text, "de") for text in questions]
    everything = store.article_ids()
    peer = _bm25s(deps)
    ways: dict[str, Callable[[int], Any]] = {
        "embed one question": lambda i: embedder.embed_queries([questions[i]]),
        "dense": lambda i: store.search_dense(vectors[i], _K),
        "dense, exact and filtered": lambda i: store.search_dense(vectors[i], _K, everything),
        "lexical": lambda i: store.search_lexical(wanted[i], _K),
    }
    if peer is not None:
        ways["bm25s alone"] = lambda i: peer(wanted[i])
    took: dict[str, list[float]] = defaultdict(list)
    for place in range(len(questions)):
        for name, way in ways.items():
            if place == 0:
                way(place)
            took[name].append(1000 * timed(lambda way=way, place=place: way(place)))  # type: ignore[misc]
    return {name: Figure.of(values, "ms") for name, values in took.items()}


def _bm25s(deps: Deps) -> Callable[[Sequence[str]], Any] | None:
    """bm25s, loaded memory-mapped from disk as it recommends; not for the largest stores."""
    try:
        import bm25s
    except ImportError:
        return None
    with deps.store.catalogue.reading() as connection:
        corpus = [terms.split() for terms in connection.execute(select(chunks.c.terms)).scalars()]
    if len(corpus) > 20_000:
        return None
    with tempfile.TemporaryDirectory() as folder:
        made: Any = bm25s.BM25(k1=1.2, b=0.75)
        made.index(corpus, show_progress=False)
        made.save(folder)
        loaded: Any = bm25s.BM25.load(folder, mmap=True)
    known = loaded.vocab_dict

    def search(terms: Sequence[str]) -> Any:
        own = [term for term in dict.fromkeys(terms) if term in known]
        if not own:
            return np.zeros((0, 0))
        return loaded.retrieve([own], k=min(_K, len(corpus)), show_progress=False)

    return search


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
