"""Reads ``rag/data/compare.yaml``: the word lists and rules of comparing, as data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare.yaml"


@cache
def rules() -> dict[str, Any]:
    """The whole file; treat it as read-only."""
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def word_set(name: str, key: str) -> frozenset[str]:
    """One list of words, lower case."""
    listed = rules()[name][key]
    words = listed.split() if isinstance(listed, str) else listed
    return frozenset(str(word).lower() for word in words)
