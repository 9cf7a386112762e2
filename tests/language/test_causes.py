from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.causes import causes
from rag.types import Language

READ = [
    ("Auslöser war nach Erkenntnissen der Polizei eine Kerze.", "eine Kerze", "strong"),
    ("Ursache ist laut Feuerwehr ein defektes Kabel.", "ein defektes Kabel", "strong"),
    ("Grund ist eine Erkältung, wie die Leitung erklärte.", "eine Erkältung", "strong"),
    ("Schuld war ein angebranntes Brot.", "ein angebranntes Brot", "strong"),
    ("Ein technischer Defekt war die Ursache.", "Ein technischer Defekt", "strong"),
    ("Weil die Sonne sie blendete, bremste sie.", "die Sonne sie blendete", "strong"),
    ("Sie gingen, weil Rauch in die Halle zog.", "Rauch in die Halle zog", "strong"),
    ("Da der Damm brach, wurde geräumt.", "der Damm brach", "strong"),
    ("Das Bad muss wegen des Lärms schließen.", "des Lärms", "strong"),
    ("Die Zahlung platzte aufgrund eines Fehlers.", "eines Fehlers", "strong"),
    ("Infolge starken Regens rutschte der Hang.", "starken Regens", "strong"),
    ("Der Brand wurde durch einen Blitz ausgelöst.", "einen Blitz", "strong"),
    ("Der Brand, ausgelöst durch einen Blitz, ist aus.", "einen Blitz", "strong"),
    ("Der Sturz ist auf Glatteis zurückzuführen.", "Glatteis", "strong"),
    ("Ein Kurzschluss führte zu dem Brand.", "Ein Kurzschluss", "strong"),
    ("Ein Kurzschluss löste den Alarm aus.", "Ein Kurzschluss", "strong"),
    ("Ein undichtes Ventil hat den Alarm ausgelöst.", "Ein undichtes Ventil", "strong"),
    ("Funken verursachten den Brand.", "Funken", "strong"),
    ("Das liegt am Frost der letzten Nächte.", "Frost der letzten Nächte", "strong"),
    ("Das geht auf einen Fehler zurück.", "einen Fehler", "strong"),
    ("Sie traten aus Protest zurück.", "Protest", "weak"),
    ("Nachdem der Strom ausfiel, hielt der Zug.", "der Strom ausfiel", "weak"),
]


@pytest.mark.parametrize(("text", "span", "strength"), READ)
def test_german_causes_are_found_without_their_marker(text: str, span: str, strength: str) -> None:
    found = causes(text, "de")
    assert (found[0].text, found[0].strength) == (span, strength)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("The club must close because of the noise.", "the noise"),
        ("It was shut because it was too loud.", "it was too loud"),
        ("The crash was caused by a burst tyre, police said.", "a burst tyre"),
        ("A faulty valve led to the alarm.", "A faulty valve"),
        ("The cause was a short circuit.", "a short circuit"),
        ("Trains stopped due to heavy snow.", "heavy snow"),
    ],
)
def test_english_causes_are_found(text: str, span: str) -> None:
    assert causes(text, "en")[0].text == span


@pytest.mark.parametrize(
    "text",
    [
        "Die Ursache ist noch unklar.",
        "Sie kommt aus Lüderau.",
        "Da ist die Mühle.",
        "Da wollten sie gewinnen.",
        "Das Dorf liegt am See.",
        "Aus gutem Hause kam er.",
        "Der Zug fährt am Montag.",
    ],
)
def test_look_alikes_name_no_cause(text: str) -> None:
    assert causes(text, "de") == ()


def test_strong_causes_come_before_weak_ones() -> None:
    text = "Nachdem es geregnet hatte, wurde wegen Glätte gesperrt."
    assert [cause.strength for cause in causes(text, "de")] == ["strong", "weak"]


PARTS = st.sampled_from(
    ["weil", "wegen", "Auslöser", "war", "eine", "Kerze", "durch", "ausgelöst", "führte", "zu",
     "Brand", "nach", "Angaben", "der", "Polizei", ",", ".", "Ursache", "die", "liegt", "am",
     "because", "of", "led", "to", "the", "auf", "zurückzuführen", "geht", "zurück", "hat"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14))
def test_offsets_point_to_the_text_and_causes_do_not_overlap(parts: list[str]) -> None:
    text = " ".join(parts)
    language: Language
    for language in ("de", "en"):
        found = sorted(causes(text, language), key=lambda cause: cause.start_char)
        for cause in found:
            assert text[cause.start_char : cause.end_char] == cause.text
            assert cause.text
        for first, second in pairwise(found):
            assert first.end_char <= second.start_char
