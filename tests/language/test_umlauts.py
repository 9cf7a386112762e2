from __future__ import annotations

import pytest

from rag.language.umlauts import with_umlauts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            "Wofuer wurde der fruehere Praesident gelobt?",
            "Wofür wurde der frühere Präsident gelobt?",
        ),
        ("Wie heisst die groesste Bruecke?", "Wie heißt die größte Brücke?"),
        ("Was aeusserte der Aussenminister?", "Was äußerte der Außenminister?"),
        ("Wer kam aus Duesseldorf und Koeln?", "Wer kam aus Düsseldorf und Köln?"),
    ],
)
def test_umlauts_typed_as_two_letters_are_restored(typed: str, meant: str) -> None:
    assert with_umlauts(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Ist die neue Steuer in Israel aktuell?",
        "Wer traf zuerst Michael, Samuel und Goethe?",
        "Welche Quelle nennt Boeing und Venezuela?",
        "Wann kam der Bauer aus der Mauer?",
    ],
)
def test_words_that_have_the_two_letters_stay(text: str) -> None:
    assert with_umlauts(text) == text


def test_two_letters_are_a_name() -> None:
    assert with_umlauts("Wer ist Kim Ju Ae?") == "Wer ist Kim Ju Ae?"


def test_who_types_one_umlaut_means_the_others_as_typed() -> None:
    assert with_umlauts("Für wen spielt Mueller?") == "Für wen spielt Mueller?"
