"""Fits how probable a difference between two articles' answers is a contradiction.

    python -m evals.fit.compare_strength ../shared/bench/conflicts_dev.jsonl \
        evals/cases/clusters_dev*.jsonl

Every pair of articles whose answers differ, and nothing explains why, is one row; it is a
contradiction when the cluster expects one and the two answers match its sides. Cross-validated by
cluster; the weights written to ``rag/data/compare_strength.json`` are those of all clusters.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from evals.fit.cluster_store import asked
from rag.compare.answers import MIN_RELEVANCE, Answer, read_answers
from rag.compare.casing import as_printed
from rag.compare.engine import compare_articles_answers
from rag.compare.frame import read_frame
from rag.compare.strength import STRENGTH_FEATURES

OUT = Path("rag/data/compare_strength.json")
FOLDS = 8
STRICTNESS = 2.0
"""Inverse of the penalty: few rows for the features."""


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of answers that differ."""

    cluster: str
    features: tuple[float, ...]
    is_true: bool


def rows_of(path: Path) -> list[Row]:
    """The differing pairs of the questions of a file."""
    rows = []
    for cluster, retrieval, evidence, question in asked(path):
        frame = read_frame(as_printed(question, retrieval.passages), question.language)
        read = read_answers(frame, retrieval.passages, evidence)
        eligible = [item for item in read if item.relevance >= MIN_RELEVANCE and item.answers]
        for first, second in combinations(eligible, 2):
            pair = compare_articles_answers(first, second, frame)
            if pair is None or pair.outcome is None or pair.outcome.status != "conflict":
                continue
            is_true = _is_expected(cluster, pair.first, pair.second)
            rows.append(Row(cluster["cluster"], pair.features, is_true))
    return rows


def _is_expected(cluster: dict[str, Any], first: Answer, second: Answer) -> bool:
    sides = cluster["expect"].get("sides")
    if not sides:
        return False
    flags = re.IGNORECASE | re.DOTALL
    texts = [f"{answer.value} {answer.quote}" for answer in (first, second)]
    return any(
        re.search(sides[0]["pattern"], one, flags) and re.search(sides[1]["pattern"], other, flags)
        for one, other in (texts, texts[::-1])
    )


def fitted(rows: Sequence[Row]) -> LogisticRegression:
    """The model of some rows."""
    return LogisticRegression(C=STRICTNESS, max_iter=5000).fit(
        np.array([row.features for row in rows]), [row.is_true for row in rows]
    )


def main(paths: Sequence[str]) -> None:
    """Fits, reports and writes."""
    rows = [row for path in paths for row in rows_of(Path(path))]
    place = {name: i % FOLDS for i, name in enumerate(sorted({row.cluster for row in rows}))}
    found: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        model = fitted([row for row in rows if place[row.cluster] != fold])
        held_out = [row for row in rows if place[row.cluster] == fold]
        shares = model.predict_proba(np.array([row.features for row in held_out]))[:, 1]
        found += [(float(s), row.is_true) for s, row in zip(shares, held_out, strict=True)]
    print(f"{len(rows)} differing pairs, {sum(row.is_true for row in rows)} contradictions")
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        kept = [is_true for share, is_true in found if share >= least]
        print(f"held out, from {least}: {sum(kept)} true of {len(kept)}")
    model = fitted(rows)
    result = {
        "weights": {
            name: round(float(value), 3)
            for name, value in zip(STRENGTH_FEATURES, model.coef_[0], strict=True)
        },
        "intercept": round(float(model.intercept_[0]), 3),
    }
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
