"""Writes a run into a folder: results.json, report.html; each whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evals.figures import summary_of
from evals.page.page import page
from evals.results import CaseResult, Json, RunResult, run_to_json
from evals.uncertainty import Difference

RESULTS = "results.json"
REPORT = "report.html"


def write_run(
    run: RunResult,
    folder: Path,
    baseline: RunResult | None,
    against: Mapping[str, Mapping[str, Difference]],
    *,
    seed: int = 0,
) -> None:
    """Both files. The baseline is shown side by side in the page."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / RESULTS, results_text(run, seed=seed))
    _write(folder / REPORT, page(run, baseline, against, seed=seed))


def results_text(run: RunResult, *, seed: int = 0) -> str:
    """The run as JSON, a case a line, so that two of them can be compared by eye."""
    content = run_to_json(run)
    content["summary"] = summary_of(run, seed=seed)
    return _lines(content) + "\n"


def as_baseline(run: RunResult) -> RunResult:
    """What is worth committing: our system's tallies and answers, without quotes and peers."""
    return replace(
        run,
        suites=tuple(
            replace(
                suite,
                systems=tuple(
                    replace(system, cases=tuple(_brief(case) for case in system.cases))
                    for system in suite.systems[:1]
                ),
            )
            for suite in run.suites
        ),
    )


def _brief(case: CaseResult) -> CaseResult:
    answer = case.detail.get("answer") or {}
    kept: Json = {name: case.detail[name] for name in ("question", "topic") if name in case.detail}
    if answer:
        kept["answer"] = {name: answer[name] for name in ("status", "answer") if name in answer}
    tallies = {name: tally for name, tally in case.tallies.items() if name != "seconds"}
    return replace(case, detail=kept, tallies=tallies)


def _lines(content: Json) -> str:
    head = {name: value for name, value in content.items() if name != "suites"}
    suites = []
    for suite in content["suites"]:
        systems = [
            json.dumps({**system, "cases": []}, ensure_ascii=False)[: -len("[]}")]
            + "[\n"
            + ",\n".join(json.dumps(case, ensure_ascii=False) for case in system["cases"])
            + "\n]}"
            for system in ({**s, "cases": s["cases"]} for s in suite["systems"])
        ]
        shell = json.dumps({**suite, "systems": []}, ensure_ascii=False)[: -len("[]}")]
        suites.append(shell + "[\n" + ",\n".join(systems) + "\n]}")
    opened = json.dumps(head, ensure_ascii=False)[:-1]
    return opened + ',\n"suites": [\n' + ",\n".join(suites) + "\n]}"


def _write(path: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
