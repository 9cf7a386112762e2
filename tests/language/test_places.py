from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.places import Place, is_place_noun, place_relation, places
from rag.types import Language


def only(text: str, language: Language = "de") -> Place:
    found = places(text, language)
    assert len(found) == 1, [place.text for place in found]
    return found[0]


READ = [
    ("Die Bombe lag neben dem Gymnasium von Alt-Dornau.", "neben dem Gymnasium von Alt-Dornau",
     "Gymnasium", None, ("Alt-Dornau",)),
    ("Es geschah in der Gartenanlage „Abendruh“.", "in der Gartenanlage „Abendruh“",
     "Gartenanlage", "Abendruh", ()),
    ("Im Hafen von Lüderau stehen Kräne.", "Im Hafen von Lüderau", "Hafen", None, ("Lüderau",)),
    ("Er war auf dem Markt in Peking.", "auf dem Markt in Peking", "Markt", None, ("Peking",)),
    ("Kim war in Moskau.", "in Moskau", None, "Moskau", ()),
    ("Sie trafen sich im Osten Russlands.", "im Osten Russlands", "Osten", "Russlands", ()),
    ("Sie aßen im Diaoyu-Gästehaus.", "im Diaoyu-Gästehaus", "Gästehaus", "Diaoyu", ()),
    ("Hinter der Scheune brannte Stroh.", "Hinter der Scheune", "Scheune", None, ()),
    ("Er stand vor der alten Mühle.", None, None, None, ()),
    ("Am Bahnhof Rabenau hielt kein Zug.", "Am Bahnhof Rabenau", "Bahnhof", "Rabenau", ()),
    ("Nahe der Brücke fand man ihn.", "Nahe der Brücke", "Brücke", None, ()),
    ("Sie wohnt in einem kleinen Dorf bei Dornbach.", "in einem kleinen Dorf bei Dornbach",
     "Dorf", None, ("Dornbach",)),
    ("In der Turnhalle schliefen Kinder.", "In der Turnhalle", "Turnhalle", None, ()),
    ("Das geschah in diesem Jahr.", None, None, None, ()),
    ("In diesem Zusammenhang fiel sein Name.", None, None, None, ()),
    ("Neben der Breite zählt die Tiefe.", None, None, None, ()),
    ("Das steht in unseren Blögern.", None, None, None, ()),
    ("Er steht unter Druck.", None, None, None, ()),
    ("Am Montag regnete es.", None, None, None, ()),
    ("Auf Anfrage schwieg sie.", None, None, None, ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "span", "head", "proper", "within"), READ)
def test_german_places_are_read_with_noun_name_and_surroundings(
    text: str, span: str | None, head: str | None, proper: str | None, within: tuple[str, ...]
) -> None:
    if span is None:
        assert places(text, "de") == ()
        return
    found = only(text)
    assert (found.text, found.head, found.proper, found.within) == (span, head, proper, within)


@pytest.mark.parametrize(
    ("text", "span", "head", "proper"),
    [
        ("They met in Geneva.", "in Geneva", None, "Geneva"),
        ("It was found near the bridge.", "near the bridge", "bridge", None),
        ("The fire began in the kitchen.", "in the kitchen", "kitchen", None),
    ],
)
def test_english_places_are_read(
    text: str, span: str, head: str | None, proper: str | None
) -> None:
    found = only(text, "en")
    assert (found.text, found.head, found.proper) == (span, head, proper)


RELATED = [
    ("neben dem Gymnasium", "am Gymnasium", "equal"),
    ("neben dem Gymnasium von Alt-Dornau", "in der Gartenanlage „Abendruh“ in Alt-Dornau",
     "different"),
    ("auf dem Markt in Peking", "in Peking", "contained"),
    ("in Moskau", "in Moskau", "equal"),
    ("in Moskau", "in Peking", "different"),
    ("in Wostotschny", "in Wostoschny", "equal"),
    ("in Berlin", "in Deutschland", "unknown"),
    ("im Hafen von Lüderau", "im Hafen", "equal"),
    ("am Bahnhof Rabenau", "am Bahnhof Dornheim", "different"),
    ("in der Schule", "in der Turnhalle der Schule", "contained"),
    ("in der Turnhalle", "in der Scheune", "different"),
    ("in der Turnhalle", "in Lüderau", "unknown"),
    ("in der Stadt", "in der Scheune", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "expected"), RELATED)
def test_places_relate_by_noun_name_and_surroundings(left: str, right: str, expected: str) -> None:
    first, second = only(f"Es geschah {left}."), only(f"Es geschah {right}.")
    assert place_relation(first, second) == expected
    assert place_relation(second, first) == expected


@pytest.mark.parametrize(
    ("noun", "expected"),
    [("Turnhalle", True), ("Gymnasiums", True), ("Straßen", True), ("Angaben", False),
     ("Jahr", False), ("Vergleich", False)],
)  # fmt: skip
def test_nouns_of_places_are_known_inflected_and_in_compounds(noun: str, expected: bool) -> None:
    assert is_place_noun(noun, "de") is expected


PARTS = st.sampled_from(
    ["in", "im", "neben", "dem", "der", "Gymnasium", "Peking", "von", "Alt-Dornau", "„", "“",
     "Abendruh", "Osten", "Russlands", ",", ".", "near", "the", "bridge", "alte", "Halle", "am"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=12))
def test_offsets_point_to_the_text_and_a_place_equals_itself(parts: list[str]) -> None:
    text = " ".join(parts)
    language: Language
    for language in ("de", "en"):
        for place in places(text, language):
            assert text[place.start_char : place.end_char] == place.text
            assert place.head or place.proper
            assert place_relation(place, place) == "equal"
