"""`rag eval` from outside: exit codes, two-line errors, files written."""

from __future__ import annotations

import json

import pytest

from evals import evaluate
from evals.metrics.tally import mean
from evals.results import CaseResult, SuiteResult, SystemResult, read_run
from evals.workplace import NotAvailableError
from rag.cli.main import run


def suite(is_complete: bool = True, value: float = 1.0) -> SuiteResult:
    cases = tuple(
        CaseResult(
            case_id=f"q{number}",
            status="scored",
            tallies={"nugget_recall_vital": mean(value), "completed": mean(1.0)},
        )
        for number in range(6)
    )
    system = SystemResult(name="gegenlese", cases=cases, is_complete=is_complete)
    return SuiteResult(name="seeds", systems=(system,))


@pytest.fixture
def outcome(monkeypatch):
    """What the suites find, without any model."""
    found = {"seeds": suite()}

    def runner_of(name):
        def runner(place):
            if name not in found:
                raise NotAvailableError("nothing here")
            return found[name]

        return runner

    monkeypatch.setattr(evaluate, "runner_of", runner_of)
    return found


def test_a_run_prints_a_table_and_writes_its_results(outcome, tmp_path, capsys):
    assert run(["eval", "--out", str(tmp_path / "o")]) == 0
    assert "nugget_recall_vital" in capsys.readouterr().out
    assert read_run(tmp_path / "o" / "results.json").suite("seeds") is not None
    assert (tmp_path / "o" / "report.html").exists()


def test_json_is_the_only_thing_on_stdout(outcome, tmp_path, capsys):
    assert run(["eval", "--out", str(tmp_path), "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    figure = printed["suites"]["seeds"]["gegenlese"]["nugget_recall_vital"]
    assert (figure["value"], figure["n"]) == (1.0, 6)


@pytest.mark.parametrize(
    ("limit", "code"), [("nugget_recall_vital=0.9", 0), ("nugget_recall_vital=1.5", 1)]
)
def test_fail_under_sets_the_exit_code(outcome, tmp_path, limit, code):
    assert run(["eval", "--out", str(tmp_path), "--quiet", "--fail-under", limit]) == code


def test_a_baseline_is_named_in_the_table(outcome, tmp_path, capsys):
    baseline = tmp_path / "base.json"
    arguments = ["eval", "--out", str(tmp_path / "o"), "--quiet"]
    assert run([*arguments, "--save-baseline", str(baseline)]) == 0
    outcome["seeds"] = suite(value=0.0)
    assert run(["eval", "--out", str(tmp_path / "o"), "--baseline", str(baseline)]) == 0
    assert "worse" in capsys.readouterr().out


def test_a_suite_that_cannot_run_says_why(outcome, tmp_path, capsys):
    assert run(["eval", "--out", str(tmp_path), "--suite", "support"]) == 0
    assert "not available: nothing here" in " ".join(capsys.readouterr().out.split())


def test_what_was_not_available_does_not_pass_a_limit(outcome, tmp_path):
    arguments = ["eval", "--out", str(tmp_path), "--suite", "support", "--quiet"]
    assert run([*arguments, "--fail-under", "support_accuracy=0.1"]) == 1


def test_an_interrupted_run_keeps_its_results_and_exits_130(outcome, tmp_path, capsys):
    outcome["seeds"] = suite(is_complete=False)
    assert run(["eval", "--out", str(tmp_path), "--quiet"]) == 130
    assert not read_run(tmp_path / "results.json").is_complete


@pytest.mark.parametrize(
    "arguments",
    [
        ["--suite", "nothing"],
        ["--fail-under", "nonsense=1"],
        ["--baseline", "nowhere.json"],
        ["--cases", "nowhere.yaml"],
        ["--compare-settings", "nowhere.yaml"],
        ["--limit", "0"],
    ],
)
def test_wrong_usage_exits_2_with_two_lines(outcome, tmp_path, capsys, arguments):
    assert run(["eval", "--out", str(tmp_path), *arguments]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 2
