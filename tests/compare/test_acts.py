"""Acts asked about: their other wordings, and who only a role names."""

from __future__ import annotations

import pytest

from rag.compare import acts
from rag.compare.acts import acts_asked, acts_told, names_only_doer
from rag.compare.frame import read_frame
from rag.compare.who import agents
from rag.types import Question

_ASKED_AND_TOLD = [
    ("Wer rettete den Jungen aus der Elm?", "Eine Postbotin sprang hinterher."),
    ("Wer rettete den Jungen aus der Elm?", "Sie zog das Kind ans Ufer."),
    ("Wer hat die Brauerei gekauft?", "Den Zuschlag bekam die Gruppe Fjellvik."),
    ("An wen wurde das Schloss verkauft?", "Neue Eigentümerin ist eine Stiftung."),
    ("Wer schoss das Siegtor?", "Verteidiger Pelle Grothusen köpfte den Ball ins Netz."),
    ("Wer bezahlte den Spielplatz?", "Das Geld stammt bis auf den letzten Cent vom Bürgerclub."),
    ("Wer leitet künftig die Oper?", "Der Dirigent steht ab 2026 an der Spitze des Hauses."),
    ("Wer fand den Schatz?", "Ein Schüler stieß im Wald auf den Topf."),
    ("Wer saß am Steuer?", "Gelenkt wurde der Wagen von der Tochter."),
    ("Wer gewann den Lauf?", "Als Erste überquerte eine Bäckerin die Ziellinie."),
    ("Wer erhält den Preis?", "Die Auszeichnung geht in diesem Jahr an eine Biologin."),
    ("Wer hat gegen den Windpark geklagt?", "Der Verein reichte einen Eilantrag ein."),
    ("Who bought the castle?", "The new owner is a foundation."),
    ("Wer kauft die Brauerei?", "The buyer is Norstrand."),
]


@pytest.mark.parametrize(("question", "sentence"), _ASKED_AND_TOLD)
def test_an_act_is_told_in_other_words(question, sentence):
    asked = acts_asked(question)
    tongue = "en" if question.startswith("Who") or sentence.startswith("The") else "de"
    roles = [word.lower().strip(".") for word in sentence.split()]
    assert tongue and (acts_told(sentence, asked) or any(names_only_doer(r, asked) for r in roles))


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Kinder von Ebersbrunn freuen sich auf den Sommer.",
        "Trainer Uwe Sandvoss war nach dem Abpfiff heiser.",
        "Die Polizei lobte den Einsatz.",
    ],
)
def test_what_tells_nothing_of_the_act_is_not_taken_for_it(sentence):
    for question in ("Wer rettete den Jungen?", "Wer hat das Schloss gekauft?"):
        assert not acts_told(sentence, acts_asked(question))


def test_a_role_names_nobody():
    asked = acts_asked("Wer hat das Schloss gekauft?")
    assert names_only_doer("eigentümerin", asked)
    assert not names_only_doer("hotelier", asked)


def test_the_doer_stands_behind_the_preposition_of_the_act():
    question = Question(text="Wer erhält 2025 den Rotdornpreis?", language="de")
    found = agents(
        "Nach langer Beratung der Jury geht der Rotdornpreis in diesem Jahr an Ada Wenzlow.",
        read_frame(question, "de"),
        "de",
    )
    assert found[0].names == ("Ada", "Wenzlow")


def test_every_act_has_wordings_and_they_are_lower_case():
    for name, act in acts._acts().items():
        assert set(act) <= {"told", "roles", "asked"}, name
        assert act["told"] and "roles" in act, name
        assert all(part == part.lower() for part in act.values()), name
