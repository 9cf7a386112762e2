import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.language.terms import _stem, query_terms, remember_terms, terms, tokens, word_terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("München", "Muenchen"),
        ("München", "MÜNCHEN"),
        ("München", "Mu\u0308nchen"),
        ("Straße", "STRASSE"),
        ("Häuser", "Haus"),
        ("die Zahl der Toten", "Tote Zahlen"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("1\u202f500", "1500"),
        ("1,5", "1.5"),
        ("03.09.", "3.9."),
        ("zwölf", "12"),
        ("elf Prozent", "11 %"),
        ("Kim Jong-un", "Kim Jong-un"),
        ("Lemkes", "Lemke’s"),
    ],
)
def test_spellings_of_one_word_share_their_terms(one, other):
    assert set(terms(one, "de")) == set(terms(other, "de"))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Opfer", "Todesopfer"),
        ("Minister", "Verteidigungsministerin"),
        ("Gericht", "Bundesverfassungsgericht"),
        ("Katastrophe", "Flutkatastrophen"),
        ("Schule", "Schuljahr"),
        ("Waffe", "Waffenruhe"),
        ("Kim Jong Un", "Kim Jong-un"),
        ("Nordstream", "Nord-Stream"),
        ("F16", "F-16"),
        ("Gipfel", "EU-Gipfel"),
        ("O’Brien", "O'Brien"),
    ],
)
def test_a_part_finds_the_whole(query, text):
    assert set(terms(query, "de")) <= set(terms(text, "de"))


def test_a_simple_word_is_not_cut():
    simple = """Urlaub Demokratie Regierung Wirtschaft Freiheit Alternative Personal Testament
    Kommunikation Journalisten Menschen Parlament Sekretär Verhandlungen Kandidaten mindestens"""
    assert {word: german_splitter().parts(fold(word)) for word in simple.split()} == {
        word: () for word in simple.split()
    }


def test_function_words_give_no_term():
    assert terms("Wer hat das nicht gesagt, und warum?", "de") == terms("gesagt", "de")
    assert terms("Who said that, and why?", "en") == terms("said", "en")


def test_a_question_in_english_finds_a_name_in_german_articles():
    assert set(terms("Biden", "de")) <= set(query_terms("Where is Biden?", "en"))


def test_function_words_of_the_question_are_no_query_terms():
    assert query_terms("How did it do?", "en") == ()


def test_terms_are_repeated_as_often_as_they_occur():
    assert terms("Hafen und Hafen", "de") == 2 * terms("Hafen", "de")


@given(st.text(max_size=200))
def test_tokens_lie_where_they_say_they_do(text):
    found = tokens(text)
    assert all(text[token.start_char : token.end_char] == token.text for token in found)
    assert all(a.end_char <= b.start_char for a, b in itertools.pairwise(found))


@given(st.text(max_size=200), st.sampled_from(["de", "en", "other"]))
@example("⑴", "de")
def test_terms_are_plain_and_never_empty(text, language):
    for term in terms(text, language):
        assert term and not any(char.isspace() or char in "\"'*:()" for char in term)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüßÄÖÜ", min_size=1, max_size=20))
def test_case_and_folding_never_matter(word):
    assert terms(word.upper(), "de") == terms(word.lower(), "de")


def test_stems_are_those_the_python_stemmer_gives():
    """Its words are half the lexicon: an index made on one machine is asked on another."""
    from snowballstemmer.english_stemmer import EnglishStemmer
    from snowballstemmer.german_stemmer import GermanStemmer

    words = sorted(german_splitter()._words)[::4]
    assert len(words) > 2000
    endings = ("", "en", "ungen", "lichkeit", "s", "ing", "ed", "ation")
    for language, python in (("de", GermanStemmer()), ("en", EnglishStemmer())):
        tried = [word + endings[at % len(endings)] for at, word in enumerate(words)]
        assert [_stem(word, language) for word in tried] == [python.stemWord(w) for w in tried]


@given(st.text("aÄß1.,-'\u2019\u00a0%² Nord-Stream 1.500 3.9.2025", max_size=40))
def test_a_token_has_the_terms_it_has_as_a_text(text):
    for token in tokens(text):
        assert word_terms(token.text, "de") == terms(token.text, "de")


def test_terms_that_were_kept_are_those_of_that_text_and_language_alone():
    remember_terms("Der Moorochse kam zurück.", "de", "moorochs moorochs kam")
    assert terms("Der Moorochse kam zurück.", "de") == ("moorochs", "moorochs", "kam")
    assert terms("Der Moorochse kam zurück.", "en")[0] == "der"
    assert terms("Der Moorochse kam.", "de") != terms("Der Moorochse kam zurück.", "de")
