from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.terms import terms
from rag.retrieve.matching import matcher, question_words


def _coverage(question: str, text: str, *others: str) -> float:
    texts = [frozenset(terms(each, "de")) for each in (text, *others)]
    match = matcher(question_words(question, "de"), tuple(texts))
    return match.coverage(match.found(texts[0]))


def test_interrogatives_and_articles_are_no_content_words() -> None:
    words = question_words("Wer hat die Mühle gebaut?", "de").words
    assert [word.token.text for word in words] == ["Mühle", "gebaut"]


@pytest.mark.parametrize(
    ("question", "text", "least"),
    [
        ("Wie hoch ist die Mühle?", "Die Mühlen sind alt.", 0.3),
        ("Wo liegt die Hafenbehörde?", "Die Behörde liegt am Hafen.", 0.5),
        ("Wann war die Einwohnerversammlung?", "Die Einwohner kamen.", 0.2),
        ("Wann kam der Muensteraner Zug?", "Der Münsteraner Zug kam um acht.", 0.9),
    ],
)
def test_inflections_compounds_and_transcriptions_are_found(
    question: str, text: str, least: float
) -> None:
    assert _coverage(question, text) >= least


def test_a_word_no_text_holds_weighs_most() -> None:
    texts = [frozenset(terms(t, "de")) for t in ("Die Fähre fährt.", "Die Fähre ruht.")]
    match = matcher(question_words("Fährt die Fähre nach Oddernsiel?", "de"), tuple(texts))
    by_word = dict(zip((w.token.text for w in match.words), match.weights, strict=True))
    assert by_word["Oddernsiel"] > by_word["Fähre"]


def test_a_year_is_not_found_in_another_year() -> None:
    assert _coverage("1997", "Es geschah 1998.") == 0


@given(st.text(max_size=200), st.text(max_size=200))
def test_coverage_is_a_share(question: str, text: str) -> None:
    assert 0 <= _coverage(question, text) <= 1.0000001


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöü ", min_size=5, max_size=80))
def test_a_question_covers_itself(text: str) -> None:
    words = question_words(text, "de").words
    assert not words or _coverage(text, text) > 0.99
