"""Attitudes in somebody's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.compare import attitudes as module
from rag.compare.attitudes import attitudes, opposition

_PAIRS = [
    tuple(part.strip() for part in line.split("|"))
    for line in Path(__file__)
    .with_name("attitude_pairs.txt")
    .read_text(encoding="utf-8")
    .splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("verdict", "first", "second"), _PAIRS)
def test_two_statements_are_opposed_or_not_as_the_table_says(verdict, first, second):
    sides = attitudes(first), attitudes(second)
    assert (opposition(*sides) > 0) == (verdict == "opposed"), sides


def test_a_negation_turns_an_attitude_around_unless_it_is_part_of_it():
    assert attitudes("Das ist nicht gefährlich.") == {("safe", 1)}
    assert attitudes("Daran führt kein Weg vorbei.") == {("needed", 1)}


def test_no_wording_stands_on_both_sides_of_a_topic():
    for topic, sides in module._data().items():
        assert set(sides) == {"+", "-"}, topic
        listed = [set(module.split_wordings(side)) for side in sides.values()]
        assert not listed[0] & listed[1], topic
        assert all(wording == wording.lower() for side in listed for wording in side)
