"""Reads ``rag/data/compare.yaml``: the word lists and rules of comparing, as data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare.yaml"


@cache
def rules() -> dict[str, Any]:
    """The whole file; treat it as read-only."""
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded


@cache
def word_set(name: str, key: str) -> frozenset[str]:
    """One list of words, lower case."""
    listed = rules()[name][key]
    words = listed.split() if isinstance(listed, str) else listed
    return frozenset(str(word).lower() for word in words)


@cache
def patterns(name: str, key: str | None = None) -> tuple[re.Pattern[str], ...]:
    """A list of phrases, each as a pattern of whole words."""
    listed = rules()[name][key] if key else rules()[name]
    # „Stand: Montag“ is a noun; a verb is written small.
    return tuple(
        re.compile(rf"\b{re.escape(entry)}\b", 0 if entry[0].isupper() else re.IGNORECASE)
        for entry in listed
    )
