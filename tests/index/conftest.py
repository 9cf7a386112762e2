import importlib.util
from pathlib import Path

import pytest

from rag.index.store import Store


def _module(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def made():
    """The module ``made_articles``, which tests and the processes they kill share."""
    return _module("made_articles")


@pytest.fixture(scope="session")
def servers():
    """The module ``servers``: PostgreSQL and Chroma, started for a test."""
    return _module("servers")


@pytest.fixture(scope="module")
def postgres(servers):
    """A PostgreSQL server for the tests of one file."""
    started = servers.PostgresServer()
    yield started
    started.close()


@pytest.fixture
def writing(tmp_path, made):
    """Opens the test's store for writing."""
    return lambda **options: Store.open(
        tmp_path / "store", **{"mode": "write", "identity": made.IDENTITY, **options}
    )


@pytest.fixture
def reading(tmp_path, made):
    """Opens the test's store for reading."""
    return lambda **options: Store.open(
        tmp_path / "store", **{"mode": "read", "identity": made.IDENTITY, **options}
    )
