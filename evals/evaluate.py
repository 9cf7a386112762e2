"""A run of one or more suites: what `rag eval` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from evals.metrics.costs import peak_memory_mb
from evals.results import RunResult, SuiteResult
from evals.workplace import NotAvailableError, Workplace, program_fingerprint

SUITES = (
    "seeds",
    "retrieval",
    "disagreement",
    "support",
    "briefing",
    "injection",
    "robustness",
)


def run_suites(names: Sequence[str], place: Workplace) -> RunResult:
    """The suites in order; one that cannot be run says so and the others go on."""
    started = time.perf_counter()
    suites: list[SuiteResult] = []
    seconds: dict[str, float] = {}
    for name in names:
        before = time.perf_counter()
        suites.append(run_suite(name, _runner(name), place))
        seconds[name] = round(time.perf_counter() - before, 1)
        if any(not system.is_complete for system in suites[-1].systems):
            break
    return RunResult(
        suites=tuple(suites),
        about=_about(place, seconds, time.perf_counter() - started),
    )


def run_suite(
    name: str, runner: Callable[[Workplace], SuiteResult], place: Workplace
) -> SuiteResult:
    """One suite; what is missing for it becomes its reason, never a zero."""
    try:
        return runner(place)
    except NotAvailableError as missing:
        return SuiteResult(name=name, reason=str(missing))


def _runner(name: str) -> Callable[[Workplace], SuiteResult]:
    runner: Callable[[Workplace], SuiteResult] = import_module(f"evals.suites.{name}").run
    return runner


def _about(place: Workplace, seconds: Mapping[str, float], total: float) -> dict[str, object]:
    from importlib.metadata import version

    return {
        "version": version("gegenlese"),
        "program": program_fingerprint(),
        "model": place.settings.embedding.model,
        "settings": place.settings.model_dump(mode="json", exclude={"store"}),
        "seed": place.seed,
        "limit": place.limit,
        "seconds": dict(seconds),
        "total_seconds": round(total, 1),
        "peak_memory_mb": round(peak_memory_mb()),
    }
