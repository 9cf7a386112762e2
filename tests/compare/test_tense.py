"""A question about what is to come is not answered by the day something was decided."""

from __future__ import annotations

import pytest

from rag.compare.frame import read_frame
from rag.compare.tense import asks_what_is_to_come, tells_what_was
from rag.compare.when import moments
from rag.types import Question

QUESTION = "Wann beginnt der Prozess gegen den Kämmerer von Immerode?"


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Wann fällt das Urteil?",
        "Wann soll die Brücke fertig sein?",
        "Wann wird die Schule eröffnet?",
        "Wann treten die Minister zurück?",
        "Wann hat die Oper Premiere?",
    ],
)
def test_present_and_modal_verbs_ask_for_what_is_to_come(question):
    assert asks_what_is_to_come(question, "de")


@pytest.mark.parametrize(
    "question",
    [
        "Wann startete die Regatta?",
        "Wann brach der Deich?",
        "Wann hielt sie die Rede?",
        "Wann wurde die Schule eröffnet?",
        "Wann hat das Gericht entschieden?",
        "Aus welchem Jahr stammt die Glocke?",
        "Seit wann gilt die Sperrung?",
        "Wann ist der Deich gebrochen?",
    ],
)
def test_past_forms_do_not(question):
    assert not asks_what_is_to_come(question, "de")


@pytest.mark.parametrize(
    ("sentence", "is_past"),
    [
        ("Das Landgericht ließ am Mittwoch die Anklage zu.", True),
        ("Am Mittwoch hat die Verteidigung gesprochen.", True),
        ("Das Gericht wurde am Mittwoch geräumt.", True),
        ("Los geht es am Mittwoch in Saal 12.", False),
        ("Am Mittwoch soll das Urteil fallen.", False),
        ("Die Sprengung ist für Mittwoch angesetzt.", False),
    ],
)
def test_a_sentence_whose_verbs_are_all_past_tells_what_was(sentence, is_past):
    assert tells_what_was(sentence, "de") is is_past


def test_the_day_of_a_decision_fits_less_than_the_day_it_sets():
    frame = read_frame(Question(text=QUESTION, language="de"), "de")

    def fit(sentence: str) -> float:
        return moments(sentence, frame, "de", "2024-08-29")[0].fit

    decided = fit("Das Landgericht ließ am Mittwoch die Anklage gegen den Kämmerer zu.")
    assert decided < fit("Der Prozess gegen den Kämmerer beginnt am Mittwoch.")
    assert fit("Das Gericht setzte den Auftakt auf den 11. Dezember fest.") > decided


def test_a_day_without_a_year_that_is_long_past_may_be_that_of_the_year_to_come():
    frame = read_frame(Question(text="Ab wann fahren wieder Züge?", language="de"), "de")
    text = "Die Bahnstrecke wird am 14. Dezember wieder in Betrieb genommen."
    assert moments(text, frame, "de", "2025-04-09")[0].fit > 0.8


def test_an_era_dates_what_is_asked_for_its_age_and_nothing_else():
    text = "Die Halle entstand nach dem Ende des Zweiten Weltkriegs."

    def found(question: str) -> int:
        frame = read_frame(Question(text=question, language="de"), "de")
        return len(moments(text, frame, "de", "2025-09-04"))

    assert found("Wann besuchte Kim die Halle?") == 0
    assert found("Wann entstand die Halle?") == 1
