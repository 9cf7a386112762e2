"""A word is found in a text under each of its forms, and as fast as a set allows."""

from hypothesis import given
from hypothesis import strategies as st

from rag.compare.frame import mentions, stem_of

WORDS = st.text(alphabet="abenrs", min_size=1, max_size=20)


def plainly(term, words):
    """The definition, word by word."""
    stem = stem_of(term)
    if term in words:
        return True
    return len(stem) >= 4 and any(
        (other.startswith(stem) and len(other) - len(stem) <= 12)
        or (len(stem) >= 5 and stem in other)
        or (len(stem_of(other)) >= 5 and stem_of(other) in stem)
        for other in words
    )


@given(WORDS, st.frozensets(WORDS, max_size=6))
def test_a_word_is_mentioned_under_each_of_its_forms(term, words):
    assert mentions(term, words) == plainly(term, words)
