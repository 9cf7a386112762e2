"""Reads the word lists under ``rag/data/lexicon``; rules elsewhere name a list, never its words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent.parent / "data" / "lexicon"


@cache
def lexicon(name: str) -> Any:
    """The list ``rag/data/lexicon/<name>.json``; treat it as read-only."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def word_set(name: str, key: str) -> frozenset[str]:
    """One named list of a lexicon as a set of lower-case words."""
    return frozenset(word.lower() for word in lexicon(name)[key])


@cache
def phrases(name: str, key: str) -> tuple[tuple[str, ...], ...]:
    """One named list of a lexicon as lower-case word sequences, longest first."""
    split = {tuple(phrase.lower().split()) for phrase in lexicon(name)[key]}
    return tuple(sorted(split, key=lambda phrase: (-len(phrase), phrase)))


@cache
def lexicon_lines(name: str) -> tuple[str, ...]:
    """The lines of ``rag/data/lexicon/<name>.txt`` without comments and empty ones."""
    lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def read_yaml(path: Path) -> Any:
    """A file of ours, by libyaml where PyYAML was built with it: ten times as fast."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(path.read_text(encoding="utf-8"))
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()
