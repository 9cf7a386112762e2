"""What is counted: the names one thing goes by, and clauses that tell how many there are anyway."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rag.compare.frame import Frame, stem_of
from rag.compare.lexicon import rules
from rag.compare.persons import is_person_noun, noun_ends_in
from rag.language.folding import fold
from rag.language.lexicon import read_yaml
from rag.language.quantities import Quantity
from rag.types import Language

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_amounts.yaml"
_SHORTEST_ENDING = 5
_ANYBODY = frozenset({"menschen", "personen", "leute", "people", "kinder", "familien"})
_WATCHING = re.compile(
    r"\b(?:watch\w*|look(?:ed)? on|zu(?:ge)?schau\w*|zusahen|zugesehen|"
    r"sahen\b[^?]*\bzu\b|verfolg\w+)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\([^()]*\)")
_CLAUSE_END = re.compile(r"[,;:–—()]|\s(?:und|and|aber|but|sowie|während|while)\s")


@cache
def amount_rules() -> dict[str, Any]:
    """The whole file; treat it as read-only."""
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded


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
    more = amount_rules()["counted_alike"]
    return tuple(
        frozenset(stem_of(fold(word)) for word in group)
        for group in (*rules()["counted_alike"], *more)
    )


def tells_stock(clause: str, frame: Frame) -> bool:
    """„Die Schule verpflegt 300 Kinder“: how many there are, not how many fell ill.

    Unless that is what the question asks.
    """
    return bool(_stock().search(clause)) and not _stock().search(frame.question.text)


def watches_not(noun: str, frame: Frame) -> bool:
    """„10.000 Soldaten“ march by: they are none of the people who watch."""
    if noun in _ANYBODY or not _WATCHING.search(frame.question.text):
        return False
    return not counted_alike(noun) & counted_alike("zuschauer")


@cache
def _stock() -> re.Pattern[str]:
    pattern: str = amount_rules()["stock_clauses"]
    return re.compile(pattern, re.IGNORECASE)


def is_counted_people(noun: str, language: Language) -> bool:
    """Whether a noun is one that people are counted under."""
    tongue: Language = "en" if language == "en" else "de"
    return noun_ends_in(noun, "people_endings", tongue) or is_person_noun(noun, tongue)


def clause_of(sentence: str, quantity: Quantity) -> tuple[int, int]:
    """The stretch between commas, dashes and conjunctions around a number.

    What stands in brackets is left out: "five others (A, B and C) were scrapped" is one clause.
    """
    plain = _BRACKETED.sub(
        lambda match: (
            match.group()
            if match.start() < quantity.end_char and quantity.start_char < match.end()
            else " " * len(match.group())
        ),
        sentence,
    )
    ends = [match.start() for match in _CLAUSE_END.finditer(plain)]
    start = max((end for end in ends if end < quantity.start_char), default=0)
    stop = min((end for end in ends if end >= quantity.end_char), default=len(sentence))
    return start, stop
