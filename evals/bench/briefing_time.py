"""How long a briefing takes over so many articles, and how much memory.

    python -m evals.bench.briefing_time STORE --topic TOPIC [--of N]
    python -m evals.bench.briefing_time ARTICLES.jsonl OUT --topic TOPIC --of 100 --of 300 --of 1000

Of a store the N articles closest to the topic are what there is. The second way needs no embedding
model: real articles with vectors made of their words, pushed together as real models do, so that
every article belongs to the topic and every sentence is near every other one. What is measured
(reading, grouping, comparing, choosing) does not ask where the vectors are from. Each size runs in
a process of its own; prints a JSON line for each.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np

from evals.bench.measured import child, peak_memory_mb
from rag.briefing.texts import say
from rag.index.fake_embedder import HashEmbedder
from rag.pipeline import brief, ingest
from rag.protocols import FloatArray
from rag.settings import load_settings
from rag.types import Article
from rag.wiring import Deps, open_deps

_PUSH = 2.0
_DIMENSION = 384


class CrowdedEmbedder(HashEmbedder):
    """Word hashes pushed together: unrelated texts have a cosine of about 0.8, as with e5."""

    def _text_vector(self, text: str) -> FloatArray:
        own = super()._text_vector(text)
        moved = own + np.full(len(own), _PUSH / np.sqrt(len(own)), dtype=np.float32)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("store", type=Path)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--topic")
    parser.add_argument("--of", type=int, action="append")
    options = parser.parse_args(arguments)
    if options.out is None:
        with open_deps(load_settings(store={"path": options.store})) as deps:
            if options.of:
                chosen = _closest(deps, options.topic, options.of[0])
                _narrow(deps.store, chosen, {article.article_id for article in chosen})
            print(json.dumps(_measured(deps, options.topic)))
        return 0
    if len(options.of) > 1:
        for count in options.of:
            told = [options.store, options.out, "--topic", options.topic, "--of", count]
            print(json.dumps(child("evals.bench.briefing_time", *told)), flush=True)
        return 0
    folder = options.out / str(options.of[0])
    folder.mkdir(parents=True, exist_ok=True)
    lines = options.store.read_text(encoding="utf-8").split("\n")[: options.of[0]]
    listed = folder / "articles.jsonl"
    listed.write_text("\n".join(lines), encoding="utf-8")
    with _stand_in(folder / "store", "write") as deps:
        ingest([listed], deps)
    with _stand_in(folder / "store", "read") as deps:
        print(json.dumps(_measured(deps, options.topic)))
    return 0


@contextmanager
def _stand_in(folder: Path, mode: Literal["read", "write"]) -> Iterator[Deps]:
    from rag.index.store import IndexIdentity, Store

    settings = load_settings(store={"path": folder})
    embedder = CrowdedEmbedder(_DIMENSION)
    identity = IndexIdentity(
        model=embedder.model_name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=settings.chunk.model_dump(),
    )
    with Store.open(folder, mode=mode, identity=identity) as store:
        yield Deps(
            settings=settings, store=store, embedder=embedder, fingerprint=identity.fingerprint
        )


def _measured(deps: Deps, topic: str | None) -> dict[str, Any]:
    started, used = time.perf_counter(), time.process_time()
    briefing = brief(topic, deps)
    return {
        "articles": len(deps.store.articles()),
        "read": sum(
            each.is_used or each.reason.endswith(say("nothing_new", briefing.language))
            for each in briefing.sources
        ),
        "cited": sum(each.is_used for each in briefing.sources),
        "wall_s": round(time.perf_counter() - started, 2),
        "cpu_s": round(time.process_time() - used, 2),
        "stages_s": {name: round(took, 2) for name, took in briefing.run.seconds.items()},
        "sections": len(briefing.sections),
        "memory_mb": round(peak_memory_mb(), 1),
    }


def _closest(deps: Deps, topic: str, count: int) -> tuple[Article, ...]:
    query = deps.embedder.embed_queries([topic])[0]
    found = deps.store.search_dense(query, deps.store.counts().chunks)
    ids = list(dict.fromkeys(chunk_id.rsplit(":", 2)[0] for chunk_id, _ in found))[:count]
    known = {each.article_id: each for each in deps.store.articles()}
    return tuple(known[each] for each in ids)


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
