"""Systems broken on purpose are clearly worse in the metric that should notice.

On the project's own cases, with a system that answers from the case files: no model, no index.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from evals import broken
from evals.asking import question_tasks
from evals.case_files import CASES_DIR, load_cases
from evals.catalog import BY_NAME
from evals.figures import differences
from evals.metrics.tally import ratio
from evals.oracle import Oracle
from evals.results import SystemResult
from evals.runner import Journal, run_tasks
from evals.scoring import Collection, known_conflicts
from rag.ingest.clean import clean_article
from rag.ingest.load import load_path
from rag.settings import IngestSettings
from rag.types import RawArticle

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@lru_cache(maxsize=1)
def setting() -> tuple:
    articles = [
        clean_article(raw)
        for raw in load_path(SEEDS, IngestSettings())
        if isinstance(raw, RawArticle) and raw.article_id != "README"
    ]
    cases = load_cases([CASES_DIR]).questions
    collection = Collection(
        texts={a.article_id: a.text for a in articles},
        outlets={a.article_id: a.outlet for a in articles},
        known=known_conflicts(cases),
    )
    return cases, articles, collection


@lru_cache(maxsize=16)
def result_of(damage: broken.Break | None) -> SystemResult:
    cases, articles, collection = setting()
    oracle = Oracle(cases, articles)
    system = broken.Broken(oracle, damage) if damage else oracle
    return run_tasks(system.name, question_tasks(cases, system, collection), Journal(None, ""))


NOTICES = [
    (broken.shuffled_citations, "citation_precision"),
    (broken.shuffled_citations, "citation_recall"),
    (broken.shuffled_citations, "evidence_recall"),
    (broken.altered_quotes, "quote_exists"),
    (broken.altered_quotes, "citation_recall"),
    (broken.silenced, "disagreement_recall"),
    (broken.silenced, "disagreement_f1"),
    (broken.everything_flagged, "disagreement_precision"),
    (broken.everything_flagged, "false_alarm_rate"),
    (broken.always_refused, "false_refusal_rate"),
    (broken.always_refused, "refusal_precision"),
    (broken.always_refused, "nugget_recall_vital"),
    (broken.never_refused, "refusal_recall"),
    (broken.never_refused, "status_accuracy"),
    (broken.random_retrieval, "recall@1"),
    (broken.random_retrieval, "mrr"),
    (broken.random_retrieval, "ndcg@10"),
]


@pytest.mark.parametrize(
    ("damage", "metric"), NOTICES, ids=[f"{d.__name__}-{m}" for d, m in NOTICES]
)
def test_the_metric_notices(damage, metric):
    found = differences(result_of(damage), result_of(None))[metric]
    assert found.verdict == "worse"
    assert abs(found.value) > 0.1


@pytest.mark.parametrize("damage", broken.BREAKS, ids=lambda d: d.__name__)
def test_what_is_broken_leaves_other_metrics_alone(damage):
    noticed = {metric for d, metric in NOTICES if d is damage}
    assert noticed, "every broken system needs a metric that notices"
    found = differences(result_of(damage), result_of(None))
    untouched = {
        broken.shuffled_citations: "refusal_recall",
        broken.altered_quotes: "disagreement_f1",
        broken.silenced: "citation_recall",
        broken.everything_flagged: "citation_recall",
        broken.always_refused: "refusal_recall",
        broken.never_refused: "disagreement_f1",
        broken.random_retrieval: "citation_recall",
    }[damage]
    assert found[untouched].verdict == "no difference shown"


@pytest.mark.parametrize(
    "metric",
    [
        "nugget_recall_vital",
        "citation_precision",
        "citation_recall",
        "quote_exists",
        "evidence_recall",
        "disagreement_precision",
        "disagreement_recall",
        "refusal_precision",
        "refusal_recall",
        "status_accuracy",
        "mrr",
    ],
)
def test_the_cases_can_be_answered_in_full(metric):
    tallies = result_of(None).tallies(BY_NAME[metric].source)
    assert ratio(tallies.values()) >= 0.99


@pytest.mark.parametrize("metric", ["false_alarm_rate", "false_refusal_rate", "must_not_rate"])
def test_right_answers_do_no_wrong(metric):
    assert ratio(result_of(None).tallies(metric).values()) == 0.0
