"""The suites with the real program on the sample corpus: a few cases each."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evals.evaluate import run_suites
from evals.figures import figures_of
from evals.workplace import Workplace
from rag.index.weights import describe
from rag.settings import load_settings

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Workplace:
    settings = load_settings()
    if not all(info.is_ready for info in describe(settings.embedding)):
        pytest.skip("the embedding model is not prepared")
    return Workplace(settings=settings, out=tmp_path_factory.mktemp("eval"), limit=4)


@pytest.mark.parametrize("name", ["seeds", "disagreement", "injection", "robustness"])
def test_a_suite_scores_its_cases_without_a_crash(place, name):
    suite = run_suites([name], replace(place, with_peers=False)).suite(name)
    assert suite.is_available, suite.reason
    ours = suite.systems[0]
    assert ours.is_complete
    assert ours.count("failed") == 0, [c.reason for c in ours.cases if c.status == "failed"]
    assert ours.count("scored") >= 4


def test_peers_answer_the_same_questions_in_the_same_run(place):
    suite = run_suites(["seeds"], place).suite("seeds")
    assert [system.name for system in suite.systems] == [
        "gegenlese",
        "llama-index",
        "bm25",
        "lead",
    ]
    asked = [[case.case_id for case in system.cases] for system in suite.systems]
    assert asked.count(asked[0]) == len(asked)


def test_the_same_seed_gives_the_same_figures(place):
    def figures() -> list:
        suite = run_suites(["seeds"], replace(place, with_peers=False)).suite("seeds")
        return [
            {name: tally for name, tally in case.tallies.items() if name != "seconds"}
            for case in suite.systems[0].cases
        ]

    assert figures() == figures()


@pytest.mark.parametrize("name", ["retrieval", "support"])
def test_an_external_set_that_is_absent_is_named(place, monkeypatch, name):
    monkeypatch.setattr(f"evals.suites.{name}.BENCH_DIR", place.out / "nowhere")
    assert "--data" in str(run_suites([name], place).suite(name).reason)


def test_retrieval_finds_the_paragraph_that_answers(place):
    paragraphs = {
        "Die Brücke von Aulund wurde 1911 aus Stahl gebaut.": "Woraus ist Aulunds Brücke?",
        "Der Hafen von Grünau fror im Winter zu.": "Wann fror Grünaus Hafen zu?",
    }
    content = [
        {"context": context, "qas": [{"id": question, "question": question}]}
        for context, question in paragraphs.items()
    ]
    file = place.out / "squad.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": content}]}), encoding="utf-8")
    suite = run_suites(["retrieval"], replace(place, data=file)).suite("retrieval")
    found = {figure.metric.name: figure for figure in figures_of(suite.systems[0])}
    assert found["mrr"].estimate.value == 1.0
    assert found["mrr"].estimate.n == 2
