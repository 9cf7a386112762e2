"""The suites with the real program on the sample corpus: a few cases each."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.evaluate import run_suites
from evals.workplace import BENCH_DIR, Workplace
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
    suite = run_suites([name], place).suite(name)
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
        suite = run_suites(["seeds"], place).suite("seeds")
        return [
            {name: tally for name, tally in case.tallies.items() if name != "seconds"}
            for case in suite.systems[0].cases
        ]

    assert figures() == figures()


@pytest.mark.parametrize("name", ["retrieval", "support"])
def test_external_sets_run_where_they_are_and_say_so_where_not(place, name):
    suite = run_suites([name], place).suite(name)
    if Path(BENCH_DIR).is_dir():
        assert suite.systems[0].count("scored") == 4
    else:
        assert "--data" in suite.reason
