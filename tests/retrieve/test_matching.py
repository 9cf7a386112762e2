from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.terms import terms
from rag.retrieve.matching import chunk_terms, matcher, question_words
from rag.types import Article, Chunk, Span


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


@given(
    st.lists(
        st.text("aÄß1.,-'\u2019\u00a0%  Nord-Stream 1.500", min_size=1, max_size=12), max_size=4
    ),
    st.lists(st.sampled_from([" ", "\n", "", "-", "\u00a0", "\u2028", "\n\n "]), min_size=5),
)
def test_a_chunk_has_the_terms_of_its_text_however_its_sentences_are_cut(
    sentences: list[str], gaps: list[str]
) -> None:
    text, spans = gaps[0], []
    for sentence, gap in zip(sentences, gaps[1:], strict=False):
        spans.append(Span(start_char=len(text), end_char=len(text) + len(sentence)))
        text += sentence + gap
    article = Article(
        article_id="a", text=text, content_hash="", raw_hash="", path="", language="de"
    )
    chunk = Chunk(
        chunk_id="a:0:0",
        article_id="a",
        position=0,
        text=text,
        start_char=0,
        end_char=len(text),
        sentences=tuple(spans),
    )
    assert chunk_terms(article, chunk) == frozenset(terms(text, "de"))
