import importlib.util
from pathlib import Path

import pytest

from rag.index.store import Store

MADE = Path(__file__).with_name("made_articles.py")


@pytest.fixture(scope="session")
def made():
    """The module ``made_articles``, which tests and the processes they kill share."""
    spec = importlib.util.spec_from_file_location("made_articles", MADE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
