"""Questions for one of a closed kind: sport, nationality, instrument."""

from __future__ import annotations

import pytest

from rag.compare.frame import Frame, read_frame
from rag.compare.member import kind_asked, kinds, member
from rag.compare.pairs import compare_sentences
from rag.compare.verdict import Verdict
from rag.types import Language, Question


def frame_of(question: str, language: Language = "en") -> Frame:
    return read_frame(Question(text=question, language=language), language)


def verdict(question: str, first: str, second: str) -> Verdict:
    asked = Question(text=question, language="en")
    return compare_sentences(first, second, asked, languages=("en", "en"))


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("What sport does Ada Sorrel play?", "en", "sport"),
        ("What is the nationality of Ada Sorrel?", "en", "nationality"),
        ("What is Ada Sorrel's profession?", "en", "profession"),
        ("Welche Sportart betreibt Ada Sorrel?", "de", "sport"),
        ("What did Ada Sorrel say?", "en", None),
    ],
)
def test_the_noun_asked_for_tells_the_kind(
    question: str, language: Language, kind: str | None
) -> None:
    assert kind_asked(frame_of(question, language)) == kind


def test_a_sentence_about_somebody_else_answers_nothing() -> None:
    frame = frame_of("What sport does Ada Sorrel play?")
    assert member("Ludo Marr is a cricketer.", "He lives in Lissen.", frame) is None


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("Ada Sorrel is a cricketer.", "Ada Sorrel plays basketball.", "different"),
        ("Ada Sorrel is a footballer.", "Ada Sorrel plays soccer.", "same"),
        ("Ada Sorrel plays hockey.", "Ada Sorrel plays ice hockey.", "same"),
        ("Ada Sorrel plays football.", "Ada Sorrel plays American football.", "compatible"),
        ("Ada Sorrel plays golf and tennis.", "Ada Sorrel plays tennis.", "same"),
    ],
)
def test_two_things_of_one_kind_differ_unless_one_holds_the_other(
    first: str, second: str, relation: str
) -> None:
    assert verdict("What sport does Ada Sorrel play?", first, second).relation == relation


def test_two_professions_need_not_exclude_each_other() -> None:
    question = "What was the profession of Ludo Marr?"
    found = verdict(question, "Ludo Marr was a lawyer.", "Ludo Marr was a painter.")
    assert found.relation == "different"
    assert found.confidence <= 0.5


def test_no_kind_lists_an_entry_in_two_rows() -> None:
    for kind in kinds().values():
        assert len(kind.entries) == len(set(kind.entries)), kind.name
        assert all(entry == entry.strip().lower() and entry for entry in kind.entries)
