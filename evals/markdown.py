"""Tables for the docs: ``python -m evals.markdown RESULTS.json METRIC …``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from evals.catalog import BY_NAME, Metric
from evals.figures import differences, figures_of
from evals.results import SuiteResult, read_run
from evals.table import MARKS, interval, labelled, written

MAX_COLUMNS = 6
"""With more systems than this, each system is a row."""


def systems_table(suite: SuiteResult, names: Sequence[str]) -> str:
    """Metrics down, systems across; ours with its interval, others marked where they differ."""
    metrics = _metrics(suite, names)
    if len(suite.systems) > MAX_COLUMNS:
        return _by_system(suite, metrics)
    ours, *others = suite.systems
    lines = [
        "| metric | n | " + " | ".join(system.name for system in suite.systems) + " |",
        "| --- | ---: |" + " ---: |" * len(suite.systems),
    ]
    figures = {f.metric: f.estimate for f in figures_of(ours)}
    for metric in metrics:
        cells = [interval(metric, figures[metric])]
        cells += [_cell(metric, suite, place) for place in range(1, 1 + len(others))]
        lines.append(f"| {labelled(metric)} | {figures[metric].n} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _by_system(suite: SuiteResult, metrics: Sequence[Metric]) -> str:
    lines = [
        "| | " + " | ".join(labelled(metric) for metric in metrics) + " |",
        "| --- |" + " ---: |" * len(metrics),
    ]
    for place, system in enumerate(suite.systems):
        cells = " | ".join(_cell(metric, suite, place) for metric in metrics)
        lines.append(f"| {system.name} | {cells} |")
    return "\n".join(lines)


def _cell(metric: Metric, suite: SuiteResult, place: int) -> str:
    figures = {f.metric: f.estimate for f in figures_of(suite.systems[place])}
    if metric not in figures:
        return "–"
    value = written(metric, figures[metric].value)
    if place == 0:
        return value
    found = differences(suite.systems[place], suite.systems[0]).get(metric.name)
    return value + (MARKS.get(found.verdict, "") if found else "")


def _metrics(suite: SuiteResult, names: Sequence[str]) -> list[Metric]:
    scored = {figure.metric.name for figure in figures_of(suite.systems[0])}
    return [BY_NAME[name] for name in (names or BY_NAME) if name in scored]


def main(arguments: Sequence[str]) -> None:
    """Print a table for each suite of a run."""
    file, *names = arguments
    for suite in read_run(Path(file)).suites:
        if suite.systems:
            print(f"{suite.name}\n\n{systems_table(suite, names)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
