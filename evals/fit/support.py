"""Fits how alike a sentence and its quotes must be: ExpertQA, half of the questions.

    python -m evals.fit.support [--write]

Reports balanced accuracy on the other half with a bootstrap interval over questions.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.answer.model import linear_model, logistic
from rag.answer.support import Quoted, likeness_features, mean_of_best
from rag.answer.support_facts import missing_facts
from rag.types import Article

SET = Path(__file__).resolve().parents[3] / "shared" / "bench" / "expertqa_support_open200.jsonl"
TARGET = Path(__file__).resolve().parents[2] / "rag" / "data" / "support.json"
MODELS = {"words": ("pairs",), "meaning": ("similarity",)}
LEAST_COVERAGE = 0.4
# Chosen, not fitted: ExpertQA's long passages hold most words of any claim on their topic.
CROSS_LANGUAGE_SIMILARITY = 0.86
QUOTE_SIMILARITY = 0.9
# Chosen: of 627 pairs of a quote and a sentence of another article on the same event (conflict
# clusters), 98.7 % are less alike; a model's rewording of one sentence is about .95 alike.
MOST_SENTENCES = 60
SHORTEST = 20
SPLITS = 40
FOLDS = 5
SEED = 11
RESAMPLES = 2000
Row = dict[str, Any]


def main() -> None:
    """Fit, report, and write the weights when asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = SET.read_text(encoding="utf-8").translate(str.maketrans("²³¹", "231"))
    rows = [json.loads(line) for line in text.splitlines()]
    near = similarity()
    table = [features(row, near) for row in rows]
    data: dict[str, Any] = {
        "about": "How alike a sentence and its quotes must be; written by evals/fit/support.py.",
        "least_coverage": LEAST_COVERAGE,
        "cross_language_similarity": CROSS_LANGUAGE_SIMILARITY,
        "quote_similarity": QUOTE_SIMILARITY,
    }
    report: dict[str, Any] = {}
    for name, columns in MODELS.items():
        data[name] = fit(halves(rows, SEED)[0], table, columns)
        report[name] = {
            **scored(rows, table, data[name], halves(rows, SEED)[1]),
            "mean_over_splits": mean_over_splits(rows, table, columns),
            "cross_validated": cross_validated(rows, table, columns),
        }
    print(json.dumps(report, indent=1))
    print(json.dumps(data, indent=1))
    if options.write:
        data["report"] = report
        TARGET.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def halves(rows: Sequence[Row], seed: int) -> tuple[list[int], list[int]]:
    """The row numbers of two halves that share no question."""
    questions = sorted({row["question"] for row in rows})
    random.Random(seed).shuffle(questions)
    first = set(questions[: len(questions) // 2])
    inside = [place for place, row in enumerate(rows) if row["question"] in first]
    return inside, [place for place in range(len(rows)) if place not in set(inside)]


def similarity() -> Callable[[str, Sequence[str]], float]:
    """As in the program, sentence by sentence."""
    from rag.index.embed import open_embedder
    from rag.language.sentences import split_sentences
    from rag.settings import load_settings

    embedder = open_embedder(load_settings().embedding, bulk=False)

    def near(sentence: str, quotes: Sequence[str]) -> float:
        parts = [
            quote[span.start_char : span.end_char]
            for quote in quotes
            for span in split_sentences(quote, "en")[:MOST_SENTENCES]
            if span.end_char - span.start_char > SHORTEST
        ]
        vectors = embedder.embed_queries([sentence, *parts])
        return mean_of_best([float(value) for value in vectors[1:] @ vectors[0]])

    return near


def features(row: Row, near: Callable[[str, Sequence[str]], float]) -> Row:
    """The features of a row, whether its facts hold, and its label."""
    return {
        **likeness_features(row["claim"], "en", row["evidence"]),
        "similarity": near(row["claim"], row["evidence"]),
        "facts_hold": not missing_facts(row["claim"], "en", quoted(row)),
        "label": row["label"],
    }


def fit(places: Sequence[int], table: Sequence[Row], columns: Sequence[str]) -> Row:
    """Logistic regression on standardised features, and a threshold.

    The threshold is the one that does best together with the rules on facts.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    chosen = [table[place] for place in places]
    truth = np.array([bool(row["label"]) for row in chosen])
    raw = np.array([[row[name] for name in columns] for row in chosen])
    scaler = StandardScaler().fit(raw)
    model = LogisticRegression(C=0.3, class_weight="balanced").fit(scaler.transform(raw), truth)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    named = {name: round(float(weight), 4) for name, weight in zip(columns, weights, strict=True)}
    fitted: Row = {"weights": named, "bias": round(bias, 4), "threshold": 0.5}
    linear = linear_model(fitted)
    likely = np.array([logistic(linear.score(row)) for row in chosen])
    steps = np.quantile(likely, np.linspace(0.02, 0.9, 45))
    gains = [
        balanced_accuracy(said(chosen, {**fitted, "threshold": step}), truth) for step in steps
    ]
    fitted["threshold"] = round(float(steps[int(np.argmax(gains))]), 4)
    return fitted


def said(table: Sequence[Row], model: Row) -> NDArray[np.bool_]:
    """Which rows are called supported."""
    linear = linear_model(model)
    return np.array(
        [row["facts_hold"] and logistic(linear.score(row)) >= model["threshold"] for row in table]
    )


def balanced_accuracy(called: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """The mean of both classes' recall."""
    return float((called[truth].mean() + (~called[~truth]).mean()) / 2)


def scored(rows: Sequence[Row], table: Sequence[Row], model: Row, places: Sequence[int]) -> Row:
    """Balanced accuracy on ``places`` with its 95 % interval over resampled questions."""
    called, truth = said(table, model), np.array([bool(row["label"]) for row in table])
    groups: dict[str, list[int]] = {}
    for place in places:
        groups.setdefault(rows[place]["question"], []).append(place)
    draw = random.Random(SEED)
    values = []
    for _ in range(RESAMPLES):
        drawn = [p for group in draw.choices(list(groups.values()), k=len(groups)) for p in group]
        values.append(balanced_accuracy(called[drawn], truth[drawn]))
    low, high = np.nanquantile(values, [0.025, 0.975])
    facts = np.array([row["facts_hold"] for row in table])
    return {
        "n": len(places),
        "balanced_accuracy": round(balanced_accuracy(called[places], truth[places]), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
        "facts_alone": round(balanced_accuracy(facts[places], truth[places]), 3),
    }


def mean_over_splits(rows: Sequence[Row], table: Sequence[Row], columns: Sequence[str]) -> float:
    """The held-out figure averaged over forty ways to halve the questions: less luck of one."""
    truth = np.array([bool(row["label"]) for row in table])
    values = []
    for seed in range(SPLITS):
        inside, outside = halves(rows, seed)
        called = said(table, fit(inside, table, columns))
        values.append(balanced_accuracy(called[outside], truth[outside]))
    return round(float(np.mean(values)), 3)


def cross_validated(rows: Sequence[Row], table: Sequence[Row], columns: Sequence[str]) -> Row:
    """All rows, each judged by a model and a threshold of other questions: five folds, five times.

    At 200 rows the fairer figure: half of them leaves an interval of eight points to either side.
    """
    from sklearn.model_selection import GroupKFold

    truth = np.array([bool(row["label"]) for row in table])
    named = {text: place for place, text in enumerate(dict.fromkeys(r["question"] for r in rows))}
    groups = np.array([named[row["question"]] for row in rows])
    runs = []
    for seed in range(FOLDS):
        called = np.zeros(len(table), dtype=bool)
        folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
        for inside, outside in folds.split(groups, truth, groups):
            model = fit(inside.tolist(), table, columns)
            called[outside] = said([table[place] for place in outside], model)
        runs.append(called)
    draw = np.random.default_rng(SEED)
    values = []
    for _ in range(RESAMPLES):
        drawn = draw.integers(0, len(named), len(named))
        places = np.concatenate([np.nonzero(groups == each)[0] for each in drawn])
        called = runs[int(draw.integers(0, FOLDS))]
        values.append(balanced_accuracy(called[places], truth[places]))
    low, high = np.quantile(values, [0.025, 0.975])
    found = [balanced_accuracy(called, truth) for called in runs]
    return {
        "n": len(table),
        "balanced_accuracy": round(float(np.mean(found)), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
    }


def quoted(row: Row) -> list[Quoted]:
    """The evidence as quotes of an article without a name."""
    return [
        Quoted(
            text,
            Article(
                article_id="x", text=text, content_hash="", raw_hash="", path="", language="en"
            ),
        )
        for text in row["evidence"]
    ]


if __name__ == "__main__":
    main()
