"""What an article tells of a name is found, though few of its sentences are analysed."""

from __future__ import annotations

import pytest

from rag.compare import roles
from rag.compare.roles import roles_of

TELLING = {
    "Am Abend sprach die Bürgermeisterin Klara Immenthal im Rathaus.": "bürgermeisterin",
    "Den Preis erhielten die Forscher Immenthal und Brandweiler.": "forscher",
    "Das teilte der Verein „Klara Immenthal“ am Montag mit.": "verein",
}


@pytest.mark.parametrize("sentence", TELLING)
def test_a_person_noun_in_one_phrase_with_a_name_is_told_of_it(sentence: str) -> None:
    assert roles_of("Immenthal", f"Es regnete. {sentence} Mehr ist nicht bekannt.", "de") == {
        TELLING[sentence]
    }


def test_in_english_nouns_are_found_though_they_have_no_capitals() -> None:
    assert roles_of("Fenwick", "It rained. The old sailor Fenwick was rescued.", "en") == {"sailor"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Immenthal sagte dem Bürgermeister ab.",
        "Der Bürgermeister, den Klara Immenthal traf, schwieg.",
        "„Wir gehen“, sagte Klara Immenthal am Abend in der alten Halle, „der Arzt bleibt“.",
    ],
)
def test_where_no_noun_stands_at_the_name_the_sentence_is_not_analysed(
    sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed: list[str] = []
    monkeypatch.setattr(roles, "phrases", lambda text, language: analysed.append(text) or ())
    assert not roles_of("Immenthal", sentence, "de")
    assert not analysed
