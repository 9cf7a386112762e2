"""Attitudes in somebody's words: for or against, sure or in doubt, staying or leaving."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rag.compare.wordings import Wordings, split_wordings
from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_attitudes.yaml"
_STOP = re.compile(r"[,;:.!?–—]|\b(?:und|aber|doch|sondern|and|but)\b")
_NEGATED = re.compile(
    r"\b(?:nicht|kein\w*|nie|niemals|weder|kaum|niemand\w*|nichts|not|no|never|nobody|hardly|\w+n['’]t)\b"
)
_OPPOSED = 0.9


@lru_cache(maxsize=4096)
def attitudes(words: str) -> frozenset[tuple[str, int]]:
    """The topics that some words take a side on, with the side."""
    lowered = words.lower()
    found = set()
    mentions = _lexicon().mentions(lowered)
    told = lowered
    for mention in mentions:
        told = f"{told[: mention.start]}{' ' * (mention.end - mention.start)}{told[mention.end :]}"
    for mention in mentions:
        topic, _, sign = mention.group.rpartition(" ")
        side = 1 if sign == "+" else -1
        start = max((m.end() for m in _STOP.finditer(lowered, 0, mention.start)), default=0)
        stop = _STOP.search(lowered, mention.end)
        around = (
            told[start : mention.start],
            told[mention.end : stop.start() if stop else len(lowered)],
        )
        is_denied = any(_NEGATED.search(part) for part in around)
        found.add((topic, -side if is_denied else side))
    return frozenset(found)


def opposition(first: frozenset[tuple[str, int]], second: frozenset[tuple[str, int]]) -> float:
    """How sure it is that two renderings of somebody's words take opposite sides on one topic."""
    is_opposed = any((topic, -side) in second for topic, side in first)
    return _OPPOSED if is_opposed and not first & second else 0.0


@cache
def _lexicon() -> Wordings:
    return Wordings(
        (f"{topic} {sign}", wording)
        for topic, sides in _data().items()
        for sign, listed in sides.items()
        for wording in split_wordings(listed)
    )


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FILE)["attitudes"]
    return loaded
