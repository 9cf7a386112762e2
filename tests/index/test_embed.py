"""The embedders: one space whichever engine computes, and the same as sentence-transformers'."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.index import bulk_embed, packed_model, weights
from rag.index.embed import open_embedder
from rag.index.encoder import round_up
from rag.index.model_folder import write_model_folder
from rag.index.quantized import read_quantized
from rag.index.query_embed import QueryEmbedder, normalise
from rag.settings import DEFAULT_MODEL, EmbeddingSettings

pytestmark = pytest.mark.integration

TEXTS = {
    "German": "Die Fähre „Nordstern“ sank am 3. September 2025 mit 1.500 Menschen an Bord.",
    "English": "The mayor of Lindenau resigned after the bridge was closed.",
    "question": "Wie viele Menschen kamen ums Leben?",
    "one word": "Ja",
    "typography": "Größe – 1,5 Mio. € … ‚so‘ › genau",
    "ligatures and wide forms": "ﬁnden Ｗｅｔｔｅｒ ½ ²",
    "spaces": "  Die\u00a0Brücke\n\nist\t wieder\u2009offen.  ",
    "invisible characters": "Stra\u00adßen\u200bbahn\u200e fährt\ufeff nicht",
    "control characters": "Der Ha\x00fen\x07 brennt",
    "decomposed umlauts": "Die Bru\u0308cke u\u0308ber den Flu\u00df",
    "emoji": "Gewonnen 🎉 sagt sie",
    "long": "Der Rat tagte lange und beschloss am Ende nichts. " * 60,
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    weights.prepare(DEFAULT_MODEL, folder)
    yield EmbeddingSettings(models_dir=folder)
    shutil.rmtree(folder)  # half a gigabyte


@pytest.fixture(scope="module")
def bulk(settings):
    return open_embedder(settings, bulk=True)


@pytest.fixture(scope="module")
def quick(settings):
    return open_embedder(settings, bulk=False)


@pytest.fixture(scope="module")
def reference(settings):
    folder = weights.locate(settings.model, settings.models_dir)
    return bulk_embed.load_reference(folder, settings.model)


def cosines(left, right):
    return np.sum(left * right, axis=1)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_both_engines_give_a_question_the_same_vector(quick, bulk, text):
    assert cosines(quick.embed_queries([text]), bulk.embed_queries([text]))[0] >= 0.999


def test_both_engines_count_the_same_tokens(quick, reference):
    quick.embed_queries(["Hafen"])
    tokenizer = reference.tokenizer.backend_tokenizer
    tokenizer.no_truncation()
    for text in TEXTS.values():
        ours = len(tokenizer.encode("query: " + text).ids)
        assert quick._engine.token_count(normalise(text), is_query=True) == ours, text


@pytest.mark.parametrize(
    ("precision", "least"), [("fp32", 0.99999), ("bf16", 0.999), ("int8", 0.999)]
)
def test_packed_vectors_are_the_ones_of_sentence_transformers(
    settings, reference, precision, least
):
    embedder = open_embedder(settings.model_copy(update={"precision": precision}), bulk=True)
    short = [text for name, text in TEXTS.items() if name != "long"]
    for ours, prompt in ((embedder.embed_queries, "query"), (embedder.embed_passages, "passage")):
        theirs = reference.encode(short, prompt_name=prompt)
        assert cosines(ours(short), theirs).min() >= least
    assert embedder.engine == "packed"


def test_a_text_beyond_the_models_limit_counts_to_its_end(bulk):
    start = "Der Rat von Lindenau tagte ohne Ergebnis. " * 80
    one, other, same = bulk.embed_passages(
        [start + "Dann brach ein Vulkan aus. " * 30, start, start]
    )
    assert one @ other < 0.995
    assert one @ other < same @ other


def test_a_vector_does_not_depend_on_its_neighbours(bulk):
    texts = list(TEXTS.values())
    together = bulk.embed_passages(texts)
    backwards = bulk.embed_passages(texts[::-1])[::-1]
    alone = np.concatenate([bulk.embed_passages([text]) for text in texts])
    assert cosines(together, backwards).min() >= 0.9999
    assert cosines(together, alone).min() >= 0.9999
    assert np.array_equal(together, bulk.embed_passages(texts))


def test_texts_sharing_packs_are_not_mixed_up(bulk, monkeypatch):
    texts = [f"Meldung {number}: " + "Regen im Norden. " * (number % 7) for number in range(24)]
    whole = bulk.embed_passages(texts)
    monkeypatch.setattr(packed_model, "PACK_TOKENS", 70)
    assert cosines(whole, bulk.embed_passages(texts)).min() >= 0.9999


def test_vectors_are_float32_unit_vectors_of_the_stated_dimension(bulk, quick):
    for vectors in (
        bulk.embed_passages(["Hafen", "Fähre"]),
        quick.embed_queries(["Hafen", "Fähre"]),
    ):
        assert vectors.shape == (2, bulk.dimension) == (2, quick.dimension)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_vector(bulk, quick):
    for embed in (bulk.embed_passages, bulk.embed_queries, quick.embed_queries):
        assert embed([]).shape == (0, 384)
    vectors, sentences = bulk.embed_with_sentences([], [])
    assert (vectors.shape, sentences) == ((0, 384), [])


def test_sentences_are_encoded_by_themselves_and_returned_in_place(bulk):
    texts = ["Kurz. Die Fähre sank vor Nordholm.", "Ohne Satz", "Nur einer."]
    spans = [[(0, 5), (6, 34)], [], [(0, 10)]]
    vectors, sentences = bulk.embed_with_sentences(texts, spans)
    assert cosines(vectors, bulk.embed_passages(texts)).min() >= 0.9999
    assert [len(own) for own in sentences] == [2, 0, 1]
    alone = bulk.embed_passages(["Kurz.", "Die Fähre sank vor Nordholm.", "Nur einer."])
    assert cosines(np.concatenate(sentences), alone).min() >= 0.9999


def test_pooled_sentences_follow_their_own_words_within_the_text(bulk):
    first, second = "Der Hafen von Nordholm brennt.", "Die Zinsen steigen im Herbst."
    text = f"{first} {second}"
    spans = [
        (0, len(first)),
        (len(first) + 1, len(text)),
        (0, len(text)),
        (len(first), len(first) + 1),
    ]
    vectors, (pooled,) = bulk.embed_with_pooled_sentences([text], [spans])
    fire, interest = bulk.embed_queries(["Was brennt?", "Was machen die Zinsen?"])
    assert pooled[0] @ fire > pooled[1] @ fire
    assert pooled[1] @ interest > pooled[0] @ interest
    assert pooled[2] @ vectors[0] >= 0.98  # all words, without the prompt
    assert pooled[3] @ vectors[0] >= 0.9999  # only a space: the text's own vector


def test_a_model_that_was_let_go_of_comes_back_with_the_next_text(settings):
    embedder = open_embedder(settings, bulk=True)
    before = embedder.embed_passages([TEXTS["German"]])
    embedder.release()
    assert np.array_equal(before, embedder.embed_passages([TEXTS["German"]]))


def test_progress_rises_to_the_number_of_texts(bulk, monkeypatch):
    monkeypatch.setattr(packed_model, "PACK_TOKENS", 64)
    steps = []
    bulk.embed_passages(["Regen im Norden."] * 50, lambda *step: steps.append(step))
    done = [step[0] for step in steps]
    assert len(steps) > 3
    assert done == sorted(done)
    assert steps[-1] == (50, 50)


def test_both_embedders_have_one_fingerprint_that_follows_prompts_and_not_precision(settings):
    def fingerprint(bulk=True, **changes):
        return open_embedder(settings.model_copy(update=changes), bulk=bulk).fingerprint

    assert fingerprint() == fingerprint(bulk=False) == fingerprint(precision="fp32")
    assert fingerprint() == fingerprint(precision="int8")
    assert (
        len({fingerprint(), fingerprint(query_prompt="q: "), fingerprint(passage_prompt="")}) == 3
    )


def test_a_prompt_of_the_users_reaches_the_vector(settings, bulk):
    changed = settings.model_copy(update={"query_prompt": "Frage: "})
    asked = open_embedder(changed, bulk=False).embed_queries(["Was brennt?"])
    unprompted = open_embedder(settings.model_copy(update={"query_prompt": ""}), bulk=True)
    expected = unprompted.embed_queries(["Frage: Was brennt?"])
    assert cosines(asked, expected)[0] >= 0.9999
    assert cosines(asked, bulk.embed_queries(["Was brennt?"]))[0] < 0.999


def test_a_question_hands_passages_over_to_the_bulk_embedder(quick, bulk):
    texts = [TEXTS["German"], TEXTS["English"]]
    assert np.array_equal(quick.embed_passages(texts), bulk.embed_passages(texts))


def test_vectors_that_are_not_numbers_are_an_error(settings, monkeypatch):
    embedder = open_embedder(settings, bulk=True)
    embedder.embed_passages(["Hafen"])
    broken = np.full((1, 384), np.nan, dtype=np.float32)
    monkeypatch.setattr(embedder._packed, "embed", lambda *arguments: broken)
    with pytest.raises(ModelError, match="not numbers"):
        embedder.embed_passages(["Hafen"])


def test_a_packed_pass_that_disagrees_is_not_used(settings, monkeypatch, bulk):
    monkeypatch.setattr(bulk_embed, "_AGREEMENT", 1.1)
    embedder = open_embedder(settings, bulk=True)
    text = [TEXTS["German"]]
    assert cosines(embedder.embed_passages(text), bulk.embed_passages(text))[0] >= 0.999
    assert embedder.engine == "sentence-transformers"
    vectors, sentences = embedder.embed_with_sentences(text, [[(0, 9)]])
    assert (vectors.shape, sentences[0].shape) == ((1, 384), (1, 384))
    with pytest.raises(ModelError, match="token states"):
        embedder.embed_with_pooled_sentences(text, [[(0, 9)]])


def test_bulk_embedding_without_a_prepared_model_says_what_to_do(tmp_path):
    with pytest.raises(ModelError) as caught:
        open_embedder(EmbeddingSettings(models_dir=tmp_path), bulk=True)
    assert "rag models prepare" in caught.value.hint


@pytest.fixture
def tiny_folder(tmp_path):
    path = Path(__file__).with_name("tiny_model.py")
    spec = importlib.util.spec_from_file_location("tiny_model", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_model_folder(read_quantized(module.write_weights()[0]), folder, lambda *step: None)
    return folder


@pytest.mark.parametrize("bulk", [True, False])
def test_any_sentence_transformers_folder_works_with_its_own_prompts(tiny_folder, bulk):
    (tiny_folder / "config_sentence_transformers.json").write_text(
        '{"prompts": {"query": "Hafen ", "document": ""}}'
    )
    embedder = open_embedder(EmbeddingSettings(model=str(tiny_folder)), bulk=bulk)
    assert not isinstance(embedder, QueryEmbedder)
    assert embedder.dimension == 32
    asked, stated = embedder.embed_queries(["brennt"]), embedder.embed_passages(["Hafen brennt"])
    assert cosines(asked, stated)[0] >= 0.9999


def test_a_folder_that_does_not_load_is_an_expected_failure(tiny_folder):
    (tiny_folder / "config.json").write_text("{}")
    embedder = open_embedder(EmbeddingSettings(model=str(tiny_folder)), bulk=True)
    with pytest.raises(ModelError, match="does not load"):
        embedder.embed_passages(["Hafen"])


def test_a_cold_question_imports_neither_torch_nor_transformers(settings):
    script = (
        "import sys\n"
        "from rag.index.embed import open_embedder\n"
        "from rag.settings import EmbeddingSettings\n"
        "open_embedder(EmbeddingSettings(), bulk=False).embed_queries(['Was brennt?'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'tokenizers'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    environment = os.environ | {"RAG_EMBEDDING__MODELS_DIR": str(settings.models_dir)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_rows_are_rounded_up_to_few_numbers_at_little_cost():
    rounded = [round_up(rows) for rows in range(1, 8193)]
    assert len(set(rounded)) < 50
    assert all(rows <= up <= max(16, rows * 1.25) for rows, up in enumerate(rounded, start=1))
    assert round_up(packed_model.PACK_TOKENS) == packed_model.PACK_TOKENS
