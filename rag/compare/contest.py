"""Who of two sides won: the one asked about, or the other."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rag.compare.frame import Frame, mentions
from rag.compare.lexicon import rules
from rag.compare.subject import clause_at
from rag.language.folding import fold
from rag.language.polarity import OutcomeMention

_AGAINST = re.compile(r"\b(?:gegen|bei|beim|against|to|at)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_OPPOSING = re.compile(r"\b(?:gegen|against)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:zwischen|between)\b.+\b(?:und|and)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_OVERCOMING = frozenset(
    ["besiegen", "bezwingen", "deklassieren", "niederringen", "schlagen", "abfertigen", "beat"]
)
_PRONOUN = re.compile(r"\b(?:sie|er|es|wir|they|he|she)\b", re.IGNORECASE)
_CONTESTS = frozenset({"win", "success", "qualify", "lawsuit"})
_BEHIND = re.compile(
    r"\b(?:in|im|bei|beim|gegen|aus|von|vom|über|zu|zum|to|at|against|from|of)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_BY_PARTY = re.compile(
    r"gewinn|gewann|gewonnen|sieg|unterl[aie]g|verl(?:ie|o)r|scheiter|recht|erfolg|blitz|leer",
    re.IGNORECASE,
)
_OBLIQUE = re.compile(r"\b(?:den|dem)\s+(?:\w+\s+)?$", re.IGNORECASE)
_VISITED = re.compile(r"\bin\s+$", re.IGNORECASE)
_MATCH = re.compile(r"spiel|partie|duell|begegnung", re.IGNORECASE)


def turned(text: str, mention: OutcomeMention, frame: Frame | None) -> int:
    """-1 where the winner is the other party: "verlor gegen Seeheim", "die Gegner siegten"."""
    if mention.topic not in _CONTESTS:
        return 1
    told = text[: mention.end_char].lower()
    if mention.topic in ("win", "success") and any(word in told for word in rules()["opponents"]):
        return -1
    if frame is None:
        return 1
    opponents = _opponents(frame)
    start, end = clause_at(text, mention.start_char)
    if mention.topic == "lawsuit" and not _BY_PARTY.search(mention.text):
        return 1
    own = _told_of(text, frame.proper - opponents or frame.names - opponents)
    others = [where for where in _told_of(text, opponents) if start <= where.at < end]
    is_other = any(not where.is_behind and not where.is_oblique for where in others)
    if own and all(where.is_against or (where.is_oblique and is_other) for where in own):
        return -1
    is_own = any(start <= where.at < end and not where.is_against for where in own)
    is_object = mention.verb in _OVERCOMING or _PRONOUN.search(text[start:end])
    return -1 if is_other and not is_own and not is_object else 1


class _Named(NamedTuple):
    """Where a text names a party: played against, behind a preposition, or no nominative."""

    at: int
    is_against: bool
    is_behind: bool
    is_oblique: bool


def _told_of(text: str, names: frozenset[str]) -> list[_Named]:
    return [
        _Named(
            match.start(),
            bool(_AGAINST.search(text[: match.start()])),
            bool(_BEHIND.search(text[: match.start()])),
            bool(_OBLIQUE.search(text[: match.start()])),
        )
        for match in re.finditer(r"\w[\w-]*", text)
        if mentions(fold(match.group()), names)
    ]


@lru_cache(maxsize=512)
def _opponents(frame: Frame) -> frozenset[str]:
    """The names behind "gegen" in the question: whom the side asked about played or sued.

    Of two parties that stand beside each other ("zwischen A und B") the second.
    """
    text = frame.question.text
    return frozenset(
        fold(match.group())
        for match in re.finditer(r"\w[\w-]*", text)
        if fold(match.group()) in frame.proper and _is_opposed(text, match.start())
    )


def _is_opposed(text: str, at: int) -> bool:
    before = text[:at]
    is_visited = _MATCH.search(text) and _VISITED.search(before)
    return bool(_OPPOSING.search(before) or _BETWEEN.search(before) or is_visited)
