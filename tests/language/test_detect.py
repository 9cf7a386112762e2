from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.detect import detect_language
from rag.types import Language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wer starb?", "de"),
        ("Wie viele Häuser brannten in Hagendorf?", "de"),
        ("Was sagte Haas?", "de"),
        ("Wann tagt der Stadtrat?", "de"),
        ("Die Fähre sank vor Lindhaven.", "de"),
        ("Hat Haas gelogen?", "de"),
        ("What did Haas say?", "en"),
        ("Did the mayor die?", "en"),
        ("To die for", "en"),
        ("How many houses burned in Hagendorf?", "en"),
        ("What did Die Linke and Der Ostkurier say about the Kölner Straße?", "en"),
        ("The ferry sank off Lindhaven on Tuesday. Nobody died.", "en"),
        ("Qui a gagné la course de vélo à Lindhaven ?", "other"),
        ("¿Quién ganó la carrera de ayer?", "other"),
        ("Hoeveel mensen zijn er gisteren bij het ongeluk omgekomen?", "other"),
        ("Где встретились главы государств?", "other"),
        ("会谈在哪里举行？", "other"),
        ("Kim Jong Un", "de"),
        ("Nahm Haas an der Sitzung teil?", "de"),
        ("Brand in Lindhaven", "de"),
        ("600", "de"),
        ("", "de"),
        ("?!", "de"),
    ],
)
def test_language_of_short_texts(text: str, expected: Language) -> None:
    assert detect_language(text) == expected


def test_english_quotations_do_not_turn_a_german_article() -> None:
    text = (
        "Der Bürgermeister von Lindhaven wies die Vorwürfe zurück und sprach von einem Irrtum. "
        "„We did what we could“, sagte er auf Englisch. Die Opposition will das nicht glauben."
    )
    assert detect_language(text) == "de"


@given(st.text(max_size=60))
def test_every_text_has_a_language(text: str) -> None:
    assert detect_language(text) in ("de", "en", "other")
