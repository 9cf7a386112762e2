"""What a run found: cases, systems, suites. Kept as JSON (schema 1), read back as a baseline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from evals.metrics.tally import Tally
from rag.errors import UsageError

SCHEMA = 1
Json = dict[str, Any]
CaseStatus = Literal["scored", "unscored", "failed"]
CASE_STATUSES: tuple[CaseStatus, ...] = ("scored", "unscored", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case: what each metric counted, why points were lost, what was asked and answered.

    *failed* means that it crashed, *unscored* that nothing could be said; neither is a zero.
    """

    case_id: str
    status: CaseStatus
    tags: tuple[str, ...] = ()
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    reason: str | None = None
    detail: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemResult:
    """One system's cases; ``is_complete`` is false after an interruption."""

    name: str
    cases: tuple[CaseResult, ...]
    is_complete: bool = True

    def tallies(self, source: str) -> dict[str, Tally]:
        """A metric's tallies by case, of the cases that were scored (or, for crashes, run)."""
        return {case.case_id: case.tallies[source] for case in self.cases if source in case.tallies}

    def count(self, status: CaseStatus) -> int:
        """How many cases ended so."""
        return sum(case.status == status for case in self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteResult:
    """One suite over one or more systems; the first is ours. Not available: ``reason`` says why."""

    name: str
    systems: tuple[SystemResult, ...] = ()
    reason: str | None = None
    fingerprint: str = ""

    @property
    def is_available(self) -> bool:
        """Whether it could be run at all."""
        return self.reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """A whole run. ``about`` says with what: version, settings, model, seed, time, memory."""

    suites: tuple[SuiteResult, ...]
    about: Json

    @property
    def is_complete(self) -> bool:
        """False when it was interrupted."""
        return all(system.is_complete for suite in self.suites for system in suite.systems)

    def suite(self, name: str) -> SuiteResult | None:
        """The suite of that name."""
        return next((suite for suite in self.suites if suite.name == name), None)


def case_to_json(case: CaseResult) -> Json:
    """A line of the journal and an entry of the report."""
    return {
        "case_id": case.case_id,
        "status": case.status,
        "tags": list(case.tags),
        "tallies": {
            name: [_round(tally.numerator), _round(tally.denominator)]
            for name, tally in case.tallies.items()
        },
        "lost": list(case.lost),
        "reason": case.reason,
        "detail": case.detail,
    }


def case_from_json(row: Json) -> CaseResult:
    """The inverse of ``case_to_json``; raises ``KeyError`` or ``ValueError`` for other rows."""
    status = row["status"]
    if status not in CASE_STATUSES:
        raise ValueError(f"unknown status {status!r}")
    return CaseResult(
        case_id=str(row["case_id"]),
        status=cast("CaseStatus", status),
        tags=tuple(row["tags"]),
        tallies={name: Tally(float(n), float(d)) for name, (n, d) in row["tallies"].items()},
        lost=tuple(row["lost"]),
        reason=row["reason"],
        detail=row["detail"],
    )


def run_to_json(run: RunResult) -> Json:
    """The whole run."""
    return {
        "schema": SCHEMA,
        "about": run.about,
        "suites": [
            {
                "name": suite.name,
                "reason": suite.reason,
                "fingerprint": suite.fingerprint,
                "systems": [
                    {
                        "name": system.name,
                        "is_complete": system.is_complete,
                        "cases": [case_to_json(case) for case in system.cases],
                    }
                    for system in suite.systems
                ],
            }
            for suite in run.suites
        ],
    }


def run_from_json(content: Json) -> RunResult:
    """The inverse of ``run_to_json``."""
    return RunResult(
        about=content["about"],
        suites=tuple(
            SuiteResult(
                name=suite["name"],
                reason=suite["reason"],
                fingerprint=suite["fingerprint"],
                systems=tuple(
                    SystemResult(
                        name=system["name"],
                        is_complete=system["is_complete"],
                        cases=tuple(case_from_json(row) for row in system["cases"]),
                    )
                    for system in suite["systems"]
                ),
            )
            for suite in content["suites"]
        ),
    )


def read_run(path: Path) -> RunResult:
    """A run kept before. Raises ``UsageError`` for what is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise ValueError(f"schema {content['schema']!r}, not {SCHEMA}")
        return run_from_json(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"The baseline {str(path)!r} cannot be read: {type(error).__name__}: {error}.",
            "Give the results.json of a run of `rag eval --out DIR`.",
        ) from error


def _round(value: float) -> float:
    return round(value, 6)
