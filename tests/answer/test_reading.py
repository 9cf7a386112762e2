from __future__ import annotations

import pytest

from rag.answer.reading import possible_answers, read_sentence
from rag.types import AnswerKind


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("Der Turm ist 48 Meter hoch.", "number", "48"),
        ("Sie verhandelten sieben Stunden in Grauental.", "duration", "sieben Stunden"),
        ("Am 5. Februar 2021 fiel die Entscheidung.", "date", "5. Februar 2021"),
        ("Den Preis erhielt Hedda Marwitz.", "who", "Hedda Marwitz"),
        ("Das Spiel fiel aus, weil der Rasen gefroren war.", "cause", "weil"),
    ],
)
def test_a_sentence_holds_what_could_answer(sentence: str, kind: AnswerKind, expected: str) -> None:
    found = possible_answers(sentence, "de", kind)
    assert any(expected in sentence[each.start_char : each.end_char] for each in found)


@pytest.mark.parametrize("kind", ["number", "duration", "date"])
def test_a_sentence_without_figures_holds_no_figure(kind: AnswerKind) -> None:
    assert not possible_answers("Der Chor sang im Garten.", "de", kind)


def test_word_places_lie_in_the_sentence() -> None:
    sentence = "Rund 1.200 Gäste kamen am Sonntag nach Grauental."
    words = read_sentence(sentence, "de").words
    for kind in ("number", "date", "place", "who", "what"):
        for each in possible_answers(sentence, "de", kind):  # type: ignore[arg-type]
            assert 0 <= each.first <= each.last < len(words)


@pytest.mark.parametrize(
    ("sentence", "is_question", "is_complete"),
    [
        ("Kommt der Zug?", True, True),
        ("Der Zug kommt.", False, True),
        ("Alles über den Zug", False, False),
        ("„Der Zug kommt.“", False, True),
    ],
)
def test_the_shape_of_a_sentence_is_seen(
    sentence: str, is_question: bool, is_complete: bool
) -> None:
    reading = read_sentence(sentence, "de")
    assert (reading.is_question, reading.is_complete) == (is_question, is_complete)
