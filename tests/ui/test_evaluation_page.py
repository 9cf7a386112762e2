"""The figures of an eval run as HTML."""

from __future__ import annotations

import json
import os
from pathlib import Path

from evals.results import RunResult, SuiteResult, read_run
from rag.ui.evaluation_page import evaluation_html
from rag.ui.texts import speaker_of
from rag.ui.views.evaluation import latest_results

BASELINE = Path(__file__).resolve().parents[2] / "evals/baselines/seeds.json"
say = speaker_of("de")


def test_headline_figures_are_those_of_the_run():
    html = evaluation_html(read_run(BASELINE), "heute", say)
    figures = json.loads(BASELINE.read_text(encoding="utf-8"))["summary"]["seeds"]["gegenlese"]
    for name, label in (
        ("nugget_recall_vital", "wichtige Fakten in der Antwort"),
        ("quote_exists", "Zitate, die wörtlich so dastehen"),
    ):
        value = round(100 * figures[name]["value"])
        assert f"<dt>{label}</dt><dd>{value} %" in html
    assert "<svg" in html


def test_a_suite_that_could_not_run_says_why_and_shows_no_figure():
    run = RunResult(
        suites=(SuiteResult(name="support", reason="<b>no data</b>"),),
        about={"version": "<i>1</i>"},
    )
    html = evaluation_html(run, "heute", say)
    assert "Nicht verfügbar: &lt;b&gt;no data&lt;/b&gt;" in html
    assert "<i>" not in html
    assert "<svg" not in html


def test_the_newest_results_are_taken(tmp_path):
    assert latest_results(tmp_path) is None
    for age, name in enumerate(("new", "old")):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "results.json"
        file.write_text("{}")
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    found = latest_results(tmp_path)
    assert found is not None
    assert found.parent.name == "new"
