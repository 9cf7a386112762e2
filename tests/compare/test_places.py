from __future__ import annotations

import re

import pytest

from rag.compare.place_kinds import (
    is_alike,
    is_anywhere,
    is_no_spot,
    is_spot_noun,
    may_hold,
    names_place,
    parts_apart,
    place_rules,
)
from rag.compare.where import sites
from tests.compare.reading import frame


def words(*found: str) -> frozenset[str]:
    return frozenset(found)


def listed() -> list[str]:
    rules = place_rules()
    rows = [*rules["spots"].values(), *rules["alike"], rules["anywhere"], rules["no_spots"]["de"]]
    rows += [row[column] for row in rules["parts"] for column in ("holders", "parts")]
    return [word for row in rows for word in row.split()]


def test_every_word_for_a_place_is_lower_case_and_one_word():
    assert all(re.fullmatch(r"=?[a-zäöüßé-]+", word) for word in listed())


def test_every_row_of_parts_names_holders_and_parts_that_are_not_the_same_words():
    for row in place_rules()["parts"]:
        assert set(row) == {"holders", "parts"}
        assert not set(row["holders"].split()) & set(row["parts"].split()), row


@pytest.mark.parametrize("noun", ["jagdhütte", "Rückbank", "Zahnarztpraxis", "Kurhotel"])
def test_a_compound_of_a_place_is_a_place(noun: str):
    assert is_spot_noun(noun)


@pytest.mark.parametrize(
    "noun", ["Scheck", "Reisepass", "Bleistift", "Datenbank", "Brennstoffzelle"]
)
def test_a_word_that_only_ends_like_a_place_is_none(noun: str):
    assert not is_spot_noun(noun)


def test_a_kind_of_place_holds_its_parts():
    assert may_hold(words("kirche"), words("beichtstuhl"))
    assert may_hold(words("wartezimmer"), words("hausarzt"))
    assert not may_hold(words("kirche"), words("telefonzelle"))


def test_two_parts_of_one_place_are_apart_unless_they_mean_one():
    assert parts_apart(words("beichtstuhl"), words("kirchturm"))
    assert not parts_apart(words("foyer"), words("eingangshalle"))


def test_words_for_one_kind_of_place_are_alike():
    assert is_alike(words("maisfeld"), words("acker"))
    assert not is_alike(words("krankenhaus"), words("wohnung"))


def test_what_only_stands_behind_a_preposition_of_place_is_no_spot():
    assert is_no_spot("flucht") and not is_no_spot("zuflucht")
    assert is_anywhere("unfallort") and names_place("Schauplatz") and not names_place("Vorsitz")


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Schauplatz des Gipfels ist die Hafenstadt Velmara.", "die Hafenstadt Velmara"),
        ("Der Rat entschied sich für den Schlachthof.", "für den Schlachthof"),
        ("Der Gipfel kommt nach Grimmenau.", "nach Grimmenau"),
        ("Zu Hause trafen sie sich.", "Zu Hause"),
        ("Nicht im Rathaus, sondern in der Mensa fand er statt.", "in der Mensa"),
    ],
)
def test_a_place_is_read_however_a_report_puts_it(sentence: str, place: str):
    found = sites(sentence, frame("Wo findet der Gipfel statt?"), "de")
    assert found and found[0].text == place


def test_where_somebody_comes_from_or_holds_office_is_hardly_a_place():
    asked = frame("Wo wurde der General gefasst?")
    origin = sites("Gesucht hatten ihn 70 Helfer aus vier Tälern.", asked, "de")
    assert all(site.fit < 0.5 for site in origin)
    office = sites("Der Gesuchte, einst General in Moravnien, war auf der Flucht.", asked, "de")
    assert all(site.fit < 0.5 for site in office)
