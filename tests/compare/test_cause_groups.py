"""Groups of causes: what two wordings have to do with each other, and the form of the lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rag.compare import cause_groups
from rag.compare.cause_groups import groups_in, likeness

_PAIRS = [
    tuple(part.strip() for part in line.split("|"))
    for line in Path(__file__).with_name("cause_pairs.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
_DATA = yaml.safe_load(cause_groups._FILE.read_text(encoding="utf-8"))
_NAMES = set(_DATA["groups"]) | set(_DATA["kinds"])


@pytest.mark.parametrize(("verdict", "first", "second"), _PAIRS)
def test_two_wordings_of_causes_relate_as_the_table_says(verdict, first, second):
    found = [groups_in(text) for text in (first, second)]
    assert likeness(*found) == verdict
    assert likeness(*reversed(found)) == verdict


def test_what_is_only_suspected_is_no_cause():
    assert not groups_in("Die Polizei prüft, ob es Brandstiftung war.").held
    assert not groups_in("Ein technischer Defekt ist nicht auszuschließen.").held


def test_what_the_question_names_is_to_be_explained():
    asked = "Warum fiel in Lodenberg der Strom aus?"
    assert not groups_in("Der Stromausfall dauerte drei Stunden.", asked).held


def test_a_missing_thing_is_the_cause_where_it_harms_by_being_missing():
    assert "bolts" in groups_in("Die Bolzen wurden nicht eingesetzt.").held
    assert "oxygen" in groups_in("Es war kein Sauerstoff mehr im Wasser.").held


def test_a_longer_wording_takes_the_place_of_the_shorter_inside_it():
    assert groups_in("Der Wind war eingeschlafen.").held == {"calm"}


@pytest.mark.parametrize("listed", ["mechanisms", "lacking"])
def test_lists_of_groups_hold_known_ones(listed):
    assert set(_DATA[listed].split()) <= _NAMES


def test_kinds_and_circles_hold_known_groups():
    assert all(set(kind["covers"].split()) <= _NAMES for kind in _DATA["kinds"].values())
    assert all(set(circle) <= _NAMES for circle in _DATA["together"])


def test_no_wording_stands_in_two_groups_that_are_told_apart():
    owners: dict[str, set[str]] = {}
    for group, wording in cause_groups._wordings():
        owners.setdefault(wording, set()).add(group)
    apart = {
        wording: groups
        for wording, groups in owners.items()
        for one in groups
        for other in groups
        if one < other and not cause_groups._related(one, other)
    }
    assert not apart


def test_wordings_are_lower_case_and_say_something():
    for group, wording in cause_groups._wordings():
        assert wording == wording.lower(), group
        assert len(wording.replace("*", "")) >= 2, group
