"""What is counted: the names one thing goes by, and clauses that tell how many there are anyway."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

from rag.compare.frame import Frame, stem_of
from rag.compare.lexicon import rules
from rag.language.folding import fold

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_amounts.yaml"
_SHORTEST_ENDING = 5


@lru_cache(maxsize=4096)
def counted_alike(noun: str) -> frozenset[int]:
    """The groups of words for the same things that a folded noun is in, or ends with one of."""
    stem = stem_of(noun)
    return frozenset(
        number
        for number, group in enumerate(_groups())
        if any(
            stem == word or (len(word) >= _SHORTEST_ENDING and stem.endswith(word))
            for word in group
        )
    )


@cache
def _groups() -> tuple[frozenset[str], ...]:
    more = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["counted_alike"]
    return tuple(
        frozenset(stem_of(fold(word)) for word in group)
        for group in (*rules()["counted_alike"], *more)
    )


def tells_stock(clause: str, frame: Frame) -> bool:
    """„Die Schule verpflegt 300 Kinder“: how many there are, not how many fell ill.

    Unless that is what the question asks.
    """
    return bool(_stock().search(clause)) and not _stock().search(frame.question.text)


@cache
def _stock() -> re.Pattern[str]:
    pattern: str = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["stock_clauses"]
    return re.compile(pattern, re.IGNORECASE)
