"""Questions with reference answers on ``seeds/``, or a user's own on their own articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from evals.asking import question_tasks
from evals.case_files import CASES_DIR, check_against, load_cases
from evals.judge import Judge
from evals.results import SuiteResult
from evals.runner import run_tasks
from evals.scoring import known_conflicts
from evals.systems import Program, System
from evals.workplace import SEEDS_DIR, NotAvailableError, Workplace, collection_of, indexed
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.wiring import Deps

NAME = "seeds"


def run(place: Workplace) -> SuiteResult:
    """Ask every question of this program and, side by side, of the peers."""
    cases = load_cases(place.cases or (CASES_DIR,))
    questions = cases.questions[: place.limit]
    with case_store(place) as deps:
        collection = collection_of(deps, known_conflicts(cases.questions))
        check_against(cases, collection.texts, _where(place))
        fingerprint = cases.fingerprint + deps.fingerprint
        results = []
        program = Program(deps)
        program.warm_up()
        systems: list[System] = [program]
        if place.with_peers:
            from evals.peers import peers_of

            systems += peers_of(deps)
        judge = judge_of(deps) if place.with_judge else None
        for system in systems:
            tasks = question_tasks(questions, system, collection, judge=judge)
            journal = place.journal(NAME, system.name, fingerprint)
            results.append(run_tasks(system.name, tasks, journal, place.on_progress))
            if not results[-1].is_complete:
                break
    return SuiteResult(name=NAME, systems=tuple(results), fingerprint=cases.fingerprint)


@contextmanager
def case_store(place: Workplace) -> Iterator[Deps]:
    """An index of the articles that the cases are about."""
    if place.articles or not place.cases:
        paths = place.articles or (seeds_folder(),)
        with indexed(place, paths, "cases" if place.articles else "seeds") as deps:
            yield deps
        return
    from rag.wiring import open_deps

    with open_deps(place.settings) as deps:
        deps.store.require_articles()
        yield deps


def judge_of(deps: Deps) -> Judge:
    """The configured language model as a judge. Raises ``UsageError`` where there is none."""
    if deps.model is None:
        raise UsageError(
            "--judge needs a language model and none is configured.",
            "Set llm.url and llm.model, or llm.gguf; every other figure needs none.",
        )
    return Judge(deps.model)


def seeds_folder() -> Path:
    """The sample corpus of the project."""
    if not SEEDS_DIR.is_dir():
        raise NotAvailableError(
            "the sample corpus seeds/ is not installed; run it in the project's checkout, "
            "or give your own with --cases and --articles"
        )
    return SEEDS_DIR


def _where(place: Workplace) -> Path | str:
    return place.cases[0] if len(place.cases) == 1 else CASES_DIR.name
