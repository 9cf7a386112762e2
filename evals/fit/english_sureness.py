"""Fits how sure a conflict on an English question is, from labelled public questions.

Usage, from the project: ``python -m evals.fit.english_sureness WIKI_STORE SQUAD_STORE``.

``WIKI_STORE`` holds the passages of every WikiContradict item as articles ``w<n>-1`` and
``w<n>-2``; a conflict between the two is true. ``SQUAD_STORE`` holds the passages of XQuAD-en, one
article each; every conflict shown there is false. Only the even WikiContradict items and every
eighth question are fitted on; the rest is for measuring. Beside strength and pairs the model knows
whether persons differ: who is named near what is asked about is found by chance most easily.
Contradictions inside one text, and items whose two passages are one text, are not fitted on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evals.suites.retrieval import read_squad
from evals.workplace import BENCH_DIR
from rag.pipeline import read
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_deps

OUT = Path("rag/data/compare_sureness_en.json")
THRESHOLD = 0.4
"""Chosen on the rows fitted on: 12 of 13 true ones kept, 5 of 149 SQuAD questions show one."""
STEP = 8
Row = tuple[float, int, bool, bool]
"""Strength, pairs, whether persons differ, whether it is true."""
Found = tuple[int, float, int, bool, set[str]]
"""Place of the question, strength, pairs, whether persons differ, the articles."""


def conflicts_of(store: Path, questions: list[str]) -> Iterator[Found]:
    """The strongest conflict of each question that shows one, by its place in the list."""
    with open_deps(load_settings(store={"path": store})) as deps:
        for place, text in enumerate(questions):
            found = read(Question(text=text, language="en"), deps, only_sure=False).comparison
            pairs = found.pairs_compared + found.pairs_not_compared
            for item in found.disagreements:
                if item.status != "conflict":
                    continue
                sides = [{claim.article_id for claim in each.claims} for each in item.positions]
                if not set.intersection(*sides):
                    yield place, item.strength, pairs, item.kind == "who", set.union(*sides)


def rows_of(wiki: Path, squad: Path) -> list[Row]:
    """The conflicts to fit on."""
    items = (BENCH_DIR / "wikicontradict_open53.jsonl").read_text(encoding="utf-8").splitlines()
    even = [json.loads(line)["question"] for line in items[::2]]
    rows = [
        (strength, pairs, persons, {f"w{2 * place}-1", f"w{2 * place}-2"} <= ids)
        for place, strength, pairs, persons, ids in conflicts_of(wiki, even)
    ]
    asked = [str(row["question"]) for row in read_squad(BENCH_DIR / "xquad.en.json")[1]][::STEP]
    rows += [
        (strength, pairs, persons, False)
        for _, strength, pairs, persons, _ in conflicts_of(squad, asked)
    ]
    return rows


def main() -> None:
    """Write the model and print what it keeps."""
    from sklearn.linear_model import LogisticRegression

    rows = rows_of(*map(Path, sys.argv[1:3]))
    strength = np.clip([row[0] for row in rows], 0.001, 0.999)
    odds, pairs = np.log(strength / (1 - strength)), np.log1p([row[1] for row in rows])
    x = np.stack([odds, pairs, [float(row[2]) for row in rows]], 1)
    y = np.array([row[3] for row in rows])
    model = LogisticRegression().fit(x, y)
    shares = model.predict_proba(x)[:, 1]
    data = {
        "bias": round(float(model.intercept_[0]), 4),
        "strength": round(float(model.coef_[0][0]), 4),
        "pairs": round(float(model.coef_[0][1]), 4),
        "who": round(float(model.coef_[0][2]), 4),
        "threshold": THRESHOLD,
    }
    kept = shares >= data["threshold"]
    print(f"true kept {int((y & kept).sum())} of {int(y.sum())}; false {int((~y & kept).sum())}")
    OUT.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
