import pytest

from rag.errors import StoreDamagedError
from rag.index.kept_terms import all_terms, chunk_terms, sentence_terms
from rag.language.terms import terms


def test_each_sentence_of_a_chunk_has_a_line_behind_that_of_the_title(made):
    one = made.indexed("eins", "Die Fähre sank.", title="Am Kai")
    assert chunk_terms(one.article, one.chunks[0]) == [
        terms("Am Kai", "de"),
        terms("Die Fähre sank.", "de"),
    ]


@pytest.mark.parametrize(
    ("stored", "sentences", "expected"),
    [
        ("kai\nfahr sank\n", 2, ("fahr sank", "")),
        ("\nfahr", 1, ("fahr",)),
        ("kai fahr sank", 1, ()),
        ("", 1, ()),
        ("kai\nfahr\nsank", 1, ()),
    ],
)
def test_terms_by_sentence_are_told_where_there_are_as_many_lines(stored, sentences, expected):
    assert sentence_terms(stored, sentences) == expected
    assert all_terms(stored) == stored.split()


@pytest.mark.parametrize("stored", [None, b"kai\nfahr", 7])
def test_terms_that_are_no_text_are_damage(stored):
    with pytest.raises(StoreDamagedError, match="words of a chunk"):
        sentence_terms(stored, 1)
