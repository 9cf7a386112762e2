"""Loaded and neutral words for one thing, and what outlets call one person.

Two ways find them: a list of plain and loaded words, and the words that different articles put
right before a name they share („Diktator“, „Staatschef“), which no list foresees.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.compare.frame import Frame, mentions
from rag.compare.positions import quote_of
from rag.compare.texts import aspect_of, explanation
from rag.language.folding import fold
from rag.language.lexicon import read_yaml
from rag.language.names import names
from rag.types import Article, Disagreement, Evidence, Language, Position, PositionClaim

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_framing.yaml"
_MOST_CLAIMS = 3
_STRENGTH = 0.3


@dataclass(frozen=True, slots=True)
class Naming:
    """A word an article uses for something, with the sentence it stands in."""

    word: str
    article: Article
    start_char: int
    end_char: int
    is_loaded: bool


def framings(frame: Frame, evidence: Sequence[Evidence]) -> tuple[Disagreement, ...]:
    """Where the articles name what the question is about with different weight."""
    found = [_by_list(frame, evidence), _by_name(frame, evidence)]
    return tuple(item for item in found if item is not None)


@dataclass(frozen=True, slots=True)
class _Group:
    plain: re.Pattern[str]
    loaded: re.Pattern[str]
    of_persons: bool


@cache
def _groups(language: Language) -> tuple[_Group, ...]:
    loaded: dict[str, Any] = read_yaml(_FILE)
    return tuple(
        _Group(_words(group["plain"]), _words(group["loaded"]), group.get("of_persons", False))
        for group in loaded["en" if language == "en" else "de"]
    )


def _words(listed: list[str]) -> re.Pattern[str]:
    joined = "|".join(re.escape(word) for word in listed)
    return re.compile(rf"\b(?:{joined})\w{{0,3}}\b", re.IGNORECASE)


def _by_list(frame: Frame, evidence: Sequence[Evidence]) -> Disagreement | None:
    """Plain in one article, loaded in another, for a thing the question names."""
    told = [item for item in evidence if item.article.language == frame.language]
    for group in _groups(frame.language):
        asked = frame.question.text
        if group.of_persons or not (group.plain.search(asked) or group.loaded.search(asked)):
            continue
        uses = [
            naming
            for item in told
            for pattern, is_loaded in ((group.plain, False), (group.loaded, True))
            if (naming := _first_use(item, pattern, is_loaded))
        ]
        if found := _disagreement(frame, uses):
            return found
    return None


def _first_use(item: Evidence, pattern: re.Pattern[str], is_loaded: bool) -> Naming | None:
    match = pattern.search(item.quote)
    if match is None:
        return None
    return Naming(match.group(), item.article, item.start_char, item.end_char, is_loaded)


def _by_name(frame: Frame, evidence: Sequence[Evidence]) -> Disagreement | None:
    """What different articles put before the name of one person of the question, one loaded."""
    by_person: dict[str, list[Naming]] = defaultdict(list)
    called: dict[str, str] = {}
    for item in evidence:
        for name in names(item.quote, item.article.language):
            parts = [fold(part) for part in name.text.split()]
            person = next((part for part in parts if mentions(part, frame.proper)), None)
            if name.office and person:
                by_person[person].append(_office_use(item, name.office))
                called[person] = max(called.get(person, ""), name.text, key=len)
    for person in sorted(by_person):
        if found := _disagreement(frame, by_person[person], called[person]):
            return found
    return None


def _office_use(item: Evidence, office: str) -> Naming:
    is_loaded = any(
        group.loaded.search(office) for group in _groups(item.article.language) if group.of_persons
    )
    return Naming(office, item.article, item.start_char, item.end_char, is_loaded)


def _disagreement(
    frame: Frame, uses: Sequence[Naming], person: str | None = None
) -> Disagreement | None:
    by_side: dict[bool, list[Naming]] = defaultdict(list)
    loaded = {naming.article.article_id for naming in uses if naming.is_loaded}
    for naming in sorted(uses, key=lambda use: (use.article.article_id, use.start_char)):
        is_first = all(naming.article != other.article for other in by_side[naming.is_loaded])
        if is_first and (naming.is_loaded or naming.article.article_id not in loaded):
            by_side[naming.is_loaded].append(naming)
    if not by_side[True] or not by_side[False]:
        return None
    positions = tuple(_position(by_side[side][:_MOST_CLAIMS]) for side in (False, True))
    return Disagreement(
        aspect=aspect_of("framing", person, frame.language),
        kind="framing",
        status="framing",
        positions=positions,
        explanation=explanation("framing", "framing", positions, frame.language),
        strength=_STRENGTH,
    )


def _position(uses: Sequence[Naming]) -> Position:
    shown = " / ".join(dict.fromkeys(naming.word for naming in uses))
    return Position(value=shown, claims=tuple(_claim(naming) for naming in uses))


def _claim(naming: Naming) -> PositionClaim:
    return quote_of(naming.article, naming.start_char, naming.end_char)
