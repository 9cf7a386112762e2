"""Kept vectors are the model's, and spare it the work."""

from __future__ import annotations

import numpy as np

from evals.kept_vectors import KeptVectors
from rag.index.fake_embedder import HashEmbedder

TEXTS = ["Der Hafen brennt. Niemand starb.", "Kurse steigen."]
SPANS = [[(0, 17), (18, 32)], []]


class Counting(HashEmbedder):
    seen = 0

    def embed_passages(self, texts, progress=None):
        self.seen += len(texts)
        return super().embed_passages(texts, progress)


def test_vectors_are_the_models_and_made_once(tmp_path):
    model = Counting()
    kept = KeptVectors(model, tmp_path / "kept.db")
    first = kept.embed_with_sentences(TEXTS, SPANS)
    assert model.seen == 4
    again = KeptVectors(model, tmp_path / "kept.db").embed_with_sentences(TEXTS, SPANS)
    assert model.seen == 4
    plain = HashEmbedder().embed_with_sentences(TEXTS, SPANS)
    for found in (first, again):
        assert np.allclose(found[0], plain[0])
        assert all(np.allclose(a, b) for a, b in zip(found[1], plain[1], strict=True))
        assert [len(each) for each in found[1]] == [2, 0]


def test_another_model_has_vectors_of_its_own(tmp_path):
    KeptVectors(HashEmbedder(), tmp_path / "kept.db").embed_passages(TEXTS)
    other = KeptVectors(HashEmbedder(dimension=32), tmp_path / "kept.db").embed_passages(TEXTS)
    assert other.shape == (2, 32)
