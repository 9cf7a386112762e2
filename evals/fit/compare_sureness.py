"""Fits how sure a conflict is by its strength and the number of pairs looked at.

Data: the questions on ``seeds/`` (many articles, many facts) and the development clusters (few
articles), ours and those of ``../shared/bench``. Both must be
indexed first: ``python -m evals.fit.compare_sureness SEEDS_STORE CLUSTERS_STORE``.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from rag.compare.sureness import SIDES
from rag.language.detect import detect_language
from rag.types import Disagreement, Question

ROOT = Path(__file__).resolve().parents[2]
CLUSTERS = (
    *sorted((ROOT / "evals/cases").glob("clusters_*.jsonl")),
    ROOT.parent / "shared/bench/conflicts_dev.jsonl",
)
SEED_CASES = ("seeds_disagreement", "seeds_negatives", "seeds_de", "seeds_en")
THRESHOLD = 0.55
"""Chosen under cross-validation: below it nothing true is gained, above it some is lost."""


@dataclass(frozen=True, slots=True)
class Row:
    """One conflict found, with whether it is expected."""

    is_true: bool
    strength: float
    pairs: int
    takes_sides: bool
    is_cluster: bool


def main() -> None:
    """Write the model and print what it keeps under cross-validation."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    seeds_store, clusters_store = map(Path, sys.argv[1:3])
    rows = [
        *_rows(seeds_store, _seed_cases(), is_cluster=False),
        *_rows(clusters_store, _cluster_cases(), is_cluster=True),
    ]
    strength = np.clip([row.strength for row in rows], 0.001, 0.999)
    x = np.stack(
        [
            np.log(strength / (1 - strength)),
            np.log1p([row.pairs for row in rows]),
            [float(row.takes_sides) for row in rows],
        ],
        1,
    )
    y = np.array([row.is_true for row in rows])
    held_out = cross_val_predict(LogisticRegression(), x, y, cv=10, method="predict_proba")[:, 1]
    for name, wanted in (("clusters", True), ("seeds", False)):
        part = np.array([row.is_cluster == wanted for row in rows])
        kept = part & (held_out >= THRESHOLD)
        print(
            f"{name}: true {y[part].sum()} of {part.sum()} found; "
            f"kept (10-fold): true {y[kept].sum()} of {kept.sum()}"
        )
    model = LogisticRegression().fit(x, y)
    data = {
        "bias": round(float(model.intercept_[0]), 4),
        "strength": round(float(model.coef_[0][0]), 4),
        "pairs": round(float(model.coef_[0][1]), 4),
        "sides": round(float(model.coef_[0][2]), 4),
        "threshold": THRESHOLD,
    }
    (ROOT / "rag/data/compare_sureness.json").write_text(json.dumps(data, indent=1) + "\n")


def _seed_cases() -> Iterator[tuple[str, list[list[str]]]]:
    for name in SEED_CASES:
        text = (ROOT / "evals/cases" / f"{name}.yaml").read_text(encoding="utf-8")
        for case in yaml.safe_load(text)["cases"]:
            expected = case.get("disagreements") or []
            yield case["question"], [[side["pattern"] for side in e["sides"]] for e in expected]


def _cluster_cases() -> Iterator[tuple[str, list[list[str]]]]:
    for path in CLUSTERS:
        if not path.exists():
            print(f"left out, not there: {path.name}", file=sys.stderr)
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            cluster = json.loads(line)
            sides = cluster["expect"].get("sides") or []
            yield cluster["question"], [[side["pattern"] for side in sides]] if sides else []


def _rows(
    store: Path, cases: Iterator[tuple[str, list[list[str]]]], *, is_cluster: bool
) -> Iterator[Row]:
    from rag.pipeline import read
    from rag.settings import load_settings
    from rag.wiring import open_deps

    with open_deps(load_settings(store={"path": store})) as deps:
        for text, expected in cases:
            question = Question(text=text, language=detect_language(text))
            reading = read(question, deps, only_sure=False)
            comparison = reading.comparison
            for found in comparison.disagreements:
                if found.status == "conflict" and question.language != "en" and _across(found):
                    yield Row(
                        any(_matches(found, patterns) for patterns in expected),
                        found.strength,
                        comparison.pairs_compared + comparison.pairs_not_compared,
                        found.kind in SIDES,
                        is_cluster,
                    )


def _across(found: Disagreement) -> bool:
    """Whether it is between articles: what is inside one was not looked for among pairs."""
    articles = [{claim.article_id for claim in position.claims} for position in found.positions]
    return not set.intersection(*articles)


def _matches(found: Disagreement, patterns: list[str]) -> bool:
    texts = [
        " ".join([position.value, *(claim.quote for claim in position.claims)])
        for position in found.positions
    ]
    flags = re.IGNORECASE | re.DOTALL
    return any(
        re.search(one, a, flags) and re.search(other, b, flags)
        for one, other in itertools.combinations(patterns, 2)
        for a, b in itertools.permutations(texts, 2)
    )


if __name__ == "__main__":
    main()
