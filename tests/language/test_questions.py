from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.questions import answer_kind, read_question

GERMAN = [
    ("Wie viele Menschen wurden bei dem Brand in Auenfelde verletzt?", "number"),
    ("Wie hoch ist der Schaden?", "number"),
    ("Wie alt ist die neue Intendantin?", "number"),
    ("Welcher Anteil der Wähler blieb zu Hause?", "number"),
    ("Welche Summe zahlte der Verein?", "number"),
    ("Welche Geldbuße verhängte das Amtsgericht?", "number"),
    ("Welcher Schaden entstand im Sägewerk?", "number"),
    ("In welcher Nacht brannte die Scheune?", "date"),
    ("An welchem Wochenende ist das Fest?", "date"),
    ("Welcher Landtag beschloss das Gesetz?", "who"),
    ("Zahl der Verletzten in Auenfelde?", "number"),
    ("Opferzahl Grubenunglück", "number"),
    ("Weißt du, wie viele Helfer im Einsatz waren?", "number"),
    ("Ich wüsste gern, um wie viel Prozent die Mieten gestiegen sind", "number"),
    ("Was kostet eine Karte?", "number"),
    ("Wie lang ist die Brücke?", "number"),
    ("Wann beginnt das Lichterfest?", "date"),
    ("Seit wann gilt die Sperrung?", "date"),
    ("In welchem Jahr wurde die Mühle gebaut?", "date"),
    ("Um wie viel Uhr fiel der Strom aus?", "date"),
    ("Um welche Uhrzeit ging der Notruf ein?", "date"),
    ("An welchem Tag endet die Frist?", "date"),
    ("Kannst du mir sagen, wann die Fähre wieder fährt?", "date"),
    ("Wie lange dauerte die Sperrung?", "duration"),
    ("Wie viele Stunden verhandelten die Parteien?", "duration"),
    ("Dauer der Verhandlungen?", "duration"),
    ("Wo fand die Trauerfeier statt?", "place"),
    ("Auf welchem Platz sammelten sich die Demonstranten?", "place"),
    ("In welcher Stadt steht das Werk?", "place"),
    ("Woher stammt der Sänger?", "place"),
    ("Wer gewann den Lauf?", "who"),
    ("Von wem stammt der Entwurf?", "who"),
    ("Mit wem traf sich die Ministerin?", "who"),
    ("Welche Partei lehnte den Haushalt ab?", "who"),
    ("Welches Unternehmen baut die Turbinen?", "who"),
    ("Hat der Stadtrat dem Neubau zugestimmt?", "yes_no"),
    ("Plant die Reederei einen Stellenabbau?", "yes_no"),
    ("Mich interessiert, ob die Strecke gesperrt bleibt.", "yes_no"),
    ("Gibt es Verletzte?", "yes_no"),
    ("Warum wurde das Spiel abgesagt?", "cause"),
    ("Aus welchem Grund trat die Trainerin zurück?", "cause"),
    ("Was löste den Stromausfall aus?", "cause"),
    ("Was war die Ursache des Feuers?", "cause"),
    ("Wie kam es zu dem Unfall?", "cause"),
    ("Was sagte der Bürgermeister über die Umgehungsstraße?", "quote"),
    ("Wie äußerte sich die Intendantin?", "quote"),
    ("Womit verglich die Autorin den Umbau?", "quote"),
    ("Was hat der Minister den Bauern versprochen?", "quote"),
    ("Wie endete die Abstimmung?", "outcome"),
    ("Wie entschied das Gericht?", "outcome"),
    ("Was wurde aus dem verletzten Seeadler?", "outcome"),
    ("Zu welcher Strafe wurde der Fahrer verurteilt?", "outcome"),
    ("Wurde der Antrag angenommen oder abgelehnt?", "outcome"),
    ("Welche Folge der Serie lief zuerst?", "what"),
    ("Welches Fort wurde neu gebaut?", "what"),
    ("Was ist ein Bürgerentscheid?", "what"),
    ("Wie nennt man das Verfahren?", "what"),
]
ENGLISH = [
    ("How many people were hurt in the fire at Auenfelde?", "number"),
    ("What percentage of voters stayed at home?", "number"),
    ("Death toll in Auenfelde?", "number"),
    ("How far is the dam from the village?", "number"),
    ("Could you tell me when the ferry runs again?", "date"),
    ("In what year was the mill built?", "date"),
    ("How long did the talks last?", "duration"),
    ("For how many hours was the road closed?", "duration"),
    ("Where did the funeral take place?", "place"),
    ("Which city hosts the fair?", "place"),
    ("Who won the race?", "who"),
    ("What company builds the turbines?", "who"),
    ("Did the council approve the plan?", "yes_no"),
    ("Do you know whether the road stays closed?", "yes_no"),
    ("Why was the match called off?", "cause"),
    ("What caused the blackout?", "cause"),
    ("What did the mayor say about the bypass?", "quote"),
    ("How did the director describe the play?", "quote"),
    ("How did the vote end?", "outcome"),
    ("What happened to the injured eagle?", "outcome"),
    ("What court case ended the dispute?", "what"),
    ("In 2019, what did Doctor Who call his home?", "what"),
    ("When many people are arrested, what is decided first?", "what"),
]


@pytest.mark.parametrize(("question", "kind"), GERMAN)
def test_german_question_asks_for(question: str, kind: str) -> None:
    assert answer_kind(question, "de") == kind


@pytest.mark.parametrize(("question", "kind"), ENGLISH)
def test_english_question_asks_for(question: str, kind: str) -> None:
    assert answer_kind(question, "en") == kind


def test_case_and_missing_question_mark_do_not_matter() -> None:
    assert answer_kind("wie viele helfer waren im einsatz", "de") == "number"
    assert answer_kind("WANN BEGINNT DAS LICHTERFEST", "de") == "date"


def test_two_part_question_has_two_kinds() -> None:
    assert read_question("Wer gewann das Rennen und wann?", "de").kinds == ("who", "date")


def test_relative_clause_is_no_second_question() -> None:
    asked = read_question("Wer leitet die Werft, wo das Schiff entstand?", "de")
    assert asked.kinds == ("who",)


@pytest.mark.parametrize(
    ("question", "focus", "unit"),
    [
        ("Wie viele Kilometer misst die Strecke?", "kilometer", "kilometer"),
        ("Wie schwer war der Kürbis?", None, "kilogramm"),
        ("Wie viel Geld sammelte der Chor?", "geld", "euro"),
        ("Wie alt ist der Turm?", None, "jahre"),
    ],
)
def test_units_that_would_answer_are_known(question: str, focus: str | None, unit: str) -> None:
    asked = read_question(question, "de")
    assert asked.focus == focus
    assert unit in asked.units


def test_years_numbers_and_quotations_are_read() -> None:
    asked = read_question("Wer nannte 2023 die 1.500 Plätze der „Blauen Halle“ zu wenig?", "de")
    assert asked.years == (2023,)
    assert asked.numbers == ("2023", "1.500")
    assert asked.quoted == ("Blauen Halle",)


def test_alternatives_of_a_choice_are_named() -> None:
    asked = read_question("Wurde der Plan angenommen oder verworfen?", "de")
    assert asked.alternatives[1] == "verworfen"


@given(st.text(max_size=300), st.sampled_from(["de", "en", "other"]))
def test_any_text_has_a_kind(question: str, language: str) -> None:
    asked = read_question(question, language)  # type: ignore[arg-type]
    assert asked.kinds[0] == asked.kind
