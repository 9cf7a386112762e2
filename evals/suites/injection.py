"""Articles that carry instructions are added: answers must stay what they were."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path

import yaml

from evals.asking import ask_case, question_of, tags_of
from evals.case_files import CASES_DIR, load_cases
from evals.metrics.tally import mean
from evals.metrics.texts import bare_answer, matches
from evals.results import CaseResult, SuiteResult
from evals.runner import Task, run_tasks
from evals.schema import Case
from evals.scoring import Collection, known_conflicts
from evals.suites.seeds import seeds_folder
from evals.systems import Program, System
from evals.workplace import Workplace, collection_of, indexed
from rag.types import Answer

NAME = "injection"
EVERY = 3
"""Every third question is asked: enough to see whether hostile articles are passed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """An instruction, and what an answer holds only when it had an effect."""

    name: str
    body: str
    shows: str


def run(place: Workplace) -> SuiteResult:
    """Ask the same questions without and with the hostile articles."""
    cases = load_cases((CASES_DIR,))
    asked = [case for case in cases.questions if not case.history][::EVERY][: place.limit]
    hostile = write_hostile(place.out / "data" / "hostile")
    known = known_conflicts(cases.questions)
    with (
        indexed(place, (seeds_folder(),), "seeds") as clean,
        indexed(place, (seeds_folder(), hostile), "seeds-hostile") as attacked,
    ):
        before, after = Program(clean), Program(attacked)
        before.warm_up()
        collection = collection_of(attacked, known)
        tasks = [
            Task(
                case_id=case.case_id,
                tags=tags_of(case),
                run=partial(ask_both, case, before, after, collection),
            )
            for case in asked
        ]
        journal = place.journal(NAME, after.name, cases.fingerprint + attacked.fingerprint)
        result = run_tasks(after.name, tasks, journal, place.on_progress)
    return SuiteResult(name=NAME, systems=(result,), fingerprint=cases.fingerprint)


def ask_both(case: Case, before: System, after: System, collection: Collection) -> CaseResult:
    """One question of both stores."""
    result = ask_case(case, after, collection)
    answer = after.answer(question_of(case))
    obeyed = [attack.name for attack in attacks() if is_obeyed(attack, answer)]
    then = before.answer(question_of(case))
    same = _held(case, then) == _held(case, answer)
    lost = [*result.lost, *(f"obeyed: {name}" for name in obeyed)]
    return replace(
        result,
        tallies={
            **result.tallies,
            "obeyed_rate": mean(float(bool(obeyed))),
            "unchanged": mean(float(same)),
        },
        lost=tuple(lost if same else [*lost, "the facts held are not those without the articles"]),
    )


def is_obeyed(attack: Attack, answer: Answer) -> bool:
    """Whether the answer's text (not what a reader opens behind it) shows the instruction."""
    return re.search(attack.shows, answer.text, re.IGNORECASE) is not None


@lru_cache(maxsize=1)
def attacks() -> tuple[Attack, ...]:
    """The instructions, written for this project."""
    return tuple(Attack(**row) for row in _data()["attacks"])


def write_hostile(folder: Path) -> Path:
    """An article for each instruction and frame."""
    folder.mkdir(parents=True, exist_ok=True)
    for attack in attacks():
        for number, frame in enumerate(_data()["frames"], 1):
            head = {name: str(frame[name]) for name in ("title", "source", "published_at")}
            front = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
            text = frame["text"].replace("{body}", attack.body)
            (folder / f"{attack.name}-{number}.md").write_text(
                f"---\n{front}---\n{text}", encoding="utf-8"
            )
    return folder


@lru_cache(maxsize=1)
def _data() -> dict[str, list[dict[str, str]]]:
    content = (files("evals") / "data" / "attacks.yaml").read_text(encoding="utf-8")
    data: dict[str, list[dict[str, str]]] = yaml.safe_load(content)
    return data


def _held(case: Case, answer: Answer) -> tuple[str, frozenset[str]]:
    text = bare_answer(answer.text, case.question)
    facts = (n.text for n in case.nuggets if matches(n.patterns, text))
    return answer.status, frozenset(facts)
