"""A language model may word the sections; what does not hold stays as the sources word it."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rag.briefing.author import MOST_CALLS
from rag.briefing.export import Form, export
from rag.briefing.read_back import read_back
from rag.llm.failures import LLMFailure
from rag.llm.policy import Model, Patience
from rag.llm.scripted import ScriptedLLM
from rag.pipeline import brief
from rag.settings import load_settings
from rag.types import Briefing
from rag.verify import verify
from rag.wiring import Deps

TOPIC = "Der Brand auf der Sandbrücke in Lüderau"
_LINE = re.compile(r"^\[(\d+)\] [^:]+: [„\"](.+)[“\"]$", re.M)


def is_plan(messages) -> bool:
    return "Abschnittsüberschriften" in messages[1].text


def faithful(messages) -> str:
    """Says what the evidence says, in other words around it."""
    if is_plan(messages):
        return "1. Der Brand\n2. Die Sperrung\n3. Erfundenes aus Paris"
    said = [f"{quote.rstrip('.')} [{number}]." for number, quote in
            _LINE.findall(messages[1].text)]  # fmt: skip
    return " ".join(said[:4])


def inventing(messages) -> str:
    return "Es starben 99 Menschen in Paris [1]. Der König von Norwegen kam [1]."


def made(deps: Deps, reply, *, llm: ScriptedLLM | None = None, **answer: object) -> Briefing:
    scripted = llm or ScriptedLLM([reply])
    model = Model(scripted, patience=Patience(), max_tokens=300, sleep=lambda seconds: None)
    settings = load_settings(store={"path": deps.settings.store.path}, answer=answer)
    return brief(TOPIC, replace(deps, model=model, settings=settings), length="short")


def written(briefing: Briefing):
    return [p for section in briefing.sections for p in section.points if p.is_written]


def test_sections_are_written_cited_and_said_to_be(deps: Deps):
    found = made(deps, faithful)
    assert found.run.mode == "llm"
    assert found.run.llm == "scripted"
    assert {"briefing_plan.de", "briefing_section.de"} <= set(found.run.prompt_hashes)
    assert found.run.usage["calls"] <= MOST_CALLS
    assert written(found)
    known = {each.marker for each in found.citations}
    assert all(set(point.sentence.citations) & known for point in written(found))
    assert "Sprachmodell" in found.method[0]


def test_the_brief_is_written_last(deps: Deps):
    scripted = ScriptedLLM([faithful])
    made(deps, faithful, llm=scripted)
    asked = [call[1].text for call in scripted.calls]
    assert "Abschnitt: Kurz gefasst" in asked[-1]
    assert not any("Kurz gefasst" in text for text in asked[:-1])


def test_an_outline_may_not_state_what_no_evidence_does(deps: Deps):
    heads = {p.topic for s in made(deps, faithful).sections for p in s.points}
    assert not any("Paris" in head for head in heads)


def test_what_is_invented_is_replaced_by_the_sources(deps: Deps):
    found = made(deps, inventing)
    text = " ".join(s.text for section in found.sections for s in section.sentences)
    assert "99" not in text
    assert "Norwegen" not in text
    assert found.run.mode == "extractive"
    assert found.run.notes
    assert "nichts Haltbares" in found.method[0]
    assert {s.kind for s in found.sections} >= {"brief"}


def test_one_bad_section_does_not_spoil_the_others(deps: Deps):
    def reply(messages) -> str:
        bad = "Abschnitt: Kurz gefasst" in messages[1].text
        return inventing(messages) if bad else faithful(messages)

    found = made(deps, reply)
    kinds = {s.kind: any(p.is_written for p in s.points) for s in found.sections}
    assert kinds["brief"] is False
    assert any(kinds.values())
    assert any("Kurz gefasst" in note for note in found.run.notes)


def test_a_dead_endpoint_costs_one_try_and_gives_the_sources(deps: Deps):
    scripted = ScriptedLLM([LLMFailure("rejected_key")])
    found = made(deps, None, llm=scripted)
    assert len(scripted.calls) == 1
    assert found.run.mode == "extractive"
    assert found.sections


def test_calls_are_bounded_however_often_it_fails(deps: Deps):
    scripted = ScriptedLLM([LLMFailure("malformed")])
    found = made(deps, None, llm=scripted)
    assert len(scripted.calls) <= MOST_CALLS
    assert found.run.mode == "extractive"


def test_without_fallback_the_failure_is_raised(deps: Deps):
    with pytest.raises(LLMFailure):
        made(deps, LLMFailure("rejected_key"), fallback=False)


def test_sections_are_written_side_by_side(deps: Deps):
    first_is_in, second_is_in = threading.Event(), threading.Event()
    together: list[bool] = []

    def reply(messages) -> str:
        if "Abschnitt: Nur eine Quelle" in messages[1].text:
            mine = second_is_in if first_is_in.is_set() else first_is_in
            mine.set()
            # The first is still being written when the second begins, or this waits in vain.
            together.append(second_is_in.wait(5))
        return "Der Brand\nDie Feuerwehr" if is_plan(messages) else faithful(messages)

    assert made(deps, reply).run.mode == "llm"
    assert together[:2] == [True, True]


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_what_was_written_verifies_and_alterations_are_caught(
    deps: Deps, tmp_path: Path, form: Form
):
    found = made(deps, faithful)
    path = tmp_path / f"page.{form}"
    path.write_bytes(export(found, form))
    (printed,) = read_back(path)
    assert any(each.is_written for each in printed.sentences)
    assert verify(printed, deps.store.article).score == 1
    text = path.read_text(encoding="utf-8")
    sentence = next(p.sentence.text for p in written(found) if "Lüderau" in p.sentence.text)
    shown = next(each for each in (sentence, sentence.replace("„", "„")) if each in text)
    path.write_text(text.replace(shown, shown.replace("Lüderau", "Hamburg"), 1), encoding="utf-8")
    assert verify(read_back(path)[0], deps.store.article).score < 1


def test_a_verbatim_briefing_cannot_claim_to_be_written(deps: Deps, tmp_path: Path):
    found = brief(TOPIC, deps)
    path = tmp_path / "page.json"
    text = export(found, "json").decode().replace('"is_written": false', '"is_written": true')
    path.write_text(text, encoding="utf-8")
    assert not any(each.is_written for each in read_back(path)[0].sentences)
