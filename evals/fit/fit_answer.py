"""Fits the evidence and abstention models on half of XQuAD's articles and on questions on news.

Reports on the other half of XQuAD, and on the questions on news by cross-validation: those on one
article are left out together.

    python -m evals.fit.fit_answer --models-dir DIR --cache DIR [--bench ../shared/bench]

Writes ``rag/data/evidence.json``, ``rag/data/abstain.json`` and ``evals/fit/report.md``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from evals.fit.answering import Case, Examiner, in_parallel
from evals.fit.deciding import SETTINGS, Outcome, decision_model, refused
from evals.fit.listwise import fit_listwise, shown
from evals.fit.memory_store import MemoryChunk
from evals.fit.news_cases import NewsCase, fold_of, load_news_cases
from evals.fit.squad import GoldCorpus, GoldQuestion, load_squad
from rag.answer.abstention_features import abstention_features
from rag.answer.evidence import weigh
from rag.answer.model import load_model_data
from rag.index.embed import open_embedder
from rag.settings import EmbeddingSettings

DATA = Path(__file__).resolve().parents[2] / "rag" / "data"
REPORT = Path(__file__).resolve().parent / "report.md"
EVIDENCE_PENALTY = 8.0
OTHER_FALSE_REFUSALS = 0.06
FOLDS = 6


_HEAD = """\
# Evidence and abstention: how the models were fitted, and how well they do

Written by `python -m evals.fit.fit_answer`. Data: XQuAD (de, en), each paragraph an article,
{chunks} German chunks; fitted on articles of even index, figures are of the odd ones. And questions
on news (`evals/fit/news_cases.py`): on the five documents of `../shared/seeds`, on articles of
`german_news_3k`, on `seeds/`. Their figures are cross-validated, questions on one article left out
together; the five documents and `seeds/` are about one or two events each, so there only the
questions are new. Intervals are 95 % bootstrap intervals over questions.

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The sentences of one question as a matrix."""

    group: int
    features: NDArray[np.float64]
    answers: NDArray[np.bool_]
    holds_span: NDArray[np.bool_]
    names: tuple[str, ...]


def main() -> None:
    """Fit, write and report."""
    options = argparse.ArgumentParser()
    options.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    options.add_argument("--models-dir", type=Path)
    options.add_argument("--cache", type=Path, required=True)
    options.add_argument("--limit", type=int, default=1, help="take every n-th question")
    options.add_argument("--false-refusals", type=float, default=0.075)
    given = options.parse_args()
    embedder = open_embedder(EmbeddingSettings(models_dir=given.models_dir), bulk=True)
    german = load_squad(given.bench / "xquad.de.json", "de", embedder, given.cache)
    english = load_squad(given.bench / "xquad.en.json", "en", embedder, given.cache)
    step = given.limit
    asked = {"de": german.questions[::step], "en": english.questions[::step]}
    news = load_news_cases(given.bench, given.cache)
    lines = [*_fit_evidence(german, english, asked, news), ""]
    lines += _fit_abstention(german, english, asked, news, given.false_refusals)
    REPORT.write_text(_head(german) + "\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _head(corpus: GoldCorpus) -> str:
    return _HEAD.format(chunks=len(corpus.chunks))


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
    german: GoldCorpus,
    english: GoldCorpus,
    asked: Mapping[str, Sequence[GoldQuestion]],
    news: Sequence[NewsCase],
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
    names = train[0].names
    half = [(rows.features, rows.answers) for rows in train]
    own = [(case, _sentence_rows(case, names)) for case in news if case.answers.any()]

    def fitted(kept: Sequence[tuple[NewsCase, NDArray[np.float64]]]) -> NDArray[np.float64]:
        return fit_listwise(
            [*half, *((rows, case.answers) for case, rows in kept)],
            penalty=EVIDENCE_PENALTY,
            bounds=[_limits(name) for name in names],
        )

    weights = fitted(own)
    calibration = _calibrated(train, weights)
    _write("evidence", {"weights": _named(names, weights), "bias": 0.0, "calibration": calibration})
    lines = ["| sentence that answers | share | interval | n |", "| --- | --- | --- | --- |"]
    for name, each in found.items():
        odd = [rows for rows in each if rows.group % 2]
        ranked = [rows.holds_span[np.argsort(-(rows.features @ weights))] for rows in odd]
        lines.append(shown(f"{name}: first", [float(holds[:1].any()) for holds in ranked]))
        lines.append(shown(f"{name}: among three", [float(holds[:3].any()) for holds in ranked]))
    return lines + _news_lines(own, fitted)


def _news_lines(
    own: Sequence[tuple[NewsCase, NDArray[np.float64]]],
    fitted: Callable[[Sequence[tuple[NewsCase, NDArray[np.float64]]]], NDArray[np.float64]],
) -> list[str]:
    """How often the best sentences answer questions on news that the model was not fitted on."""
    first: dict[str, list[float]] = {}
    three: dict[str, list[float]] = {}
    for fold in range(FOLDS):
        weights = fitted([each for each in own if fold_of(each[0].group, FOLDS) != fold])
        for case, rows in (each for each in own if fold_of(each[0].group, FOLDS) == fold):
            ranked = case.answers[np.argsort(-(rows @ weights), kind="stable")]
            first.setdefault(case.corpus, []).append(float(ranked[0]))
            three.setdefault(case.corpus, []).append(float(ranked[:3].any()))
    return [
        line
        for corpus in first
        for line in (
            shown(f"{corpus}: first", first[corpus]),
            shown(f"{corpus}: among three", three[corpus]),
        )
    ]


def _sentence_rows(case: NewsCase, names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row.features[name] for name in names] for row in case.sentences])


def _limits(name: str) -> tuple[float | None, float | None]:
    """What a weight may be: more of the question, or of what it asks for, never speaks against.

    XQuAD has too few questions for causes, quotations and outcomes to fit their weights freely.
    """
    if name in ("is_heading", "speaker"):
        return (0.0, 0.0)  # rules of their own hold these back
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
    news: Sequence[NewsCase],
    false_refusals: float,
) -> list[str]:
    load_model_data.cache_clear()
    same = _outcomes(german, asked["de"], is_small=False)
    few = [question for question in asked["de"] if question.group % 2 == 0]
    small = _outcomes(german, few, is_small=True, twins=english.chunks)
    other = _outcomes(german, asked["en"][::3], is_small=False)
    own = [case for case in news if case.is_same_language]
    same_model, news_lines = decision_model([*same, *small], same, false_refusals, own)
    models = {
        "same_language": same_model,
        "other_language": decision_model(other, other, OTHER_FALSE_REFUSALS)[0],
    }
    _write("abstain", models)
    lines = ["| decision | share | interval | n |", "| --- | --- | --- | --- |"]
    for name, outcomes, key in (
        ("German", same, "same_language"),
        ("English question, German articles", other, "other_language"),
    ):
        found = refused([each for each in outcomes if each.group % 2], models[key])
        lines.append(shown(f"{name}: false refusals", found["full"]))
        lines.append(shown(f"{name}: refused, article left out", found["article"]))
        lines.append(shown(f"{name}: refused, paragraph left out", found["paragraph"]))
    return lines + news_lines


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


def _named(names: Sequence[str], weights: NDArray[np.float64]) -> dict[str, float]:
    return {name: round(float(w), 5) for name, w in zip(names, weights, strict=True)}


def _write(name: str, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    (DATA / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
