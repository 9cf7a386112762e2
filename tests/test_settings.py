from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.settings import load_settings, origins


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("RAG_STORE", "RAG_STORE__URL", "RAG_RETRIEVE__TOP_K"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_flags_win_over_environment_over_file_over_defaults(empty_folder, monkeypatch):
    assert load_settings().retrieve.top_k == 12
    Path("rag.toml").write_text("[retrieve]\ntop_k = 5\ncandidates = 30\n")
    assert load_settings().retrieve.top_k == 5
    monkeypatch.setenv("RAG_RETRIEVE__TOP_K", "6")
    assert load_settings().retrieve.top_k == 6
    settings = load_settings(retrieve={"top_k": 7})
    assert (settings.retrieve.top_k, settings.retrieve.candidates) == (7, 30)


def test_rag_store_is_short_for_the_folder(monkeypatch):
    monkeypatch.setenv("RAG_STORE", "somewhere")
    monkeypatch.setenv("RAG_STORE__URL", "http://127.0.0.1:8000")
    store = load_settings().store
    assert (store.path, store.url) == (Path("somewhere"), "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("RAG_RETRIEVE__TOP_K", "0", "retrieve.top_k"),
        ("RAG_RETRIEVE__TOP_K", "many", "retrieve.top_k"),
        ("RAG_RETRIEVE__TOPK", "3", "retrieve.topk"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, name, value, named):
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert named in caught.value.message
    assert "rag doctor" in caught.value.hint


def test_a_file_of_windows_editor_is_read():
    Path("rag.toml").write_text("[retrieve]\ntop_k = 5\n", encoding="utf-8-sig")
    assert load_settings().retrieve.top_k == 5


@pytest.mark.parametrize("seconds", ["inf", "nan", "1e300"])
def test_a_time_without_an_end_is_no_setting(monkeypatch, seconds):
    monkeypatch.setenv("RAG_INGEST__PARSER_SECONDS", seconds)
    with pytest.raises(UsageError, match="parser_seconds"):
        load_settings()


@pytest.mark.parametrize("content", ["[retrieve\n", "a = " + "[" * 5000])
def test_a_broken_file_is_one_clear_error(content):
    Path("rag.toml").write_text(content)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert "\n" not in caught.value.message


def test_doctor_knows_where_each_setting_comes_from(monkeypatch):
    Path("rag.toml").write_text("[retrieve]\ntop_k = 5\n")
    monkeypatch.setenv("RAG_STORE", "elsewhere")
    found = origins(load_settings(answer={"max_sentences": 2}))
    assert found["retrieve.top_k"] == (5, "rag.toml")
    assert found["store.path"] == ("elsewhere", "environment")
    assert found["answer.max_sentences"] == (2, "flag")
    assert found["retrieve.candidates"][1] == "default"
