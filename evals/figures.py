"""Results → figures with intervals: by metric, by tag, against a baseline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evals.catalog import BY_NAME, METRICS, Metric
from evals.metrics.tally import Tally
from evals.results import Json, RunResult, SuiteResult, SystemResult
from evals.uncertainty import Difference, Estimate, compare, estimate
from rag.errors import UsageError

MIN_TAGGED = 3
"""A tag with fewer scored cases says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A metric of one system. ``unscored`` cases had nothing to count, ``failed`` ones crashed."""

    metric: Metric
    estimate: Estimate
    unscored: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One ``--fail-under`` and whether it holds."""

    metric: Metric
    limit: float
    value: float | None

    @property
    def holds(self) -> bool:
        """Whether the figure is as good as asked; a figure that is missing is not."""
        if self.value is None:
            return False
        if self.metric.higher_is_better:
            return self.value >= self.limit
        return self.value <= self.limit


def figures_of(system: SystemResult, *, seed: int = 0, tag: str | None = None) -> list[Figure]:
    """Every metric that at least one case scored."""
    cases = [case for case in system.cases if tag is None or tag in case.tags]
    failed = sum(case.status == "failed" for case in cases)
    rows = []
    for metric in METRICS:
        counted = [c.tallies[metric.source] for c in cases if metric.source in c.tallies]
        found = estimate(counted, statistic=metric.statistic, seed=seed)
        if not found.n:
            continue
        lost = 0 if metric.name == "completed" else failed
        rows.append(
            Figure(
                metric=metric,
                estimate=found,
                unscored=len(cases) - found.n - lost,
                failed=lost,
            )
        )
    return rows


def tags_of(system: SystemResult) -> list[str]:
    """The tags of the cases, in alphabetical order."""
    return sorted({tag for case in system.cases for tag in case.tags})


def by_tag(system: SystemResult, metric: Metric, *, seed: int = 0) -> dict[str, Estimate]:
    """A metric for each tag with enough scored cases."""
    rows: dict[str, Estimate] = {}
    for tag in tags_of(system):
        counted = [
            case.tallies[metric.source]
            for case in system.cases
            if tag in case.tags and metric.source in case.tallies
        ]
        found = estimate(counted, statistic=metric.statistic, seed=seed)
        if found.n >= MIN_TAGGED:
            rows[tag] = found
    return rows


def differences(
    ours: Mapping[str, Tally] | SystemResult, theirs: SystemResult, *, seed: int = 0
) -> dict[str, Difference]:
    """Each metric of two systems over the cases that both scored."""
    rows: dict[str, Difference] = {}
    for metric in METRICS:
        one = ours.tallies(metric.source) if isinstance(ours, SystemResult) else ours
        other = theirs.tallies(metric.source)
        if one and other:
            rows[metric.name] = compare(
                one,
                other,
                higher_is_better=metric.higher_is_better,
                statistic=metric.statistic,
                seed=seed,
            )
    return rows


def baseline_differences(
    run: RunResult, baseline: RunResult, *, seed: int = 0
) -> dict[str, dict[str, Difference]]:
    """For each suite that both ran, our system now against our system then."""
    rows: dict[str, dict[str, Difference]] = {}
    for suite in run.suites:
        then = baseline.suite(suite.name)
        if suite.systems and then is not None and then.systems:
            rows[suite.name] = differences(suite.systems[0], then.systems[0], seed=seed)
    return rows


def parse_limits(texts: Iterable[str]) -> list[tuple[Metric, float]]:
    """``metric=value`` pairs. Raises ``UsageError`` for what is none."""
    limits = []
    for text in texts:
        name, sign, value = text.partition("=")
        metric = BY_NAME.get(name.strip())
        if metric is None or not sign:
            known = ", ".join(BY_NAME)
            raise UsageError(
                f"{text!r} names no metric.", f"Write metric=value with one of: {known}."
            )
        try:
            limit = float(value)
            if math.isnan(limit):
                raise ValueError(value)  # neither below a bound nor above it
            limits.append((metric, limit))
        except ValueError as error:
            raise UsageError(f"{value!r} in {text!r} is no number.", "Write 0.8.") from error
    return limits


def check_limits(run: RunResult, limits: Iterable[tuple[Metric, float]]) -> list[Check]:
    """Each limit against our system; the worst suite counts where several have the metric."""
    checks = []
    for metric, limit in limits:
        values = [
            found.value
            for suite in run.suites
            for system in suite.systems[:1]
            if (
                found := estimate(
                    list(system.tallies(metric.source).values()), statistic=metric.statistic
                )
            ).value
            is not None
        ]
        worst = (min if metric.higher_is_better else max)(values) if values else None
        checks.append(Check(metric=metric, limit=limit, value=worst))
    return checks


def summary_of(run: RunResult, *, seed: int = 0) -> Json:
    """The figures of a run for machines, beside the cases they come from."""
    return {
        suite.name: _suite_summary(suite, seed) if suite.is_available else {"reason": suite.reason}
        for suite in run.suites
    }


def _suite_summary(suite: SuiteResult, seed: int) -> Json:
    return {
        system.name: {
            figure.metric.name: {
                "value": _rounded(figure.estimate.value),
                "low": _rounded(figure.estimate.low),
                "high": _rounded(figure.estimate.high),
                "n": figure.estimate.n,
                "unscored": figure.unscored,
                "failed": figure.failed,
            }
            for figure in figures_of(system, seed=seed)
        }
        for system in suite.systems
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
