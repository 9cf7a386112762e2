"""Figures for people's eyes in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.catalog import Metric
from evals.figures import Check, differences, figures_of
from evals.results import RunResult, SuiteResult
from evals.uncertainty import Difference, Estimate

MARKS = {"better": " ▲", "worse": " ▼"}
_VERDICT_STYLE = {"better": "green", "worse": "bold red", "no difference shown": "dim"}


def show_run(
    run: RunResult, console: Console, against: Mapping[str, Mapping[str, Difference]], seed: int
) -> None:
    """A table for each suite; ours first, peers in columns beside."""
    for suite in run.suites:
        if not suite.is_available:
            console.print(Text(f"{suite.name}: not available: {suite.reason}", style="yellow"))
        elif suite.systems:
            console.print(_table(suite, against.get(suite.name, {}), seed))
            if len(suite.systems) > 1:
                console.print(_beside(suite, seed))
            _note_lost(suite, console)
    if not run.is_complete:
        console.print(Text("Interrupted: figures of what was done; run it again to go on.", "red"))


def show_checks(checks: Iterable[Check], console: Console) -> None:
    """One line for each limit."""
    for check in checks:
        sign = "≥" if check.metric.higher_is_better else "≤"
        value = "no figure" if check.value is None else written(check.metric, check.value)
        style, word = ("green", "holds") if check.holds else ("bold red", "fails")
        console.print(
            Text(f"{word}: {check.metric.name} {value} (asked {sign} {check.limit:g})", style)
        )


def written(metric: Metric, value: float | None) -> str:
    """A figure as text."""
    if value is None:
        return "–"
    if metric.unit == "seconds":
        return f"{value * 1000:.0f} ms"
    return f"{value:.1f}" if metric.unit == "words" else f"{value:.3f}"


def labelled(metric: Metric) -> str:
    """Its name, with an arrow where less is better."""
    return metric.name if metric.higher_is_better else f"{metric.name} ↓"


def interval(metric: Metric, found: Estimate) -> str:
    """A figure with its interval."""
    if found.value is None:
        return "–"
    low, high = (written(metric, bound).removesuffix(" ms") for bound in (found.low, found.high))
    return f"{written(metric, found.value)} [{low}, {high}]"


def _table(suite: SuiteResult, against: Mapping[str, Difference], seed: int) -> Table:
    table = Table(title=f"suite {suite.name}", title_justify="left", header_style="bold")
    ours = suite.systems[0]
    table.add_column("metric", no_wrap=True)
    table.add_column(f"{ours.name} [95 %]", justify="right", no_wrap=True)
    for name in ("n", "unscored", "failed"):
        table.add_column(name, justify="right")
    if against:
        table.add_column("against baseline")
    group = ""
    for figure in figures_of(ours, seed=seed):
        metric = figure.metric
        if group and metric.group != group:
            table.add_section()
        group = metric.group
        row: list[str | Text] = [
            labelled(metric),
            interval(metric, figure.estimate),
            str(figure.estimate.n),
            str(figure.unscored),
            str(figure.failed),
        ]
        if against:
            row.append(_verdict(metric, against.get(metric.name)))
        table.add_row(*row)
    return table


def _beside(suite: SuiteResult, seed: int) -> Table:
    """Our figures and those of the others, each system a column."""
    table = Table(title="side by side", title_justify="left", header_style="bold")
    table.add_column("metric", no_wrap=True)
    for system in suite.systems:
        table.add_column(system.name, justify="right")
    ours, *others = suite.systems
    against = [differences(other, ours, seed=seed) for other in others]
    beside = [{f.metric: f.estimate for f in figures_of(other, seed=seed)} for other in others]
    for figure in figures_of(ours, seed=seed):
        metric = figure.metric
        row = [labelled(metric), written(metric, figure.estimate.value)]
        for found, difference in zip(beside, against, strict=True):
            value = found[metric].value if metric in found else None
            verdict = difference[metric.name].verdict if metric.name in difference else ""
            row.append(written(metric, value) + MARKS.get(verdict, "  "))
        table.add_row(*row)
    table.caption = "▲ better, ▼ worse than the first column, paired over the same cases"
    return table


def _verdict(metric: Metric, difference: Difference | None) -> Text:
    if difference is None or difference.value is None:
        return Text("not comparable", "dim")
    sign = "+" if difference.value >= 0 else "−"
    amount = written(metric, abs(difference.value))
    return Text(
        f"{difference.verdict} ({sign}{amount})", _VERDICT_STYLE.get(difference.verdict, "")
    )


def _note_lost(suite: SuiteResult, console: Console) -> None:
    for case in suite.systems[0].cases:
        if case.status == "failed":
            console.print(Text(f"failed {case.case_id}: {case.reason}", "red"))
    reasons: dict[str, int] = {}
    for case in suite.systems[0].cases:
        if case.status == "unscored" and case.reason:
            reasons[case.reason] = reasons.get(case.reason, 0) + 1
    for reason, count in reasons.items():
        console.print(Text(f"{count} unscored: {reason}", "dim"))
