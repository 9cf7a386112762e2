"""Fits how much a sentence matters for a briefing: DBS topics, each held out in turn.

    python -m evals.fit.briefing ../shared/bench/dbs_briefing_open10.jsonl OUT [--write]

The target is how many annotated statements (nuggets) a sentence holds, 1 on average in a topic.
Reports nugget recall at 300 words with weights fitted on the other topics, with the comparison of
the sources as the program makes it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from evals.bench.briefing import SHARE, cut, nugget_recall, opened
from rag.briefing.sentences import Sentences, read_sentences
from rag.briefing.weight import FEATURES, features
from rag.language.terms import terms
from rag.pipeline import brief
from rag.protocols import FloatArray
from rag.types import BriefingLength, Question

TARGET = Path(__file__).resolve().parents[2] / "rag" / "data" / "briefing_weights.json"
RIDGE = 0.01
# Chosen: a sentence that leans on the one before it is no worse in the annotated texts, but is for
# a reader. Costs about one point of recall there.
LEANING = -0.3


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: a row of features and the target for each sentence."""

    features: FloatArray
    target: FloatArray


def main() -> None:
    """Fit on all topics, report each topic with the weights of the others."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text(encoding="utf-8").splitlines()]
    topics = []
    for place, row in enumerate(rows):
        with opened(row, options.out, place) as deps:
            query = deps.embedder.embed_queries([row["topic"]])[0]
            read = read_sentences(deps.store, deps.store.articles(), query)
        topics.append(Topic(features(read), target(read, row)))
    found: dict[BriefingLength, list[float]] = {"normal": [], "long": []}
    for place, row in enumerate(rows):
        held_out = fit([each for other, each in enumerate(topics) if other != place])
        with (
            opened(row, options.out, place) as deps,
            patch("rag.briefing.weight.fitted", return_value=held_out),
        ):
            for length, recalls in found.items():
                made = brief(Question(text=row["topic"]), deps, length=length)
                said = cut([s.text for section in made.sections for s in section.sentences])
                recalls.append(nugget_recall([each["text"] for each in row["nuggets"]], said))
        recalled = {length: round(recalls[-1], 3) for length, recalls in found.items()}
        print(f"{row['topic'][:40]:42} {recalled}", flush=True)
    for length, recalls in found.items():
        print(f"held out, {length}: {np.mean(recalls):.3f}")
    weights = fit(topics)
    print(json.dumps(weights, indent=1))
    if options.write:
        data = {
            "about": "Weights of sentences of a briefing; written by evals/fit/briefing.py.",
            "recall_held_out": [round(each, 3) for each in found["normal"]],
            "weights": weights,
        }
        TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def target(read: Sentences, row: Mapping[str, Any]) -> FloatArray:
    """How many nuggets each sentence holds by itself, 1 on average."""
    wanted = [set(terms(each["text"], "de")) for each in row["nuggets"]]
    held = [
        sum(len(each & s.terms) >= SHARE * len(each) for each in wanted if each) for s in read.items
    ]
    return np.array(held, dtype=np.float32) / max(1e-6, float(np.mean(held)))


def fit(topics: Sequence[Topic]) -> dict[str, float]:
    """Ridge regression, every topic counting the same whatever its size."""
    from sklearn.linear_model import Ridge

    rows = np.vstack([each.features for each in topics])
    wanted = np.concatenate([each.target for each in topics])
    counted = np.concatenate([np.full(len(t.target), 1 / len(t.target)) for t in topics])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = Ridge(alpha=RIDGE).fit((rows - mean) / spread, wanted, sample_weight=counted)
    own = model.coef_ / spread
    weights = {name: round(float(w), 4) for name, w in zip(FEATURES, own, strict=True)}
    weights["bias"] = round(float(model.intercept_ - (own * mean).sum()), 4)
    weights["leans"] = LEANING
    return weights


if __name__ == "__main__":
    main()
