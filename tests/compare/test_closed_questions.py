"""English questions that offer a choice, a name, a figure or a date: what each sentence answers."""

from __future__ import annotations

import pytest

from rag.compare.choice import Choice, choice
from rag.compare.frame import Frame, last_question, read_frame
from rag.compare.named import named
from rag.compare.when import moments
from rag.types import Article, Question


def frame_of(question: str) -> Frame:
    return read_frame(Question(text=question, language="en"), "en")


def article_of(text: str) -> Article:
    return Article(
        article_id="a", text=text, content_hash="h", raw_hash="r", path="p", language="en"
    )


@pytest.mark.parametrize(
    ("question", "sentence", "taken"),
    [
        ("Is Harrowby a town or a village?", "Harrowby is a market town on the Wenn.", 0),
        ("Is Harrowby a town or a village?", "The village's only school is in Mill Lane.", 1),
        ("Is Harrowby a town or a village?", "Harrowby lies on the Wenn.", None),
        ("Is Harrowby a town or a village?", "Town and village fell out over the bridge.", None),
        ("Is Lorvan a selective or non-selective agent?", "Lorvan is a nonselective agent.", 1),
        ("Is Lorvan a selective or non-selective agent?", "Lorvan is a selective agent.", 0),
    ],
)
def test_a_sentence_takes_the_alternative_it_names(
    question: str, sentence: str, taken: int | None
) -> None:
    found = choice(sentence, frame_of(question))
    assert (found.taken if isinstance(found, Choice) else None) == taken


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        (
            "Do Wenn Rovers play their home games at Mill Lane Stadium?",
            "Wenn Rovers play their home games at Mill Lane Stadium.",
            1,
        ),
        (
            "Do Wenn Rovers play their home games at Mill Lane Stadium?",
            "Wenn Rovers play their home games at Old Priory Stadium.",
            -1,
        ),
        (
            "Do Wenn Rovers play their home games at Mill Lane Stadium?",
            "Wenn Rovers were promoted at Old Priory Stadium.",
            None,
        ),
        ("Was Ada Sorrel born in Harrowby?", "Ada Sorrel was born in Lissen.", -1),
        ("Was Ada Sorrel born in Harrowby?", "Ada Sorrel grew up near Lissen.", None),
    ],
)
def test_another_name_in_the_place_of_the_one_asked_about_denies(
    question: str, sentence: str, answer: int | None
) -> None:
    found = named(sentence, frame_of(question), article_of(sentence), "en")
    assert (found.answer if found else None) == answer


@pytest.mark.parametrize(
    ("question", "kind", "focus"),
    [
        ("Were there 50 prisoners after the battle of Wenn?", "number", "prisoners"),
        ("Was the Harrowby bridge opened in 1932?", "date", None),
        ("How many live albums has the band released?", "number", "albums"),
        ("How many people in Harrowby own a boat?", "number", "people"),
        ("Was the bridge closed?", "yes_no", "was"),
    ],
)
def test_a_question_about_a_value_asks_for_that_value(
    question: str, kind: str, focus: str | None
) -> None:
    frame = frame_of(question)
    assert frame.kind == kind
    if focus:
        assert frame.focus == focus


def test_the_question_is_the_last_sentence() -> None:
    text = "Ada Sorrel (a.k.a. Ada Finch) was mayor of Harrowby. When did Ada Sorrel resign?"
    assert last_question(text) == "When did Ada Sorrel resign?"
    assert last_question("Wann kam Dr. Müller an?") == "Wann kam Dr. Müller an?"


def test_as_of_a_year_does_not_ask_for_that_year() -> None:
    assert frame_of("As of 2023, how many albums has the band released?").asked.years == ()


def test_the_date_asked_about_is_an_answer() -> None:
    frame = frame_of("Was the Harrowby bridge opened in 1932?")
    said = [
        moment.date.text
        for text in ("The bridge was opened in 1932.", "The bridge was opened in 1934.")
        for moment in moments(text, frame, "en", None)
    ]
    assert said == ["1932", "1934"]
