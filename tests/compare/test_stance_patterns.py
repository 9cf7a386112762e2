"""Turns of phrase are found in any case and at their place, whatever stands before them."""

from __future__ import annotations

import re

import pytest

from rag.compare.lexicon import rules
from rag.compare.stance_patterns import turns_in


def test_the_patterns_are_in_small_letters_as_the_text_is_made() -> None:
    letters = [re.sub(r"\\[A-Za-z]", "", pattern) for _, _, pattern in rules()["stances"]]
    assert letters == [text.lower() for text in letters]


@pytest.mark.parametrize("before", ["Am Ende ", "AM ENDE ", "In İzmir "])
@pytest.mark.parametrize("phrase", ["Unnötig", "unnötig", "UNNÖTIG"])
def test_a_turn_of_phrase_is_found_at_its_place_in_any_case(before: str, phrase: str) -> None:
    found = list(turns_in(f"{before}{phrase} war das."))
    assert [(turn.topic, turn.sign) for turn, _, _ in found] == [("necessity", -1)]
    assert [(start, end) for _, start, end in found] == [(len(before), len(before) + 7)]


def test_a_turn_that_begins_inside_a_word_is_found_where_no_other_is() -> None:
    found = list(turns_in("Das Nachtfahrverbot gilt."))
    assert [(turn.topic, turn.sign, start) for turn, start, _ in found] == [("permission", -1, 4)]


def test_a_point_in_a_number_ends_no_turn_of_phrase() -> None:
    assert list(turns_in("Das Verbot für 9.000 Lkw wurde aufgehoben."))
    assert not list(turns_in("Ein Verbot für uns. Neues wurde aufgehoben."))
