"""Nugget recall of briefings against lead, random, MMR and LexRank, in one run, 300 words each.

Run: ``python -m evals.bench.briefing ../shared/bench/dbs_briefing_open10.jsonl /tmp/dbs``.
A nugget counts as found when two neighbouring sentences hold 60 % of its index terms.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals.metrics.texts import redundancy
from evals.workplace import Workplace, indexed
from rag.briefing.sentences import Sentence, Sentences, read_sentences
from rag.language.terms import terms
from rag.pipeline import brief
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import Deps

WORDS = 300
_SHARE = 0.6
_SEEDS = 10
Order = Callable[[Sentences], Sequence[int]]


def main(argv: Sequence[str]) -> None:
    """Print a table of all systems over all topics."""
    rows = [json.loads(line) for line in Path(argv[0]).read_text(encoding="utf-8").splitlines()]
    found: dict[str, list[tuple[float, float]]] = {}
    for place, row in enumerate(rows):
        with _store(row, Path(argv[1]), place) as deps:
            for name, text in _systems(row["topic"], deps):
                recall = nugget_recall([n["text"] for n in row["nuggets"]], text)
                found.setdefault(name, []).append((recall, redundancy(text) or 0.0))
    print(f"{'system':12} {'recall':>7} {'95 % by bootstrap over topics':>30} {'repeated':>9}")
    for name, scores in found.items():
        recalls = np.array([recall for recall, _ in scores])
        low, high = _interval(recalls)
        repeated = float(np.mean([again for _, again in scores]))
        print(f"{name:12} {recalls.mean():7.3f} {low:20.3f} – {high:.3f} {repeated:9.3f}")
    for name in [each for each in found if each != "briefing"]:
        gain = np.array([a[0] - b[0] for a, b in zip(found["briefing"], found[name], strict=True)])
        low, high = _interval(gain)
        print(f"briefing - {name}: {gain.mean():+.3f} ({low:+.3f} to {high:+.3f})")


def nugget_recall(nuggets: Sequence[str], sentences: Sequence[str]) -> float:
    """The share of nuggets whose terms two neighbouring sentences hold for the most part."""
    bags = [set(terms(each, "de")) for each in sentences]
    windows = [one | other for one, other in zip(bags, [*bags[1:], set()], strict=True)]
    wanted = [set(terms(each, "de")) for each in nuggets]
    wanted = [each for each in wanted if each]
    held = sum(
        any(len(each & window) >= _SHARE * len(each) for window in windows) for each in wanted
    )
    return held / len(wanted) if wanted else 0.0


def _store(row: dict[str, Any], out: Path, place: int) -> Any:
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"topic{place}.jsonl"
    lines = [
        json.dumps({"article_id": d["doc_id"], "title": d["title"], "url": d["url"],
                    "text": d["text"], "source": f"Quelle {d['doc_id']}"}, ensure_ascii=False)
        for d in row["documents"]
    ]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    return indexed(Workplace(settings=load_settings(), out=out), [path], f"dbs{place}")


def _systems(topic: str, deps: Deps) -> Iterator[tuple[str, list[str]]]:
    # "long" has more than 300 words on any topic; what comes first is what is measured.
    briefing = brief(Question(text=topic), deps, length="long")
    said = [s.text for section in briefing.sections for s in section.sentences]
    yield "briefing", _cut(said)
    query = deps.embedder.embed_queries([topic])[0]
    sentences = read_sentences(deps.store, deps.store.articles(), query)
    for name, order in (("lead", _lead), ("mmr", _mmr(query)), ("lexrank", _lexrank)):
        yield name, _cut([sentences.items[i].quote for i in order(sentences)])
    for seed in range(_SEEDS):
        shuffled = list(range(len(sentences.items)))
        random.Random(seed).shuffle(shuffled)
        yield f"random{seed}", _cut([sentences.items[i].quote for i in shuffled])


def _cut(said: Sequence[str]) -> list[str]:
    kept, words = [], 0
    for each in said:
        if words + len(each.split()) > WORDS:
            continue
        kept.append(each)
        words += len(each.split())
    return kept


def _lead(sentences: Sentences) -> list[int]:
    """The first sentences of all documents, then the second ones."""
    ranks: dict[str, int] = {}
    order = []
    for index, each in enumerate(sentences.items):
        rank = ranks.get(_document(each), 0)
        ranks[_document(each)] = rank + 1
        order.append((rank, index))
    return [index for _, index in sorted(order)]


def _document(sentence: Sentence) -> str:
    return sentence.article.article_id


def _mmr(query: Any, weight: float = 0.7) -> Order:
    def order(sentences: Sentences) -> list[int]:
        vectors = sentences.vectors
        relevance = vectors @ query
        nearest = np.full(len(vectors), -1.0)
        chosen: list[int] = []
        while len(chosen) < min(60, len(vectors)):
            score = weight * relevance - (1 - weight) * np.maximum(nearest, 0)
            score[chosen] = -9
            chosen.append(int(score.argmax()))
            nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
        return chosen

    return order


def _lexrank(sentences: Sentences, threshold: float = 0.1, damping: float = 0.85) -> list[int]:
    """PageRank over tf-idf cosines above a threshold, near-repeats left out."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer=lambda text: terms(text, "de"))
    rows = vectoriser.fit_transform([each.quote for each in sentences.items])
    likeness = (rows @ rows.T).toarray()
    graph = (likeness > threshold).astype(float)
    graph /= graph.sum(axis=1, keepdims=True)
    rank = np.full(len(graph), 1 / len(graph))
    for _ in range(60):
        rank = (1 - damping) / len(graph) + damping * graph.T @ rank
    chosen: list[int] = []
    for index in np.argsort(-rank, kind="stable").tolist():
        if all(likeness[index, other] < 0.5 for other in chosen):
            chosen.append(index)
    return chosen


def _interval(values: Any) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    means = generator.choice(values, (2000, len(values))).mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main(sys.argv[1:])
