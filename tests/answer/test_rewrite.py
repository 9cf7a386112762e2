from __future__ import annotations

import pytest

from rag.answer.rewrite import is_follow_up, standalone_question
from rag.llm.failures import LLMFailure
from rag.llm.policy import Model, Patience
from rag.llm.scripted import ScriptedLLM
from rag.types import Turn


def rewritten(history: list[str], question: str, language: str = "de") -> str:
    turns = [Turn(question=each) for each in history]
    return standalone_question(question, turns, language).text


@pytest.mark.parametrize(
    ("before", "question", "language", "expected"),
    [
        ("Wie viele Pendler saßen in Dornfeld fest?", "Und wie viele davon starben?", "de",
         "Wie viele davon starben (Pendler, Dornfeld)?"),
        ("Wann trafen sich Stroth und Brelow?", "Wo?", "de", "Wo trafen sich Stroth und Brelow?"),
        ("Hat Stroth Brelow im August getroffen?", "Wann genau?", "de",
         "Wann genau (Stroth, Brelow, August)?"),
        ("Hat Stroth Brelow getroffen?", "Warum?", "de", "Warum hat Stroth Brelow getroffen?"),
        ("Wie lange dauerte die Messe 2023 in Dornfeld?", "Und 2025?", "de",
         "Wie lange dauerte die Messe 2025 in Dornfeld?"),
        ("Wie lange dauerte die Messe in Dornfeld?", "Und in Bergau?", "de",
         "Wie lange dauerte die Messe in Bergau?"),
        ("Wie hoch war der Schaden beim Brand in Dornfeld?", "Was ist mit den Verletzten?", "de",
         "Was ist mit den Verletzten (Schaden, Brand, Dornfeld)?"),
        ("Wer ist Ina Stroth?", "Wie alt ist sie?", "de", "Wie alt ist sie (Ina, Stroth)?"),
        ("Who is Ina Stroth?", "How old is she?", "en", "How old is she (Stroth)?"),
        ("Who won the race in Oslo?", "And in Bergen?", "en", "Who won the race in Bergen?"),
        ("Did Vogt resign?", "When?", "en", "When did Vogt resign?"),
        ("Who won the race in Oslo in 2021?", "What about 2023?", "en",
         "Who won the race in Oslo in 2023?"),
    ],
)  # fmt: skip
def test_a_follow_up_gets_what_it_leans_on(before, question, language, expected):
    assert rewritten([before], question, language) == expected


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie viele Menschen leben in Hamburg?", "de"),
        ("Gibt es Verletzte in Bergau?", "de"),
        ("Wann wurde das Haus gebaut?", "de"),
        ("Was ist das Wahrzeichen von Dornfeld?", "de"),
        ("Who won the race in Bergen?", "en"),
        ("Is there a bridge in Bergen?", "en"),
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question, language):
    assert not is_follow_up(question, language)
    found = standalone_question(question, [Turn(question="Wer ist Ina Stroth?")], language)
    assert (found.text, found.changed, found.how) == (question, False, "as_typed")


def test_without_history_nothing_is_carried_over():
    assert rewritten([], "Und wie viele davon starben?") == "Und wie viele davon starben?"


def test_a_chain_of_follow_ups_keeps_its_topic():
    text = rewritten(["Wer eröffnete die Messe in Dornfeld?", "Was sagte sie dort?"], "Und wann?")
    assert "Dornfeld" in text and "Messe" in text


def test_a_new_place_replaces_the_old_one():
    text = rewritten(
        ["Wie lange waren Stroth und Brelow 2023 in Dornfeld zusammen?"],
        "Und wie lange war es 2025 in Bergau?",
    )
    assert "Stroth" in text and "Dornfeld" not in text and "2023" not in text


def with_model(reply: str | LLMFailure) -> tuple[str, str]:
    model = Model(ScriptedLLM([reply]), patience=Patience(max_calls=1), max_tokens=80)
    found = standalone_question(
        "Wie alt ist sie?", [Turn(question="Wer ist Ina Stroth?")], "de", model=model
    )
    return found.text, found.how


def test_the_model_rewrites_where_there_is_one():
    assert with_model("Wie alt ist Ina Stroth?") == ("Wie alt ist Ina Stroth?", "model")


@pytest.mark.parametrize(
    "reply",
    [
        "Wie alt ist Ina Stroth aus Bergau?",
        "Ina Stroth ist 50 Jahre alt.",
        LLMFailure("timeout"),
        "Wie alt ist sie?\nWie alt ist Ina Stroth?",
    ],
)
def test_what_the_model_may_not_add_is_left_to_the_rules(reply):
    assert with_model(reply) == ("Wie alt ist sie (Ina, Stroth)?", "rules")
