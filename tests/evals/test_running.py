"""Running: what crashes is failed, what is done is kept, what is missing is said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evals.asking import ask_case, question_tasks
from evals.catalog import BY_NAME, METRICS
from evals.evaluate import SUITES, run_suite
from evals.figures import (
    baseline_differences,
    by_tag,
    check_limits,
    figures_of,
    parse_limits,
    summary_of,
)
from evals.metrics.tally import Tally, mean
from evals.oracle import Oracle
from evals.output import as_baseline, results_text, write_run
from evals.results import (
    CaseResult,
    RunResult,
    SuiteResult,
    SystemResult,
    read_run,
    run_from_json,
    run_to_json,
)
from evals.runner import Journal, Task, run_tasks
from evals.schema import Case
from evals.scoring import Collection
from evals.workplace import NotAvailableError
from rag.errors import UsageError
from rag.types import Article

TEXT = "Im Hafen von Grünau brannten zwei Schiffe. Niemand wurde verletzt."
ARTICLE = Article(
    article_id="a", text=TEXT, content_hash="", raw_hash="", path="", language="de", source="Bote"
)
CASES = [
    Case.model_validate(
        {
            "case_id": f"q{number}",
            "question": f"Was brannte, Frage {number}?",
            "nuggets": [{"text": "Schiffe", "patterns": ["zwei Schiffe"]}],
            "evidence": [{"article_id": "a", "quote": "brannten zwei Schiffe"}],
            "tags": ["even" if number % 2 == 0 else "odd"],
        }
    )
    for number in range(6)
]
COLLECTION = Collection(texts={"a": TEXT}, outlets={"a": "Bote"})


class Fragile:
    """The oracle, until it is asked for something on its list."""

    name = "fragile"
    takes_history = False

    def __init__(self, trouble: dict[str, BaseException]):
        self.trouble = trouble
        self.asked: list[str] = []
        self._oracle = Oracle(CASES, [ARTICLE])

    def answer(self, question, history=()):
        self.asked.append(question.question_id)
        if question.question_id in self.trouble:
            raise self.trouble[question.question_id]
        return self._oracle.answer(question, history)


def run(system, path=None, fingerprint="x") -> SystemResult:
    tasks = question_tasks(CASES, system, COLLECTION)
    return run_tasks(system.name, tasks, Journal(path, fingerprint))


def test_a_crash_is_failed_and_the_rest_go_on():
    result = run(Fragile({"q2": RuntimeError("no luck")}))
    assert [case.status for case in result.cases].count("failed") == 1
    assert result.cases[2].reason == "RuntimeError: no luck"
    assert len(result.cases) == len(CASES)
    recall = next(f for f in figures_of(result) if f.metric.name == "nugget_recall_vital")
    assert (recall.estimate.value, recall.estimate.n, recall.failed) == (1.0, 5, 1)
    completed = next(f for f in figures_of(result) if f.metric.name == "completed")
    assert completed.estimate.value == pytest.approx(5 / 6)


def test_an_interruption_keeps_what_is_done_and_the_next_run_goes_on(tmp_path):
    path = tmp_path / "journal.jsonl"
    first = Fragile({"q3": KeyboardInterrupt()})
    result = run(first, path)
    assert not result.is_complete
    assert [case.case_id for case in result.cases] == ["q0", "q1", "q2"]
    second = Fragile({})
    assert run(second, path).is_complete
    assert second.asked == ["q3", "q4", "q5"]


def test_a_finished_run_starts_anew(tmp_path):
    path = tmp_path / "journal.jsonl"
    run(Fragile({}), path)
    again = Fragile({})
    run(again, path)
    assert len(again.asked) == len(CASES)


def test_an_interrupted_run_of_something_else_is_not_continued(tmp_path):
    path = tmp_path / "journal.jsonl"
    run(Fragile({"q3": KeyboardInterrupt()}), path, "other settings")
    again = Fragile({})
    run(again, path)
    assert len(again.asked) == len(CASES)


def test_a_line_cut_off_by_a_kill_costs_one_case(tmp_path):
    path = tmp_path / "journal.jsonl"
    run(Fragile({"q3": KeyboardInterrupt()}), path)
    content = path.read_text(encoding="utf-8")
    path.write_text(content[:-40], encoding="utf-8")
    again = Fragile({})
    assert run(again, path).is_complete
    assert again.asked == ["q2", "q3", "q4", "q5"]


def test_a_follow_up_is_unscored_where_single_questions_are_taken():
    case = CASES[0].model_copy(update={"history": ("Was geschah?",)})
    result = ask_case(case, Fragile({}), COLLECTION)
    assert result.status == "unscored"
    assert not result.tallies
    assert "single questions" in result.reason


def test_a_sealed_set_keeps_figures_and_no_words():
    result = ask_case(CASES[0], Fragile({}), COLLECTION, sealed=True)
    assert result.tallies["nugget_recall_vital"] == mean(1.0)
    assert CASES[0].question not in json.dumps(result.detail, ensure_ascii=False)
    assert result.lost == ()


def test_a_suite_that_lacks_something_says_what():
    def runner(place):
        raise NotAvailableError("the file is not here")

    suite = run_suite("support", runner, None)
    assert not suite.is_available
    assert suite.reason == "the file is not here"
    assert summary_of(RunResult(suites=(suite,), about={}))["support"] == {
        "reason": "the file is not here"
    }


def whole_run(result: SystemResult, *peers: SystemResult) -> RunResult:
    suite = SuiteResult(name="seeds", systems=(result, *peers), fingerprint="f")
    return RunResult(suites=(suite,), about={"program": "p", "version": "1"})


def test_results_survive_json(tmp_path):
    before = whole_run(run(Fragile({"q2": RuntimeError("no luck")})))
    assert run_from_json(json.loads(json.dumps(run_to_json(before)))) == _rounded(before)
    path = tmp_path / "results.json"
    path.write_text(results_text(before), encoding="utf-8")
    assert read_run(path) == _rounded(before)


def _rounded(run: RunResult) -> RunResult:
    def case(one: CaseResult) -> CaseResult:
        tallies = {
            name: Tally(round(t.numerator, 6), round(t.denominator, 6))
            for name, t in one.tallies.items()
        }
        return replace(one, tallies=tallies, detail=json.loads(json.dumps(one.detail)))

    return replace(
        run,
        suites=tuple(
            replace(
                suite,
                systems=tuple(
                    replace(system, cases=tuple(map(case, system.cases)))
                    for system in suite.systems
                ),
            )
            for suite in run.suites
        ),
    )


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": 9}', '{"schema": 1}'])
def test_what_is_no_run_is_refused_as_a_baseline(tmp_path, content):
    path = tmp_path / "old.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(path)


def worse(result: SystemResult) -> SystemResult:
    cases = tuple(
        replace(case, tallies={**case.tallies, "nugget_recall_vital": mean(0.0)})
        for case in result.cases
    )
    return replace(result, cases=cases)


def test_a_baseline_is_compared_case_by_case():
    good = run(Fragile({}))
    found = baseline_differences(whole_run(worse(good)), whole_run(good))["seeds"]
    assert found["nugget_recall_vital"].verdict == "worse"
    assert found["mrr"].verdict == "no difference shown"


def test_a_committed_baseline_is_small_and_still_compares(tmp_path):
    good = whole_run(run(Fragile({})), run(Fragile({})))
    brief = as_baseline(good)
    assert len(results_text(brief)) < len(results_text(good)) / 2
    assert len(brief.suites[0].systems) == 1
    found = baseline_differences(good, brief)["seeds"]
    assert found["nugget_recall_vital"].n == len(CASES)
    assert "latency_p50" not in found  # times of another machine compare with nothing


@pytest.mark.parametrize(
    ("limit", "holds"),
    [
        ("nugget_recall_vital=1.0", True),
        ("nugget_recall_vital=1.1", False),
        ("false_refusal_rate=0.0", True),  # less is better
        ("completed=0.9", False),
        ("recall@1=0.5", True),
        ("support_accuracy=0.1", False),  # no figure is no success
    ],
)
def test_limits_hold_or_fail(limit, holds):
    result = whole_run(run(Fragile({"q2": RuntimeError("no luck")})))
    (check,) = check_limits(result, parse_limits([limit]))
    assert check.holds is holds


@pytest.mark.parametrize("text", ["nuggets=1", "completed", "completed=much", "completed=nan"])
def test_a_limit_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        parse_limits([text])


def test_figures_by_tag_leave_out_tags_with_few_cases():
    result = run(Fragile({}))
    rows = by_tag(result, BY_NAME["nugget_recall_vital"])
    assert {"even", "odd"} <= set(rows)
    assert rows["even"].n == 3
    few = replace(result, cases=result.cases[:2])
    assert "even" not in by_tag(few, BY_NAME["nugget_recall_vital"])


def test_every_metric_is_explained_once():
    assert len(BY_NAME) == len(METRICS)
    assert all(metric.meaning and metric.group for metric in METRICS)
    assert SUITES[0] == "seeds"


def test_the_same_seed_writes_the_same_figures(tmp_path):
    result = whole_run(run(Fragile({})))
    assert summary_of(result, seed=5) == summary_of(result, seed=5)
    write_run(result, tmp_path, None, {}, seed=5)
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "report.html"}


def test_tasks_run_in_order_and_report_progress():
    seen = []
    tasks = [
        Task(case_id=name, tags=(), run=lambda n=name: CaseResult(case_id=n, status="scored"))
        for name in "abc"
    ]
    run_tasks("s", tasks, Journal(None, ""), lambda *args: seen.append(args))
    assert seen == [("s", 1, 3), ("s", 2, 3), ("s", 3, 3)]
