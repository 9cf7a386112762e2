"""The whole command line in this process, with a fake embedding model: no weights, no network."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.cli.main import run
from rag.index.fake_embedder import HashEmbedder

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def fake_model(monkeypatch):
    """Every command embeds with a hash of words."""
    monkeypatch.setattr("rag.index.embed.open_embedder", lambda settings, bulk: HashEmbedder())


@pytest.fixture
def rag(fake_model, capfd, monkeypatch, tmp_path):
    """Runs one command on the store of the test."""
    monkeypatch.setenv("RAG_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def go(*arguments: str) -> Said:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        return Said(code, said.out, said.err)

    return go


def module_of(path: Path):
    """A module of another test folder, which its tests and their child processes share."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made():
    """Articles with known vectors, from the tests of the index."""
    return module_of(ROOT / "tests" / "index" / "made_articles.py")
