"""Fits the evidence and abstention models on one half of XQuAD's articles, reports on the other.

    python -m evals.fit.fit_answer --models-dir DIR --cache DIR [--bench ../shared/bench]

Writes ``rag/data/evidence.json``, ``rag/data/abstain.json`` and ``evals/fit/report.md``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evals.fit.answering import Case, Examiner, Setting, in_parallel
from evals.fit.listwise import fit_listwise, shown
from evals.fit.memory_store import MemoryChunk
from evals.fit.squad import GoldCorpus, GoldQuestion, load_squad
from rag.answer.abstention_features import abstention_features
from rag.answer.evidence import weigh
from rag.answer.model import load_model_data
from rag.index.embed import open_embedder
from rag.settings import EmbeddingSettings

DATA = Path(__file__).resolve().parents[2] / "rag" / "data"
REPORT = Path(__file__).resolve().parent / "report.md"
EVIDENCE_PENALTY = 8.0
ABSTENTION_STRENGTH = 0.01
SETTINGS: tuple[Setting, ...] = ("full", "paragraph", "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The sentences of one question as a matrix."""

    group: int
    features: NDArray[np.float64]
    answers: NDArray[np.bool_]
    holds_span: NDArray[np.bool_]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One question in one setting: what the decision is made from."""

    group: int
    setting: Setting
    features: Mapping[str, float]


def main() -> None:
    """Fit, write and report."""
    options = argparse.ArgumentParser()
    options.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    options.add_argument("--models-dir", type=Path)
    options.add_argument("--cache", type=Path, required=True)
    options.add_argument("--limit", type=int, default=1, help="take every n-th question")
    options.add_argument("--false-refusals", type=float, default=0.06)
    given = options.parse_args()
    embedder = open_embedder(EmbeddingSettings(models_dir=given.models_dir), bulk=True)
    german = load_squad(given.bench / "xquad.de.json", "de", embedder, given.cache)
    english = load_squad(given.bench / "xquad.en.json", "en", embedder, given.cache)
    step = given.limit
    asked = {"de": german.questions[::step], "en": english.questions[::step]}
    lines = [*_fit_evidence(german, english, asked), ""]
    lines += _fit_abstention(german, english, asked, given.false_refusals)
    REPORT.write_text(_head(german) + "\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _head(corpus: GoldCorpus) -> str:
    return (
        "# Evidence and abstention: how the models were fitted, and how well they do\n\n"
        "Written by `python -m evals.fit.fit_answer`. Data: XQuAD (de, en), each paragraph an\n"
        f"article, {len(corpus.chunks)} German chunks. Fitted on articles of even index;\n"
        "figures are of the odd ones, intervals 95 % bootstrap intervals over\n"
        "questions.\n\n"
    )


def _rows(case: Case) -> Rows:
    names = tuple(sorted(case.sentences[0].features))
    features = np.array([[row.features[name] for name in names] for row in case.sentences])
    return Rows(
        group=case.question.group,
        features=features,
        answers=case.answers,
        holds_span=case.holds_span,
        names=names,
    )


def _fit_evidence(
    german: GoldCorpus, english: GoldCorpus, asked: Mapping[str, Sequence[GoldQuestion]]
) -> list[str]:
    found: dict[str, list[Rows]] = {}
    for name, corpus, questions in (
        ("German", german, asked["de"]),
        ("English", english, asked["en"]),
        ("English question, German articles", german, asked["en"]),
    ):
        examiner = Examiner(corpus, questions)

        def work(
            index: int, examiner: Examiner = examiner, qs: Sequence[GoldQuestion] = questions
        ) -> Rows:
            return _rows(examiner.ask(qs[index], "full", is_small=False))

        found[name] = in_parallel(work, len(questions))
    train = [rows for each in found.values() for rows in each if rows.group % 2 == 0]
    weights = fit_listwise(
        [(rows.features, rows.answers) for rows in train],
        penalty=EVIDENCE_PENALTY,
        bounds=[_limits(name) for name in train[0].names],
    )
    names = train[0].names
    calibration = _calibrated(train, weights)
    _write("evidence", {"weights": _named(names, weights), "bias": 0.0, "calibration": calibration})
    lines = ["| sentence that answers | share | interval | n |", "| --- | --- | --- | --- |"]
    for name, each in found.items():
        odd = [rows for rows in each if rows.group % 2]
        ranked = [rows.holds_span[np.argsort(-(rows.features @ weights))] for rows in odd]
        lines.append(shown(f"{name}: first", [float(holds[:1].any()) for holds in ranked]))
        lines.append(shown(f"{name}: among three", [float(holds[:3].any()) for holds in ranked]))
    return lines


def _limits(name: str) -> tuple[float | None, float | None]:
    """What a weight may be: more of the question, or of what it asks for, never speaks against.

    XQuAD has too few questions for causes, quotations and outcomes to fit their weights freely.
    """
    if name in ("fit_cause", "fit_quote", "fit_outcome"):
        return (0.5, None)
    if name.startswith(("fit_", "focus", "coverage", "name")) and name != "coverage_gap":
        return (0.0, None)
    return (None, 0.0) if name.endswith("_gap") or name == "rarest_missing" else (None, None)


def _calibrated(train: Sequence[Rows], weights: NDArray[np.float64]) -> dict[str, float]:
    scores, right = [], []
    for rows in train:
        own = rows.features @ weights
        order = np.argsort(-own)[:10]
        scores += list(own[order])
        right += list(rows.answers[order])
    fitted = LogisticRegression(C=1e3).fit(np.array(scores)[:, None], right)
    return {
        "slope": round(float(fitted.coef_[0, 0]), 5),
        "intercept": round(float(fitted.intercept_[0]), 5),
    }


def _fit_abstention(
    german: GoldCorpus,
    english: GoldCorpus,
    asked: Mapping[str, Sequence[GoldQuestion]],
    false_refusals: float,
) -> list[str]:
    load_model_data.cache_clear()
    same = _outcomes(german, asked["de"], is_small=False)
    few = [question for question in asked["de"] if question.group % 2 == 0]
    small = _outcomes(german, few, is_small=True, twins=english.chunks)
    other = _outcomes(german, asked["en"][::3], is_small=False)
    models = {
        "same_language": _decision_model([*same, *small], same, false_refusals),
        "other_language": _decision_model(other, other, false_refusals),
    }
    _write("abstain", models)
    lines = ["| decision | share | interval | n |", "| --- | --- | --- | --- |"]
    for name, outcomes, key in (
        ("German", same, "same_language"),
        ("English question, German articles", other, "other_language"),
    ):
        refused = _refused([each for each in outcomes if each.group % 2], models[key])
        lines.append(shown(f"{name}: false refusals", refused["full"]))
        lines.append(shown(f"{name}: refused, article left out", refused["article"]))
        lines.append(shown(f"{name}: refused, paragraph left out", refused["paragraph"]))
    return lines


def _outcomes(
    corpus: GoldCorpus,
    questions: Sequence[GoldQuestion],
    *,
    is_small: bool,
    twins: Sequence[MemoryChunk] = (),
) -> list[Outcome]:
    examiner = Examiner(corpus, questions, twins)
    tasks = [(question, setting) for question in questions for setting in SETTINGS]

    def work(index: int) -> Outcome:
        question, setting = tasks[index]
        case = examiner.ask(question, setting, is_small=is_small)
        features = abstention_features(case.words, weigh(case.sentences), case.passages)
        return Outcome(group=question.group, setting=setting, features=features)

    return in_parallel(work, len(tasks))


def _decision_model(
    outcomes: Sequence[Outcome], calibrating: Sequence[Outcome], false_refusals: float
) -> dict[str, Any]:
    names = tuple(sorted(outcomes[0].features))
    train = [each for each in outcomes if each.group % 2 == 0]
    rows = _matrix(train, names)
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=ABSTENTION_STRENGTH, max_iter=2000).fit(
        (rows - mean) / spread, [each.setting == "full" for each in train]
    )
    weights = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - weights @ mean)
    answerable = [e for e in calibrating if e.group % 2 == 0 and e.setting == "full"]
    scores = _matrix(answerable, names) @ weights + bias
    threshold = float(1 / (1 + np.exp(-np.quantile(scores, false_refusals))))
    return {"weights": _named(names, weights), "bias": bias, "threshold": round(threshold, 4)}


def _refused(outcomes: Sequence[Outcome], model: Mapping[str, Any]) -> dict[str, list[float]]:
    names = tuple(model["weights"])
    weights = np.array(list(model["weights"].values()))
    refused: dict[str, list[float]] = {setting: [] for setting in SETTINGS}
    for each in outcomes:
        score = sum(each.features[n] * w for n, w in zip(names, weights, strict=True))
        chance = 1 / (1 + np.exp(-(score + model["bias"])))
        refused[each.setting].append(float(chance < model["threshold"]))
    return refused


def _matrix(outcomes: Sequence[Outcome], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[each.features[name] for name in names] for each in outcomes])


def _named(names: Sequence[str], weights: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(w), 5) for name, w in zip(names, weights, strict=True)}


def _write(name: str, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    (DATA / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
