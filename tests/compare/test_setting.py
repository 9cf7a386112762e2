"""An answer must lie in the year, place and group the question names."""

from __future__ import annotations

from rag.compare.setting import in_question, other_occasion
from rag.compare.texts import aspect_of
from tests.compare.reading import article, frame


def test_what_men_did_does_not_answer_for_the_women() -> None:
    asked = frame("Wer gewann den Deichlauf bei den Frauen?")
    text = "Bei den Männern siegte Tom Rabe."
    assert not in_question(asked, article(text), "", text)
    text = "Bei den Frauen siegte Ada Rabe."
    assert in_question(asked, article(text), "", text)


def test_another_town_does_not_answer_and_a_local_article_without_one_does() -> None:
    asked = frame("Was kostet die Monatskarte in Brelow?")
    text = "Die Monatskarte kostet jetzt 63 Euro."
    assert in_question(asked, article(text), "", text)
    assert not in_question(asked, article("In Tolkwitz steigen die Preise. " + text), "", text)


def test_a_queen_of_wine_is_no_queen_of_hops() -> None:
    asked = frame("Wer wurde Hopfenkönigin von Adlau?")
    text = "Zur Weinkönigin von Adlau wurde Ina Loos gekrönt."
    assert not in_question(asked, article(text), "", text)


def test_occasions_are_told_apart_by_the_year_of_the_paragraph_and_the_country() -> None:
    asked = frame("Wie lange sprachen die beiden Minister miteinander?")
    old = "Im März 2021 trafen sie sich zuletzt. Damals sprachen sie fünf Stunden."
    new = "Die beiden sprachen zwei Stunden."
    found = other_occasion(
        (article(old), old[38:], 38), (article(new, "2025-05-04"), new, 0), asked
    )
    assert found == "2021 / 2025"
    here = article("In Wien haben sich die Minister getroffen. " + new, None)
    there = article("Die Minister haben sich in Rom getroffen. " + new, None)
    assert other_occasion((here, new, 43), (there, new, 43), asked)
    assert other_occasion((here, new, 43), (here, new, 43), asked) is None


def test_what_is_counted_is_named_as_an_editor_would() -> None:
    assert aspect_of("number", "Soldaten", "de", is_counted=True) == "Zahl der Soldaten"
    assert aspect_of("number", "Tote", "de", is_counted=True) == "Zahl der Toten"
    assert aspect_of("number", "soldiers", "en", is_counted=True) == "Number of soldiers"


def test_a_sentence_dated_in_another_year_does_not_answer_for_the_year_asked_about() -> None:
    asked = frame("Wie viele Tage war der Minister 2023 unterwegs?")
    text = "Im Jahr 2019 war er nur drei Tage unterwegs."
    assert not in_question(asked, article(f"2023 kam er wieder. {text}"), "", text)
    text = "Im Jahr 2023 war er neun Tage unterwegs."
    assert in_question(asked, article(text), "", text)
