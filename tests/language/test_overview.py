"""Which questions ask for an overview, and on what."""

from __future__ import annotations

import pytest

from rag.language.overview import overview_topic
from rag.types import Language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Worum geht es?", "de"),
        ("Worum geht es eigentlich in den Artikeln?", "de"),
        ("Was ist passiert?", "de"),
        ("Fasse bitte kurz zusammen", "de"),
        ("Fasse die Artikel zusammen.", "de"),
        ("Gib mir einen Überblick", "de"),
        ("Was sind die wichtigsten Punkte?", "de"),
        ("Zusammenfassung", "de"),
        ("What is this about?", "en"),
        ("What are the articles about?", "en"),
        ("Summarize the articles.", "en"),
        ("What happened?", "en"),
    ],
)
def test_asks_for_everything(question: str, language: Language) -> None:
    assert overview_topic(question, language) == ""


@pytest.mark.parametrize(
    ("question", "language", "topic"),
    [
        ("Welche Rolle spielt Gesine Orth dabei?", "de", "Gesine Orth"),
        ("Was weiß man über den Brand?", "de", "Brand"),
        ("Was ist in Talbrück passiert?", "de", "Talbrück"),
        ("Was schreiben die Zeitungen über „Orkan Ada“?", "de", "Orkan Ada"),
        ("Gib mir einen kurzen Überblick über die Lage in Talbrück", "de", "Lage in Talbrück"),
        ("What role does the mayor play?", "en", "mayor"),
        ("Tell me about the storm", "en", "storm"),
    ],
)
def test_asks_for_what_is_known_of_a_topic(question: str, language: Language, topic: str) -> None:
    assert overview_topic(question, language) == topic


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie viele Menschen starben?", "de"),
        ("Was sagte die Bürgermeisterin?", "de"),
        ("Was geschah am 3. September?", "de"),
        ("Was ist der Grund für den Streik?", "de"),
        ("Wer ist Gesine Orth?", "de"),
        ("What happened to the crew during the test in the old harbour?", "en"),
        ("What did the mayor say?", "en"),
        ("", "de"),
        ("?" * 500, "de"),
        ("Worum geht es " + "bei dem " * 200, "de"),
    ],
)
def test_asks_for_a_fact(question: str, language: Language) -> None:
    assert overview_topic(question, language) is None
