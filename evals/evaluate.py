"""A run of one or more suites: what `rag eval` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from evals.metrics.costs import peak_memory_mb
from evals.results import Json, RunResult, SuiteResult
from evals.workplace import NotAvailableError, Workplace, program_fingerprint

Runner = Callable[[Workplace], SuiteResult]
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
    suites: list[SuiteResult] = []
    seconds: dict[str, float] = {}
    for name in names:
        started = time.perf_counter()
        suites.append(run_suite(name, runner_of(name), place))
        seconds[name] = round(time.perf_counter() - started, 1)
        if any(not system.is_complete for system in suites[-1].systems):
            break
    return RunResult(suites=tuple(suites), about=about(place, seconds))


def run_suite(name: str, runner: Runner, place: Workplace) -> SuiteResult:
    """One suite; what is missing for it becomes its reason, never a zero."""
    try:
        return runner(place)
    except NotAvailableError as missing:
        return SuiteResult(name=name, reason=str(missing))


def runner_of(name: str) -> Runner:
    """The suite of that name, imported now."""
    runner: Runner = import_module(f"evals.suites.{name}").run
    return runner


def about(place: Workplace, seconds: Mapping[str, float]) -> Json:
    """With what a run was made."""
    from importlib.metadata import version

    return {
        "version": version("gegenlese"),
        "program": program_fingerprint(),
        "model": place.settings.embedding.model,
        "settings": place.settings.model_dump(mode="json", exclude={"store"}),
        "seed": place.seed,
        "limit": place.limit,
        "seconds": dict(seconds),
        "total_seconds": round(sum(seconds.values()), 1),
        "peak_memory_mb": round(peak_memory_mb()),
    }
