"""Runs cases one after the other: what is done is kept, what crashes is *failed*, the rest go on.

Each finished case is a line of a journal. A run of the same cases, program and settings that was
interrupted goes on from there; a finished one starts anew.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.metrics.tally import Tally
from evals.results import CaseResult, Json, SystemResult, case_from_json, case_to_json

_log = logging.getLogger(__name__)
Progress = Callable[[str, int, int], None]
"""Called with (system, done, total)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A case to run; ``run`` gives its result or raises."""

    case_id: str
    tags: tuple[str, ...]
    run: Callable[[], CaseResult]


class Journal:
    """The finished cases of one system in one suite, on disk; ``None`` keeps nothing."""

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self._path = path
        self._header = {"fingerprint": fingerprint}

    def finished(self) -> dict[str, CaseResult]:
        """The cases of an interrupted run of the same thing; otherwise the journal begins anew."""
        if self._path is None:
            return {}
        rows = self._rows()
        if rows and rows[0] == self._header and rows[-1] != {"complete": True}:
            return {case.case_id: case for case in map(_case, rows[1:]) if case is not None}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._header) + "\n", encoding="utf-8")
        return {}

    def add(self, case: CaseResult) -> None:
        """Keep a finished case."""
        self._append(case_to_json(case))

    def complete(self) -> None:
        """Nothing is left to do."""
        self._append({"complete": True})

    def _append(self, row: Json) -> None:
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _rows(self) -> list[Json]:
        if self._path is None or not self._path.exists():
            return []
        rows = []
        for line in self._path.read_text(encoding="utf-8", errors="replace").split("\n"):
            try:
                rows.append(json.loads(line))
            except ValueError:
                # The last line of a run that was killed while writing it.
                continue
        return rows


def run_tasks(
    name: str,
    tasks: Sequence[Task],
    journal: Journal,
    on_progress: Progress = lambda system, done, total: None,
) -> SystemResult:
    """All tasks in order. Ctrl-C ends early with ``is_complete`` false and what is done kept."""
    finished = journal.finished()
    done: list[CaseResult] = []
    try:
        for task in tasks:
            known = finished.get(task.case_id)
            if known is None:
                known = _run(task)
                journal.add(known)
            done.append(known)
            on_progress(name, len(done), len(tasks))
    except KeyboardInterrupt:
        return SystemResult(name=name, cases=tuple(done), is_complete=False)
    journal.complete()
    return SystemResult(name=name, cases=tuple(done))


def _run(task: Task) -> CaseResult:
    try:
        return task.run()
    except Exception as error:  # noqa: BLE001 - whatever a case does, the others must be run
        _log.debug("case %s failed", task.case_id, exc_info=True)
        return CaseResult(
            case_id=task.case_id,
            status="failed",
            tags=task.tags,
            tallies={"completed": Tally(0.0, 1.0)},
            reason=f"{type(error).__name__}: {error}",
        )


def _case(row: Json) -> CaseResult | None:
    try:
        return case_from_json(row)
    except (KeyError, ValueError, TypeError):
        return None
