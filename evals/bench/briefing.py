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
from rag.types import BriefingLength, Question
from rag.wiring import Deps

WORDS = 300
SHARE = 0.6
_SEEDS = 10
Order = Callable[[Sentences], Sequence[int]]


def main(argv: Sequence[str]) -> None:
    """Print a table of all systems over all topics."""
    rows = [
        json.loads(line) for line in Path(argv[0]).read_text(encoding="utf-8").split("\n") if line
    ]
    found: dict[str, list[tuple[float, float]]] = {}
    for place, row in enumerate(rows):
        nuggets = [n["text"] for n in row["nuggets"]]
        with opened(row, Path(argv[1]), place) as deps:
            for name, texts in _systems(row["topic"], deps):
                scores = [(nugget_recall(nuggets, t), redundancy(t) or 0.0) for t in texts]
                recall, repeated = np.array(scores).mean(axis=0)
                found.setdefault(name, []).append((float(recall), float(repeated)))
        print(f"{row['topic'][:40]:42} {found['normal'][-1][0]:.3f}", file=sys.stderr, flush=True)
    print(f"{'system':12} {'recall':>7} {'95 % by bootstrap over topics':>30} {'repeated':>9}")
    for name, scores in found.items():
        recalls = np.array([recall for recall, _ in scores])
        low, high = _interval(recalls)
        repeated = float(np.mean([again for _, again in scores]))
        print(f"{name:12} {recalls.mean():7.3f} {low:20.3f} – {high:.3f} {repeated:9.3f}")
    for name in [each for each in found if each != "normal"]:
        gain = np.array([a[0] - b[0] for a, b in zip(found["normal"], found[name], strict=True)])
        low, high = _interval(gain)
        print(f"normal - {name}: {gain.mean():+.3f} ({low:+.3f} to {high:+.3f})")


def nugget_recall(nuggets: Sequence[str], sentences: Sequence[str]) -> float:
    """The share of nuggets whose terms two neighbouring sentences hold for the most part."""
    bags = [set(terms(each, "de")) for each in sentences]
    windows = [one | other for one, other in zip(bags, [*bags[1:], set()], strict=True)]
    wanted = [set(terms(each, "de")) for each in nuggets]
    wanted = [each for each in wanted if each]
    held = sum(
        any(len(each & window) >= SHARE * len(each) for window in windows) for each in wanted
    )
    return held / len(wanted) if wanted else 0.0


def opened(row: dict[str, Any], out: Path, place: int) -> Any:
    """The documents of a topic, indexed and open."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"topic{place}.jsonl"
    lines = [
        json.dumps({"article_id": d["doc_id"], "title": d["title"], "url": d["url"],
                    "text": d["text"], "source": f"Quelle {d['doc_id']}"}, ensure_ascii=False)
        for d in row["documents"]
    ]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    return indexed(Workplace(settings=load_settings(), out=out), [path], f"dbs{place}")


def _systems(topic: str, deps: Deps) -> Iterator[tuple[str, list[list[str]]]]:
    """Each system's texts: one, and of the random one as many as there are seeds."""
    lengths: tuple[BriefingLength, ...] = ("normal", "long")
    for length in lengths:
        # Both have more than 300 words on any topic; what comes first is what is measured.
        briefing = brief(Question(text=topic), deps, length=length)
        yield length, [cut([s.text for section in briefing.sections for s in section.sentences])]
    query = deps.embedder.embed_queries([topic])[0]
    sentences = read_sentences(deps.store, deps.store.articles(), query)
    for name, order in (("lead", _lead), ("mmr", _mmr(query)), ("lexrank", _lexrank)):
        yield name, [cut([sentences.items[i].quote for i in order(sentences)])]
    texts = []
    for seed in range(_SEEDS):
        shuffled = list(range(len(sentences.items)))
        random.Random(seed).shuffle(shuffled)
        texts.append(cut([sentences.items[i].quote for i in shuffled]))
    yield "random", texts


def cut(said: Sequence[str]) -> list[str]:
    """The sentences that fit into the words all systems have."""
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
    """Maximal marginal relevance as llama-index has it."""
    from llama_index.core.indices.query.embedding_utils import get_top_k_mmr_embeddings

    def order(sentences: Sentences) -> list[int]:
        _, chosen = get_top_k_mmr_embeddings(
            query.tolist(),
            [each.tolist() for each in sentences.vectors],
            similarity_top_k=min(60, len(sentences.items)),
            embedding_ids=list(range(len(sentences.items))),
            mmr_threshold=weight,
        )
        return [int(each) for each in chosen]

    return order


class _Words:
    """What sumy asks of a tokenizer, with our index terms: its own needs a download."""

    def to_words(self, text: str) -> tuple[str, ...]:
        return terms(text, "de")


def _lexrank(sentences: Sentences) -> list[int]:
    """LexRank as sumy has it; near-repeats are left out, which it does not do itself."""
    from sumy.models.dom import Sentence as Said  # type: ignore[import-untyped]
    from sumy.summarizers.lex_rank import LexRankSummarizer  # type: ignore[import-untyped]

    items = sentences.items
    said = [Said(each.quote, _Words()) for each in items]
    ranker = LexRankSummarizer()
    words = [ranker._to_words_set(each) for each in said]
    matrix = ranker._create_matrix(
        words, ranker.threshold, ranker._compute_tf(words), ranker._compute_idf(words)
    )
    rank = ranker.power_method(matrix, ranker.epsilon)
    chosen: list[int] = []
    for index in np.argsort(-np.asarray(rank), kind="stable").tolist():
        own = items[index].terms
        if all(len(own & items[o].terms) < 0.5 * len(own | items[o].terms) for o in chosen):
            chosen.append(index)
    return chosen


def _interval(values: Any) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    means = generator.choice(values, (2000, len(values))).mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


if __name__ == "__main__":
    main(sys.argv[1:])
