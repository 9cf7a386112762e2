"""Questions for one of a closed kind („Welche Sportart …?", "What nationality …?").

What is of the kind is listed (``rag/data/compare_members.yaml``), so a sentence answers with what
it names of the list, and two that name different things of it differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rag.compare.frame import Frame, mentions, word_bag
from rag.compare.verdict import Relation
from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_members.yaml"
_ASKS = r"\b(?:what|which|whose|welche[rsnm]?|was)\b"
_REACH = 6
_FIT = 0.85
_ENDING = "(?:s|e|n|en|er|es|em)?"
_SHORTEST_INFLECTED = 4


@dataclass(frozen=True, slots=True)
class Member:
    """What a sentence names of the kind asked for; ``rows`` are the things of its list."""

    kind: str
    rows: frozenset[int]
    start_char: int
    end_char: int
    fit: float


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    is_shared: bool
    entries: dict[str, int]
    pattern: re.Pattern[str]
    within: frozenset[tuple[int, int]]


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded


@cache
def kinds() -> dict[str, _Kind]:
    """The kinds by name."""
    return {name: _kind(name, raw) for name, raw in _data().items()}


def _kind(name: str, raw: dict[str, Any]) -> _Kind:
    entries: dict[str, int] = {}
    for row, line in enumerate(str(raw["rows"]).strip().splitlines()):
        for entry in line.split(","):
            entries.setdefault(entry.strip().lower(), row)
    longest_first = sorted(entries, key=lambda entry: (-len(entry), entry))
    inflected = (
        re.escape(entry) + (_ENDING if len(entry) >= _SHORTEST_INFLECTED else "")
        for entry in longest_first
    )
    return _Kind(
        name=name,
        is_shared=bool(raw.get("shared")),
        entries=entries,
        pattern=re.compile(rf"(?<![\w-])(?:{'|'.join(inflected)})(?!\w)", re.IGNORECASE),
        within=frozenset(
            (entries[whole], entries[part])
            for whole in entries
            for part in entries
            if entries[whole] != entries[part] and f" {part} " in f" {whole} "
        ),
    )


@cache
def _asking() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (
            name,
            re.compile(
                rf"{_ASKS}(?:\W+[\w’'-]+){{0,{_REACH}}}?\W+(?:{'|'.join(raw['asked'])})\b",
                re.IGNORECASE,
            ),
        )
        for name, raw in _data().items()
    )


@lru_cache(maxsize=512)
def kind_asked(frame: Frame) -> str | None:
    """The kind a question asks for, ``None`` where it asks for none of those listed."""
    if frame.kind != "what":
        return None
    found = [
        (match.end(), name)
        for name, pattern in _asking()
        if (match := pattern.search(frame.question.text))
    ]
    return min(found)[1] if found else None


def member(sentence: str, before: str, frame: Frame) -> Member | None:
    """What a sentence on the question's subject names of the kind asked for."""
    name = kind_asked(frame)
    if name is None:
        return None
    bag = word_bag(f"{before} {sentence}")
    if frame.names and not any(mentions(subject, bag) for subject in frame.names):
        return None
    kind = kinds()[name]
    found = [
        (row, match.start(), match.end())
        for match in kind.pattern.finditer(sentence)
        if (row := _row(kind, match.group())) is not None
        and row not in _named_in(name, frame.question.text)
    ]
    if not found:
        return None
    rows = frozenset(row for row, _, _ in found)
    return Member(name, rows, found[0][1], found[0][2], _FIT)


def _row(kind: _Kind, written: str) -> int | None:
    """The thing of a word in any ending."""
    word = written.lower()
    for cut in range(3):
        row = kind.entries.get(word[: len(word) - cut])
        if row is not None:
            return row
    return None


@lru_cache(maxsize=512)
def _named_in(name: str, text: str) -> frozenset[int]:
    kind = kinds()[name]
    rows = (_row(kind, match.group()) for match in kind.pattern.finditer(text))
    return frozenset(row for row in rows if row is not None)


def member_relation(first: Member, second: Member, first_text: str, second_text: str) -> Relation:
    """Whether two answers exclude each other: what one names, the other text may name elsewhere."""
    if first.kind != second.kind:
        return "unknown"
    if first.rows & second.rows:
        return "same"
    kind = kinds()[first.kind]
    if any(
        (one, other) in kind.within or (other, one) in kind.within
        for one in first.rows
        for other in second.rows
    ):
        return "compatible"
    crossing = first.rows & _named_in(kind.name, second_text) or second.rows & _named_in(
        kind.name, first_text
    )
    return "compatible" if crossing else "different"


def is_shared(name: str) -> bool:
    """Whether one may well have several things of a kind: a profession, an instrument."""
    return kinds()[name].is_shared
