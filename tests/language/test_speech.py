from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.speakers import speaker_key, speaker_kind
from rag.language.speech import attribution, quotations
from rag.types import Language

OWN = [
    "Die Brücke über die Lohe ist seit Montag gesperrt.",
    "Die Kosten betragen elf Millionen Euro.",
    "Das Fest fand bei Regen statt.",
    "Sie sagte ihre Reise nach Wittenau ab.",
    "Der Zoo „Arche“ schließt im Winter.",
    "Der Tunnel soll ab 2031 die Altstadt entlasten.",
    "Er tat so, als sei nichts geschehen.",
    "Im Herbst wurde der Plan bestätigt.",
    "Zwei Jugendliche meldeten sich beim Fundbüro.",
    "Nach dem Urteil gingen alle nach Hause.",
]


@pytest.mark.parametrize("text", OWN)
def test_what_the_outlet_says_itself_is_own(text: str) -> None:
    assert attribution(text, "de").kind == "own"


REPORTED = [
    ("Nach Angaben des Imkerverbands starben 40 Völker.", "des Imkerverbands", "source"),
    ("Laut Polizei blieb der Fahrer unverletzt.", "Polizei", "source"),
    ("Polizeiangaben zufolge blieb es ruhig.", "Polizei", "source"),
    ("Berichten zweier Augenzeugen zufolge brannte es.", "Berichten zweier Augenzeugen", "source"),
    ("Nach US-Einschätzung droht ein Engpass.", "US", "source"),
    ("Auslöser war nach Erkenntnissen der Polizei eine Kerze.", "der Polizei", "source"),
    ("Es seien, so der Förster, alte Spuren.", "der Förster", "source"),
    ("Der Imkerverband klagt, 40 Völker seien gestorben.", "Der Imkerverband", "verb"),
    ("Sie stahlen Gold, wie die Polizei am Abend mitteilte.", "die Polizei", "verb"),
    ("Wie das Amt am Sonntag bekannt gab, sind es 41.", "das Amt", "verb"),
    ("Das Rathaus teilte mit, die Halle bleibe zu.", "Das Rathaus", "verb"),
    ("Ein Abriss sei vom Tisch, stellte Hedda Quandt klar.", "Hedda Quandt", "verb"),
    ("Die Erbin hat am Montag bestätigt, dass sie verkauft.", "Die Erbin", "verb"),
    ("Der Weg sei trocken gewesen, heißt es bei der Polizei.", "der Polizei", "verb"),
    ("Den Schaden schätzen die Beamten auf 9.000 Euro.", "die Beamten", "verb"),
    ("Am Montag sagte Minister Ole Brandis, er bleibe.", "Minister Ole Brandis", "verb"),
    ("Er kündigte an, dass der Park wachse.", "Er", "verb"),
    ("Einmal sagt Quandt, dass sie zweifle.", "Quandt", "verb"),
    ("Die Gespräche seien weit gediehen.", None, "conjunctive"),
    ("Der Räuber soll 1,80 Meter groß sein.", None, "hearsay"),
    ("Die Ware ist angeblich gefälscht.", None, "hearsay"),
]


@pytest.mark.parametrize(("text", "speaker", "signal"), REPORTED)
def test_reported_speech_names_its_speaker(text: str, speaker: str | None, signal: str) -> None:
    found = attribution(text, "de")
    assert (found.kind, found.speaker, found.signal) == ("reported", speaker, signal)


QUOTED = [
    ("„Hier wird nicht gebaut“, sagte Bürgermeisterin Ina Stroth.", "Bürgermeisterin Ina Stroth"),
    ("„Hier wird nicht gebaut“, so der Architekt.", "der Architekt"),
    ('Am Montag erklärte der Minister: "Wir machen weiter."', "der Minister"),
    ("»Das war ein langer Tag«, sagte sie auf dem Deich.", "sie"),
    ("„Wir gehen alle nach Hause“", None),
]


@pytest.mark.parametrize(("text", "speaker"), QUOTED)
def test_direct_speech_is_quoted(text: str, speaker: str | None) -> None:
    found = attribution(text, "de")
    assert (found.kind, found.speaker) == ("quoted", speaker)


@pytest.mark.parametrize(
    ("text", "kind", "speaker"),
    [
        ("According to the ministry, 15 people died.", "reported", "the ministry"),
        ("Police said on Monday that two men were held.", "reported", "Police"),
        ("A fisherman told reporters he saw smoke.", "reported", "A fisherman"),
        ('"We will not leave this valley," said farmer Jo Lund.', "quoted", "farmer Jo Lund"),
        ("He reportedly left the island.", "reported", None),
        ("The union rejected the offer on Wednesday.", "own", None),
    ],
)
def test_english_speech_is_read(text: str, kind: str, speaker: str | None) -> None:
    found = attribution(text, "en")
    assert (found.kind, found.speaker) == (kind, speaker)


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("die Polizei", "institution"),
        ("das Gesundheitsamt", "institution"),
        ("Rektorin Ina Stroth", "person"),
        ("der Minister", "person"),
        ("die Nachrichtenagentur KTN", "media"),
        ("sie", "pronoun"),
        ("Anwohner", "unknown"),
    ],
)
def test_speakers_are_sorted_by_kind(phrase: str, kind: str) -> None:
    assert speaker_kind(phrase) == kind


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Der Imkerverband", "des Imkerverbands"),
        ("Rektorin Ina Stroth", "Stroth"),
        ("die Polizei", "der Polizei"),
    ],
)
def test_one_speaker_named_twice_has_one_key(first: str, second: str) -> None:
    assert speaker_key(first) == speaker_key(second)


@pytest.mark.parametrize(
    ("text", "inner", "is_speech"),
    [
        ("Sie rief: „Halt!“", "Halt!", True),
        ("Er sprach von einem „Weckruf“ für alle.", "Weckruf", False),
        ('Er rief "Wir bleiben alle hier" und ging.', "Wir bleiben alle hier", True),
        ("Er rief «Wir bleiben alle hier» und ging.", "Wir bleiben alle hier", True),
        ("Er rief »Wir bleiben alle hier« und ging.", "Wir bleiben alle hier", True),
        ("He cried “we are staying right here” twice.", "we are staying right here", True),
        ("Das Café „Zur alten Mühle“ öffnet.", "Zur alten Mühle", False),
    ],
)
def test_quotation_marks_of_all_styles_are_paired(text: str, inner: str, is_speech: bool) -> None:
    (found,) = quotations(text)
    assert (found.text, found.is_speech, found.is_closed) == (inner, is_speech, True)


def test_an_unclosed_quotation_reaches_to_the_end_and_says_so() -> None:
    (found,) = quotations("Sie sagte: „Wir warten noch auf den Bus")
    assert (found.text, found.is_closed) == ("Wir warten noch auf den Bus", False)


def test_words_inside_a_quotation_do_not_name_the_speaker() -> None:
    found = attribution("„Laut Polizei war es Brandis“, sagte Hedda Quandt.", "de")
    assert found.speaker == "Hedda Quandt"


PARTS = st.sampled_from(
    ["„", "“", '"', "»", "«", "”", "sagte", "Ina", "Stroth", ",", ".", "sei", "laut", "nach",
     "Angaben", "der", "Polizei", "wie", "mitteilte", "teilte", "mit", "so", "zufolge", "soll",
     "sein", "hieß", "es", "bei", "said", "according", "to", "the", "\n", "dass", "er"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14), st.sampled_from(["", " "]))
def test_offsets_point_to_the_text_whatever_is_written(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    language: Language
    for language in ("de", "en"):
        found = attribution(text, language)
        if found.speaker_start is not None and found.speaker is not None:
            assert found.speaker in text[found.speaker_start : found.speaker_end]
        for quotation in found.quotations:
            assert text[quotation.inner_start : quotation.inner_end] == quotation.text
            assert quotation.start_char <= quotation.inner_start <= quotation.inner_end
            assert quotation.inner_end <= quotation.end_char
