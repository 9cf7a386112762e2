"""The report page: complete, escaped, and in need of nothing from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evals.figures import baseline_differences
from evals.metrics.tally import Tally, mean
from evals.page.cases import change
from evals.page.charts import Bar, shares_chart
from evals.page.markup import element, marked, text
from evals.page.page import page
from evals.results import CaseResult, RunResult, SuiteResult, SystemResult
from evals.uncertainty import Estimate

EVIL = '<script>alert("x")</script>'
VOID = {"meta", "br", "input"}


class Checker(HTMLParser):
    """Elements are closed in order; nothing is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts = 0
        self.details = 0

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        assert "src" not in names
        assert "href" not in names
        assert not any(name.startswith("on") for name in names)
        self.scripts += tag == "script"
        self.details += tag == "details" and names.get("class") == "case"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def case(number: int, answer: str = "Zwei Schiffe brannten.", **changes) -> CaseResult:
    defaults = {
        "case_id": f"q{number}",
        "status": "scored",
        "tags": ("kind:what", EVIL),
        "tallies": {"nugget_recall_vital": mean(number % 2), "mrr": mean(1.0)},
        "lost": () if number % 2 else (f"missing {EVIL}",),
        "detail": {
            "question": f"Was brannte? {EVIL}",
            "history": [EVIL],
            "expected": {
                "status": "answered",
                "reference_answer": EVIL,
                "nuggets": [{"text": EVIL, "importance": "vital", "patterns": ["Zwei"]}],
                "evidence": [{"article_id": EVIL, "quote": EVIL}],
                "must_not": ["brannten"],
                "disagreements": [],
            },
            "answer": {
                "status": "answered",
                "answer": answer,
                "citations": [{"marker": 1, "article_id": EVIL, "quote": EVIL * 40}],
                "disagreements": [
                    {
                        "kind": "number",
                        "status": "conflict",
                        "aspect": EVIL,
                        "positions": [
                            {"value": EVIL, "claims": [{"article_id": EVIL, "quote": EVIL}]}
                        ],
                    }
                ],
                "notes": [EVIL],
            },
        },
    }
    return CaseResult(**{**defaults, **changes})


def make_run(*cases: CaseResult) -> RunResult:
    ours = SystemResult(name=f"ours {EVIL}", cases=cases)
    peer = SystemResult(name="peer", cases=cases)
    missing = SuiteResult(name="support", reason=f"no file {EVIL}")
    seeds = SuiteResult(name="seeds", systems=(ours, peer))
    return RunResult(suites=(seeds, missing), about={"program": EVIL})


@pytest.fixture
def shown() -> str:
    run = make_run(*(case(number, answer=f"Zwei {EVIL} brannten.") for number in range(8)))
    then = make_run(*(case(number) for number in range(6)))
    return page(run, then, baseline_differences(run, then))


def test_the_page_is_well_formed_and_loads_nothing(shown):
    checker = Checker()
    checker.feed(shown)
    assert checker.open == []
    assert checker.scripts == 1
    assert checker.details == 8
    assert not re.search(r"https?://|url\(|@import", shown)
    assert "default-src &#x27;none&#x27;" in shown


def test_nothing_that_articles_say_becomes_markup(shown):
    assert EVIL not in shown
    assert text(EVIL) in shown


def test_cases_carry_what_the_filters_need(shown):
    assert 'data-state="scored lost' in shown
    assert 'data-tags="kind:what' in shown
    assert "<option>kind:what</option>" in shown


def test_a_suite_that_could_not_run_is_shown_with_its_reason(shown):
    assert "not available: no file" in shown


def test_the_baselines_answer_stands_beside(shown):
    assert shown.count("<h3>baseline</h3>") == 6


def test_failed_and_unscored_cases_are_listed():
    failed = case(0, status="failed", reason="RuntimeError: no luck", detail={}, tallies={})
    unscored = case(1, status="unscored", reason="a follow-up", detail={}, tallies={}, lost=())
    shown = page(make_run(failed, unscored, case(2)), None, {})
    assert "RuntimeError: no luck" in shown
    assert 'data-state="unscored' in shown


@pytest.mark.parametrize(
    ("wanted", "forbidden", "expected"),
    [
        ([], [], "a &lt; b und c"),
        (["und"], [], "a &lt; b <mark class=good>und</mark> c"),
        (["b.*c"], [], "a &lt; <mark class=good>b und c</mark>"),
        (["und"], ["und c"], "a &lt; b <mark class=bad>und c</mark>"),
        (["<"], [], "a <mark class=good>&lt;</mark> b und c"),
        (["fehlt"], [], "a &lt; b und c"),
    ],
)
def test_what_was_wanted_is_marked_in_the_answer(wanted, forbidden, expected):
    assert marked("a < b und c", wanted, forbidden) == expected


def test_attributes_are_escaped():
    assert element("p", "x", class_="a", data_b='"') == '<p class="a" data-b="&quot;">x</p>'


def test_a_chart_places_figures_on_its_scale():
    half = Estimate(value=0.5, low=0.25, high=0.75, n=4)
    drawn = shares_chart("t", [Bar(label="m", ours=half, others=(("peer", "p", 1.0),))])
    assert 'cx="700.0"' in drawn
    assert 'x1="510.0"' in drawn
    assert 'x2="890.0"' in drawn
    assert "p: 1.000" in drawn
    assert shares_chart("t", []) == ""


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ({"nugget_recall_vital": Tally(1, 1)}, {"nugget_recall_vital": Tally(0, 1)}, "better"),
        ({"nugget_recall_vital": Tally(0, 1)}, {"nugget_recall_vital": Tally(1, 1)}, "worse"),
        ({"status_accuracy": Tally(1, 1)}, {"status_accuracy": Tally(1, 1)}, "same"),
        ({}, {}, "same"),
        ({"disagreement_f1": Tally(2, 3)}, {"disagreement_f1": Tally(2, 2)}, "worse"),
    ],
)
def test_a_case_is_better_or_worse_than_it_was(now, then, expected):
    assert change(now, then) == expected


def test_interrupted_runs_say_so():
    run = make_run(case(1))
    suite = replace(run.suites[0], systems=(replace(run.suites[0].systems[0], is_complete=False),))
    assert "interrupted" in page(replace(run, suites=(suite,)), None, {})
