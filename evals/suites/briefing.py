"""Briefings against the facts they must hold."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from evals.case_files import CASES_DIR, check_against, load_cases
from evals.metrics.tally import mean
from evals.metrics.texts import matches, nugget_recall, redundancy, violations
from evals.results import CaseResult, SuiteResult
from evals.runner import Task, run_tasks
from evals.schema import BriefingCase
from evals.suites.seeds import case_store
from evals.workplace import NotAvailableError, Workplace, collection_of

if TYPE_CHECKING:
    from rag.wiring import Deps

NAME = "briefing"


def run(place: Workplace) -> SuiteResult:
    """Write a briefing on every topic."""
    from rag import pipeline

    if not hasattr(pipeline, "brief"):
        raise NotAvailableError("this version of the program writes no briefings")
    cases = load_cases(place.cases or (CASES_DIR,))
    if not cases.briefings:
        raise NotAvailableError("the case files hold no briefing topic")
    with case_store(place) as deps:
        check_against(cases, collection_of(deps).texts, CASES_DIR.name)
        tasks = [
            Task(case_id=case.case_id, tags=case.tags, run=partial(brief_case, case, deps))
            for case in cases.briefings[: place.limit]
        ]
        journal = place.journal(NAME, "gegenlese", cases.fingerprint + deps.fingerprint)
        result = run_tasks("gegenlese", tasks, journal, place.on_progress)
    return SuiteResult(name=NAME, systems=(result,), fingerprint=cases.fingerprint)


def brief_case(case: BriefingCase, deps: Deps) -> CaseResult:
    """One briefing."""
    from rag import pipeline

    brief: Any = getattr(pipeline, "brief")  # noqa: B009 - it may not be there yet
    started = time.perf_counter()
    briefing = brief(case.topic, deps)
    seconds = time.perf_counter() - started
    sentences = [sentence.text for section in briefing.sections for sentence in section.sentences]
    return score_briefing(case, sentences, seconds)


def score_briefing(case: BriefingCase, sentences: list[str], seconds: float) -> CaseResult:
    """The facts held, what is said twice, what must not be said."""
    text = "\n".join(sentences)
    vital = [n.patterns for n in case.nuggets if n.importance == "vital"]
    forbidden = violations(case.must_not, text)
    return CaseResult(
        case_id=case.case_id,
        status="scored",
        tags=(*case.tags, f"language:{case.language}"),
        tallies={
            "briefing_nugget_recall_vital": mean(nugget_recall(vital, text)),
            "briefing_nugget_recall_all": mean(
                nugget_recall([n.patterns for n in case.nuggets], text)
            ),
            "redundancy": mean(redundancy(sentences)),
            "must_not_rate": mean(None if forbidden is None else float(forbidden > 0)),
            "answer_words": mean(len(text.split())),
            "seconds": mean(seconds),
            "completed": mean(1.0),
        },
        lost=tuple(
            f"{n.importance} fact missing: {n.text}"
            for n in case.nuggets
            if not matches(n.patterns, text)
        ),
        detail={
            "topic": case.topic,
            "expected": {"nuggets": [n.model_dump(mode="json") for n in case.nuggets]},
            "answer": {"status": "answered", "answer": text},
        },
    )
