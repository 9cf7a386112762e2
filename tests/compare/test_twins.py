"""Two reports in the same words but for what is asked contradict each other, whatever it is."""

from __future__ import annotations

import pytest

from rag.compare.assumed import CONSEQUENCE_FIT
from rag.compare.casing import as_printed
from rag.compare.setting import in_question
from rag.compare.stretch import tokens_of
from rag.compare.twins import _is_one_phrase
from rag.compare.when import moments
from rag.compare.why import causes
from rag.types import Question
from tests.compare.reading import frame
from tests.compare.test_engine import article, compared, found_for


def conflicts(question: str, one: str, other: str) -> list[tuple[str, ...]]:
    found = compared(Question(text=question), article("a", one), article("b", other))
    return [
        tuple(sorted(position.value for position in item.positions))
        for item in found.disagreements
        if item.status == "conflict"
    ]


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        (
            "Wer gewann den Wettbewerb in Torfheim?",
            "Das Atelier Nordlicht gewann den Wettbewerb in Torfheim.",
            "Das Kontor Hagebutte gewann den Wettbewerb in Torfheim.",
            ("Atelier Nordlicht", "Kontor Hagebutte"),
        ),
        (
            "Hat die Brauerei Alberding Insolvenz beantragt?",
            "Die Brauerei Alberding in Torfheim hat einen Antrag gestellt.",
            "Die Brauerei Alberding in Torfheim hat keinen Antrag gestellt.",
            ("einen", "keinen"),
        ),
    ],
)
def test_the_stretch_in_which_equal_sentences_differ_is_the_contradiction(
    question: str, one: str, other: str, values: tuple[str, str]
) -> None:
    assert conflicts(question, one, other) == [values]


def test_a_sentence_both_articles_have_hides_no_difference() -> None:
    shared = "Das bestätigte eine Sprecherin des Gerichts in Torfheim am Mittwoch."
    found = conflicts(
        "Hat die Brauerei Alberding in Torfheim einen Antrag gestellt?",
        f"Die Brauerei Alberding in Torfheim hat einen Antrag gestellt. {shared}",
        f"Die Brauerei Alberding in Torfheim hat keinen Antrag gestellt. {shared}",
    )
    assert found == [("einen", "keinen")]


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("ein technischer Defekt", True),
        ("das Atelier Nordlicht", True),
        ("am Ufer der Lüde", True),
        ("Sieges über das Wasser im", False),
        ("begrüßt den Landrat", False),
        ("und dem Landrat", False),
    ],
)
def test_a_piece_of_several_phrases_is_held_against_nothing(words: str, is_one: bool) -> None:
    assert _is_one_phrase(tokens_of(words)) is is_one


def test_an_answer_both_articles_give_stands_before_what_they_differ_in_besides() -> None:
    shared = "Rund 800 Zuschauer sahen den Umzug durch Torfheim."
    assert not conflicts(
        "Wie viele Zuschauer sahen den Umzug durch Torfheim?",
        f"{shared} Auf dem Marktplatz von Torfheim spielten 40 Musiker.",
        f"{shared} Auf dem Marktplatz von Torfheim spielten 60 Musiker.",
    )


def test_two_spellings_of_one_name_are_no_contradiction() -> None:
    assert not conflicts(
        "Wer gewann den Wettbewerb in Torfheim?",
        "Die Architektin Lisa Hagebutte gewann den Wettbewerb in Torfheim.",
        "Die Architektin Liesa Hagebutte gewann den Wettbewerb in Torfheim.",
    )


def test_a_question_in_small_letters_gets_the_capitals_of_its_articles() -> None:
    passages, _ = found_for(
        Question(text="?"), [article("a", "Am Montag ist in Torfheim die Brücke gesperrt worden.")]
    )
    asked = Question(text="warum ist in torfheim die brücke gesperrt", language="de")
    assert as_printed(asked, passages).text == "warum ist in Torfheim die Brücke gesperrt"
    written = Question(text="Warum ist die Brücke gesperrt?", language="de")
    assert as_printed(written, passages) is written


def test_a_sister_ship_does_not_answer_for_the_ship_asked_about() -> None:
    asked = frame("Wie lange saß die „Irma II“ fest?")
    other = "Nach vier Stunden schwamm die „Lore“ wieder."
    assert not in_question(asked, article("a", other), "", other)
    own = "Nach vier Stunden schwamm die „Irma II“ wieder."
    assert in_question(asked, article("a", own), "", own)


def test_a_report_set_in_another_town_does_not_answer_though_it_mentions_the_one_asked_about() -> (
    None
):
    asked = frame("Wie schwer war der Kürbis in Torfheim?")
    text = "In Melgenow wog der Sieger 600 Kilo. " + "Es war ein schöner Tag. " * 8
    item = article("a", text + "Aus Torfheim kam niemand.")
    assert not in_question(asked, item, "", "In Melgenow wog der Sieger 600 Kilo.")


def test_what_takes_the_event_for_known_is_no_cause_of_it() -> None:
    asked = frame("Warum sank der Kutter?")
    (found,) = causes("Der gesunkene Kutter wurde nicht gehoben.", "", asked, "de")
    assert found.fit <= CONSEQUENCE_FIT


def test_nobody_is_no_answer_to_who() -> None:
    assert not conflicts(
        "Wer war mit Lore Alberding im Zug nach Torfheim?",
        "Mit ihrem Zug ist Lore Alberding am Dienstag in Torfheim angekommen.",
        "Mit ihrem Zug ist Lore Alberding nach langem Gespräch in Torfheim abgefahren.",
    )


def test_what_came_before_dates_another_event() -> None:
    asked = frame("Wann war das Treffen in Torfheim?")
    earlier = "Bereits im Juni 2024 hatten beide Länder ein Abkommen unterzeichnet."
    own = "Das Treffen war im Juni 2024."
    (dated,) = moments(earlier, asked, "de", "2025-05-20")
    (answer,) = moments(own, asked, "de", "2025-05-20")
    assert dated.fit < answer.fit / 2


def test_counting_times_and_counting_things_can_differ() -> None:
    found = conflicts(
        "Wie viele Medaillen holte das Team in Torfheim?",
        "Fünf Medaillen holte das Team bei der Regatta in Torfheim.",
        "Achtmal stand das Team bei der Regatta in Torfheim auf dem Treppchen.",
    )
    assert found == [("Achtmal", "Fünf")]


def test_two_titles_of_one_person_are_no_two_persons() -> None:
    told = "Edvin Marr hat Ostrowien am Montag mit dem Zug verlassen."
    question = "Wer hat Ostrowien verlassen?"
    assert conflicts(question, f"Machthaber {told}", f"Diktator {told}") == []
