"""Every expected failure: provoked, two lines, its exit code. Any other one: a report, no text."""

from __future__ import annotations

import importlib
import re
import socket
from functools import cache
from pathlib import Path

import pytest

import rag as package
from rag.index.lock import WriterLock
from rag.index.store import Store

SOURCE = Path(package.__path__[0])
CLASS = re.compile(r"^class (\w+)\(([\w.]+)\):", re.M)
CODES = {"UsageError": 2, "StoreError": 3, "InputError": 4, "ModelError": 5}
ROOTS = {"RagError", "StoreError"}
"""Only bases: nothing raises them."""
ARTICLE = "Der Deich bei Krummwarden ist am Montag gebrochen. Rund 40 Häuser stehen unter Wasser."


@cache
def all_errors():
    """Every class below RagError, wherever in the program; found in the source, then imported."""
    modules = {"RagError": "rag.errors"}
    classes = [
        (".".join(path.relative_to(SOURCE.parent).with_suffix("").parts), *found)
        for path in sorted(SOURCE.rglob("*.py"))
        for found in CLASS.findall(path.read_text(encoding="utf-8"))
    ]
    for _ in range(4):
        for module, name, base in classes:
            if base.split(".")[-1] in modules:
                modules[name] = module
    return {name: getattr(importlib.import_module(modules[name]), name) for name in modules}


def usage(rag, tmp_path, **_):
    return rag("ask", " ")


def missing(rag, tmp_path, **_):
    return rag("ask", "Wer?")


def empty(rag, tmp_path, made, **_):
    Store.open(tmp_path / "store", mode="write", identity=made.IDENTITY).close()
    return rag("articles")


def mismatch(rag, tmp_path, made, **_):
    Store.open(tmp_path / "store", mode="write", identity=made.IDENTITY).close()
    return rag("search", "Wer?")


def locked(rag, tmp_path, **_):
    ingest(rag, tmp_path)
    with WriterLock(tmp_path / "store"):
        return rag("ingest", str(tmp_path / "news"))


def unreachable(rag, tmp_path, monkeypatch, **_):
    monkeypatch.setenv("RAG_STORE__CATALOGUE", "postgresql://u@127.0.0.1:1/x")
    return rag("articles")


def damaged(rag, tmp_path, **_):
    ingest(rag, tmp_path)
    database = tmp_path / "store" / "catalogue.sqlite3"
    database.write_bytes(b"x" * 4096 + database.read_bytes()[4096:])
    return rag("articles")


def unreadable(rag, tmp_path, **_):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    return rag("ingest", str(tmp_path / "news"))


def no_model(rag, tmp_path, monkeypatch, **_):
    monkeypatch.undo()
    monkeypatch.setenv("RAG_EMBEDDING__MODELS_DIR", str(tmp_path / "no-models"))
    monkeypatch.setenv("RAG_STORE", str(tmp_path / "store"))
    (tmp_path / "news").mkdir()
    return rag("ingest", str(tmp_path / "news"))


def bad_prompt(rag, tmp_path, monkeypatch, **_):
    (tmp_path / "prompts" / "de").mkdir(parents=True)
    (tmp_path / "prompts" / "de" / "answer.md").write_text("no front matter")
    monkeypatch.setenv("RAG_LLM__PROMPTS_DIR", str(tmp_path / "prompts"))
    return rag("prompts", "answer")


def model_down(rag, tmp_path, monkeypatch, **_):
    ingest(rag, tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("RAG_LLM__URL", f"http://127.0.0.1:{free.getsockname()[1]}/v1")
    monkeypatch.setenv("RAG_LLM__MODEL", "m")
    monkeypatch.setenv("RAG_LLM__CONNECT_SECONDS", "0.2")
    monkeypatch.setenv("RAG_LLM__CACHE", "false")
    monkeypatch.setenv("RAG_ANSWER__MIN_CONFIDENCE", "0")
    return rag("ask", "Wann ist der Deich bei Krummwarden gebrochen?", "--no-fallback")


def ingest(rag, tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "deich.txt").write_text(ARTICLE, encoding="utf-8")
    assert rag("ingest", str(tmp_path / "news")).code == 0


NOT_OF_THE_COMMAND_LINE = {"BusyError"}
"""Shown on the page, and tested there."""
PROVOKED = {
    "UsageError": (usage, "Empty"),
    "StoreMissingError": (missing, "no index"),
    "StoreEmptyError": (empty, "no article"),
    "StoreMismatchError": (mismatch, "was made with"),
    "StoreLockedError": (locked, "is being written by process"),
    "StoreUnreachableError": (unreachable, "cannot be reached"),
    "StoreDamagedError": (damaged, "damaged"),
    "InputError": (unreadable, "PNG"),
    "ModelError": (no_model, "not prepared"),
    "PromptError": (bad_prompt, "answer"),
    "LLMFailure": (model_down, "cannot be reached"),
}


def test_every_kind_of_failure_is_provoked_here():
    assert set(all_errors()) - ROOTS - NOT_OF_THE_COMMAND_LINE == set(PROVOKED)
    raised = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    for name in ROOTS:
        assert not re.search(rf"raise {name}\(", raised), f"{name} says too little"


@pytest.mark.parametrize("name", PROVOKED)
def test_a_failure_says_what_happened_and_what_to_do(name, rag, tmp_path, made, monkeypatch):
    provoke, what = PROVOKED[name]
    said = provoke(rag, tmp_path=tmp_path, made=made, monkeypatch=monkeypatch)
    error = all_errors()[name]
    expected = next(CODES[base.__name__] for base in error.__mro__ if base.__name__ in CODES)
    assert said.code == error.exit_code == expected
    assert said.out == ""
    happened, todo = said.err.strip().splitlines()[-2:]
    assert happened.startswith("Error: ") and what in happened
    assert todo.startswith("Do: ") and len(todo) > len("Do: ") + 5
    assert "Traceback" not in said.err


SECRET = "sk-TESTKEY-4711-geheim"


def test_an_unexpected_failure_writes_a_report_without_text_of_the_user(rag, tmp_path, monkeypatch):
    ingest(rag, tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def broken(question, deps):
        raise KeyError(f"{ARTICLE} {SECRET}")

    monkeypatch.setattr("rag.pipeline.ask", broken)
    said = rag("ask", "Wer wohnt in der geheimen Straße?", "--outlet", SECRET, "--format=json")
    assert said.code == 70
    assert len(said.err.strip().splitlines()) == 2
    report = Path(re.search(r"The report is in (\S+);", said.err)[1])
    text = report.read_text(encoding="utf-8")
    assert "KeyError" in text and "rag/cli/commands/ask.py" in text
    assert "doing: rag ask --outlet --format" in text
    for private in (SECRET, "Deich", "Straße", str(tmp_path / "store")):
        assert private not in text + said.err.replace(str(report), "")
    assert report.stat().st_mode & 0o077 == 0


def test_reports_do_not_pile_up(tmp_path, monkeypatch):
    from rag.crash import write_report

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for _ in range(25):
        report = write_report(ValueError("x"), "rag")
    assert len(list(report.parent.glob("crash-*"))) == 20


def test_a_failure_without_a_writable_home_still_says_so(rag, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.crash._folders", lambda: [Path("/proc/nothing-can-be-written-here")])
    monkeypatch.setattr("rag.cli.options.load_settings", lambda **_: 1 / 0)
    said = rag("articles")
    assert said.code == 70
    assert "No report could be written" in said.err
