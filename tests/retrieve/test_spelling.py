from __future__ import annotations

from collections.abc import Collection

import pytest

from rag.language.terms import terms
from rag.retrieve.spelling import as_meant
from rag.types import Question

ARTICLE = (
    "Nordkorea hat Soldaten nach Russland geschickt. Der Präsident reist heute nach Hamburg und "
    "erwartet dort neue Verhandlungen."
)


class _Words:
    """The vocabulary of one text."""

    def known_terms(self, terms: Collection[str]) -> frozenset[str]:
        return frozenset(terms) & _HELD


_HELD = frozenset(terms(ARTICLE, "de"))


def _meant(text: str) -> str:
    return as_meant(Question(text=text), _Words())[0].text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Wie viele Soldaetn schickte Nordkroea?", "Wie viele Soldaten schickte Nordkorea?"),
        ("Welhce Stadt ist Hambrug?", "Welche Stadt ist Hamburg?"),
        ("Wohin reist der Praesidnet?", "Wohin reist der Präsident?"),
    ],
)
def test_letters_that_changed_places_are_put_back(typed: str, meant: str) -> None:
    assert _meant(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Wohin reiste der Präsident?",
        "Was sagte Bundeskanzler Scholz über Brandenburg?",
        "Wer verhandelte?",
        "Wer?",
        "",
    ],
)
def test_words_the_articles_do_not_have_stay(text: str) -> None:
    assert _meant(text) == text


def test_a_changed_question_keeps_what_was_typed_and_says_so() -> None:
    question, notes = as_meant(Question(text="Wo liegt Hambrug?"), _Words())
    assert question.original == "Wo liegt Hambrug?"
    assert notes == ("Read as: Wo liegt Hamburg?",)


def test_a_word_as_long_as_a_page_is_left_as_it_is() -> None:
    """Each two of its letters could have changed places: that was a minute of work."""
    typed = "Wie viele " + "Donaudampfschiffahrts" * 4000 + "?"
    assert _meant(typed) == typed
