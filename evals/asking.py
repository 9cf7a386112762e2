"""Questions → tasks: ask a system, score its answer, keep what a reader needs to look into it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from evals.judge import Judge
from evals.metrics.disagreements import COUNTED
from evals.results import CaseResult, Json
from evals.runner import Task
from evals.schema import Case
from evals.scoring import Collection, score_answer
from evals.systems import System
from rag.interchange import answer_to_json
from rag.types import Answer, Question, Turn

SEALED = "This set is for measuring only: its cases are not shown."


def question_of(case: Case) -> Question:
    """The question as the program takes it."""
    return Question(text=case.question, language=case.language, question_id=case.case_id)


def question_tasks(
    cases: Sequence[Case],
    system: System,
    collection: Collection,
    *,
    sealed: bool = False,
    judge: Judge | None = None,
) -> list[Task]:
    """A task for each case. ``sealed`` keeps figures only, for sets that must not be learnt."""

    def task(case: Case) -> Task:
        return Task(
            case_id=case.case_id,
            tags=tags_of(case),
            run=lambda: ask_case(case, system, collection, sealed=sealed, judge=judge),
        )

    return [task(case) for case in cases]


def ask_case(
    case: Case,
    system: System,
    collection: Collection,
    *,
    sealed: bool = False,
    judge: Judge | None = None,
) -> CaseResult:
    """Ask one question and score the answer."""
    tags = tags_of(case)
    if case.history and not system.takes_history:
        return CaseResult(
            case_id=case.case_id,
            status="unscored",
            tags=tags,
            reason="a follow-up question, and the system takes single questions only",
            detail={"question": case.question, "history": list(case.history)},
        )
    history = _conversation(case, system)
    started = time.perf_counter()
    answer = system.answer(question_of(case), history)
    seconds = time.perf_counter() - started
    scored = score_answer(case, answer, collection, seconds)
    tallies, detail = dict(scored.tallies), detail_of(case, answer)
    if judge is not None:
        judgement = judge.judge(case, answer)
        tallies["judged_right"] = judgement.tally
        detail["judge"] = judgement.reason
    return CaseResult(
        case_id=case.case_id,
        status="scored",
        tags=tags,
        tallies=tallies,
        lost=() if sealed else scored.lost,
        detail={"sealed": SEALED} if sealed else detail,
    )


def _conversation(case: Case, system: System) -> tuple[Turn, ...]:
    """What was asked before, each answered by the system itself."""
    turns: list[Turn] = []
    for text in case.history:
        before = Question(text=text, language=case.language)
        turns.append(Turn(question=text, answer=system.answer(before, tuple(turns)).text))
    return tuple(turns)


def tags_of(case: Case) -> tuple[str, ...]:
    """The tags of the case, and those that follow from it."""
    derived = [f"language:{case.language}", f"expected:{case.expected_status}"]
    if case.history:
        derived.append("follow-up")
    if case.no_conflict:
        derived.append("hard_negative")
    if any(one.status == COUNTED for one in case.disagreements):
        derived.append("conflict")
    return tuple(dict.fromkeys([*case.tags, *derived]))


def detail_of(case: Case, answer: Answer) -> Json:
    """Question, what was expected, what was answered, which passages were read."""
    shown = answer_to_json(answer)
    return {
        "question": case.question,
        "history": list(case.history),
        "expected": {
            "status": case.expected_status,
            "reference_answer": case.reference_answer,
            "nuggets": [nugget.model_dump(mode="json") for nugget in case.nuggets],
            "evidence": [quote.model_dump(mode="json") for quote in case.evidence],
            "must_not": list(case.must_not),
            "disagreements": [d.model_dump(mode="json") for d in case.disagreements],
            "no_conflict": case.no_conflict,
        },
        "answer": {
            name: shown[name]
            for name in ("status", "answer", "sentences", "citations", "disagreements")
        }
        | {"notes": shown["run"]["notes"]},
        "passages": [
            {
                "rank": passage.rank,
                "article_id": passage.article.article_id,
                "start_char": passage.chunk.start_char,
                "end_char": passage.chunk.end_char,
            }
            for passage in answer.passages
        ],
    }
