"""The questions of the sample corpus typed differently; each answer against its original's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evals.asking import ask_case, tags_of
from evals.case_files import CASES_DIR, check_against, load_cases
from evals.metrics.tally import mean
from evals.metrics.texts import bare_answer, matches
from evals.results import CaseResult, SuiteResult
from evals.runner import Task, run_tasks
from evals.schema import Case
from evals.scoring import Collection, known_conflicts
from evals.suites.seeds import case_store
from evals.systems import Program, System
from evals.variants import VARIANTS
from evals.workplace import Workplace, collection_of

NAME = "robustness"


def run(place: Workplace) -> SuiteResult:
    """Ask every German question with an answer in each variant that differs from it."""
    cases = load_cases(place.cases or (CASES_DIR,))
    originals = [
        case
        for case in cases.questions
        if case.language == "de" and case.nuggets and not case.history
    ][: place.limit]
    with case_store(place) as deps:
        collection = collection_of(deps, known_conflicts(cases.questions))
        check_against(cases, collection.texts, CASES_DIR.name)
        system = Program(deps)
        system.warm_up()
        tasks = variant_tasks(originals, system, collection, place.seed)
        journal = place.journal(NAME, system.name, cases.fingerprint + deps.fingerprint)
        result = run_tasks(system.name, tasks, journal, place.on_progress)
    return SuiteResult(name=NAME, systems=(result,), fingerprint=cases.fingerprint)


def variant_tasks(
    originals: Sequence[Case], system: System, collection: Collection, seed: int
) -> list[Task]:
    """A task for each question as written, then for each of its variants."""
    facts: dict[str, frozenset[str]] = {}

    def task(case: Case, original: str, variant: str) -> Task:
        tags = (*tags_of(case), f"variant:{variant}")
        return Task(
            case_id=case.case_id,
            tags=tags,
            run=lambda: _ask(case, original, tags, system, collection, facts),
        )

    return [
        task(case, original, variant)
        for written in originals
        for case, original, variant in _variants(written, seed)
    ]


def _variants(written: Case, seed: int) -> Iterator[tuple[Case, str, str]]:
    yield written, written.question, "as_written"
    for name, alter in VARIANTS.items():
        question = alter(written.question, seed)
        if question != written.question:
            altered = written.model_copy(
                update={"case_id": f"{written.case_id}~{name}", "question": question}
            )
            yield altered, written.question, name


def _ask(
    case: Case,
    original: str,
    tags: tuple[str, ...],
    system: System,
    collection: Collection,
    facts: dict[str, frozenset[str]],
) -> CaseResult:
    result = ask_case(case, system, collection)
    if result.status != "scored":
        return replace(result, tags=tags)
    held = _held(case, result)
    tallies = dict(result.tallies)
    if case.question == original:
        facts[original] = held
    else:
        if original not in facts:
            # The original was done in an earlier run: ask it again to have something to compare.
            first = case.model_copy(update={"question": original})
            facts[original] = _held(first, ask_case(first, system, collection))
        tallies["unchanged"] = mean(float(held == facts[original]))
    return replace(result, tags=tags, tallies=tallies)


def _held(case: Case, result: CaseResult) -> frozenset[str]:
    """The facts that an answer holds."""
    answer = result.detail["answer"]
    if answer["status"] == "not_in_sources":
        return frozenset({"refused"})
    text = bare_answer(answer["answer"], case.question)
    return frozenset(n.text for n in case.nuggets if matches(n.patterns, text))
