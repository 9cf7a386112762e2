"""Nouns for persons are known in all their forms, tools and places are not taken for persons."""

from __future__ import annotations

import pytest

from rag.compare.persons import is_listed_person


@pytest.mark.parametrize(
    "word",
    ["angler", "zweitklässler", "wirtin", "doktorandin", "ärztin", "zeuginnen", "hobbyangler"],
)
def test_a_noun_for_a_person_is_known_in_every_form(word: str) -> None:
    assert is_listed_person(word)


@pytest.mark.parametrize("word", ["zimmer", "keller", "taschenrechner", "feuer", "wasser", "wespe"])
def test_a_thing_that_ends_like_a_person_is_none(word: str) -> None:
    assert not is_listed_person(word)
