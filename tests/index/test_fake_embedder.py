"""The stand-in embedder other tests rest on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.fake_embedder import HashEmbedder

TEXTS = st.lists(st.text(max_size=60), max_size=5)


@given(TEXTS)
def test_vectors_are_unit_vectors_of_any_text(texts: list[str]):
    vectors = HashEmbedder().embed_passages(texts)
    assert vectors.shape == (len(texts), 64)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_more_shared_words_mean_more_similarity():
    query, close, far, none = HashEmbedder(256).embed_passages(
        [
            "Die Fähre nach Nordholm sank",
            "Gestern sank die Fähre nach Nordholm",
            "Die Fähre fährt wieder",
            "Kaffee kostet mehr",
        ]
    )
    assert query @ close > query @ far > query @ none


def test_vectors_are_the_same_in_every_process():
    # Python's own hash is salted per process; these values must not be.
    vector = HashEmbedder().embed_queries(["Hafen"])[0]
    assert vector[:4] == pytest.approx([0.15313, -0.19007, 0.19161, -0.13928], abs=1e-4)


def test_sentences_get_the_vectors_of_their_own_words():
    text = "Der Hafen brennt. Die Wehr kam."
    embedder = HashEmbedder()
    whole, sentences = embedder.embed_with_sentences([text], [[(0, 17), (18, 31)]])
    assert np.array_equal(whole, embedder.embed_passages([text]))
    expected = embedder.embed_passages(["Der Hafen brennt.", "Die Wehr kam."])
    assert np.array_equal(sentences[0], expected)
