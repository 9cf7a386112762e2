r"""Fits which sentence of an article answers a question, and which articles report its event.

Usage, from the project, with the clusters to fit on::

    python -m evals.fit.compare_answers ../shared/bench/conflicts_dev.jsonl \
        evals/cases/clusters_dev.jsonl

Each file is indexed in a store of its own, as the scorer does, so that similarities and evidence
are those of the real pipeline. The report is cross-validated by cluster; the weights written to
``rag/data/compare_weights.json`` are those of all clusters.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from evals.fit.cluster_store import asked
from rag.compare.answers import FEATURES, read_sentences
from rag.compare.casing import as_printed
from rag.compare.event import EVENT_FEATURES, event_features
from rag.compare.frame import read_frame

OUT = Path("rag/data/compare_weights.json")
FOLDS = 6
Row = tuple[str, str, tuple[float, ...], int]
"""Cluster, article (empty for articles of other clusters), features, label."""


def gold_sentences(cluster: dict[str, Any]) -> dict[str, int]:
    """Article id → where its answer starts."""
    texts = {article["article_id"]: article["text"] for article in cluster["articles"]}
    expect, found = cluster["expect"], {}
    for side in expect.get("sides", []):
        for article_id in side["article_ids"]:
            at = texts[article_id].find(side["quote"])
            match = re.search(side["pattern"], texts[article_id])
            found[article_id] = at if at >= 0 or not match else match.start()
    for quote in expect.get("quotes", []):
        found[quote["article_id"]] = texts[quote["article_id"]].find(quote["quote"])
    return found


def rows_of(path: Path) -> tuple[list[Row], list[Row]]:
    """The rows of all sentences and of all articles found for the questions of a file."""
    sentences: list[Row] = []
    articles: list[Row] = []
    for cluster, retrieval, evidence, question in asked(path):
        frame = read_frame(as_printed(question, retrieval.passages), question.language)
        gold = gold_sentences(cluster)
        own = {article["article_id"] for article in cluster["articles"]}
        for key, values in event_features(frame, retrieval.passages).items():
            if key in gold or key not in own:
                articles.append((cluster["cluster"], key, values, int(key in gold)))
        for key, read in read_sentences(frame, evidence).items():
            for item in read:
                found = item.evidence
                is_gold = found.start_char <= gold.get(key, -1) < found.end_char
                owner = key if key in gold else ""
                sentences.append((cluster["cluster"], owner, item.features, int(is_gold)))
    return sentences, articles


def fitted(rows: Sequence[Row]) -> LogisticRegression:
    """The model of some rows."""
    return LogisticRegression(C=1.0, max_iter=3000).fit(
        np.array([row[2] for row in rows]), [row[3] for row in rows]
    )


def folds(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Training and held-out rows, split by cluster."""
    clusters = sorted({row[0] for row in rows})
    place = {cluster: index % FOLDS for index, cluster in enumerate(clusters)}
    for fold in range(FOLDS):
        yield (
            [row for row in rows if place[row[0]] != fold],
            [row for row in rows if place[row[0]] == fold],
        )


def first_right(rows: Sequence[Row]) -> Counter[str]:
    """How often the likeliest sentence of an article with an answer is the right one."""
    count: Counter[str] = Counter()
    for train, held_out in folds(rows):
        model = fitted(train)
        shares = model.predict_proba(np.array([row[2] for row in held_out]))[:, 1]
        by_article: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for row, share in zip(held_out, shares, strict=True):
            if row[1]:
                by_article.setdefault((row[0], row[1]), []).append((float(share), row[3]))
        for found in by_article.values():
            count["right"] += max(found)[1]
            count["articles"] += 1
    return count


def weights(model: LogisticRegression, names: Sequence[str]) -> dict[str, Any]:
    """A model as it is stored."""
    return {
        "weights": {
            name: round(float(value), 3) for name, value in zip(names, model.coef_[0], strict=True)
        },
        "intercept": round(float(model.intercept_[0]), 3),
    }


def main(paths: Sequence[str]) -> None:
    """Fits, reports and writes."""
    read = [rows_of(Path(path)) for path in paths]
    sentences = [row for found, _ in read for row in found]
    articles = [row for _, found in read for row in found]
    count = first_right(sentences)
    print(f"sentence chosen rightly, held out: {count['right']} of {count['articles']}")
    result = {
        "sentence": weights(fitted(sentences), FEATURES),
        "event": weights(fitted(articles), EVENT_FEATURES),
    }
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
