"""What a question asks for, by topic: the side a yes would take, the topics of its field."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.compare.frame import Frame
from rag.compare.lexicon import rules
from rag.compare.side import Side, sides_of
from rag.language.folding import fold

_HAVING = re.compile(
    r"^(?:hat|hatte|haben|hatten|besitzt|besaß|gab\s+es|gibt\s+es|verfügte|verfügt)\b"
    r".*\b(?:eine?|einen|über)\b.*[A-ZÄÖÜ]\w+\s*\?",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    r"\b(?:vor|nach|seit|bei|beim|während|before|after|since|during)\s+(?:de[rmn]|the|seiner|ihrer)?\s*$",
    re.IGNORECASE,
)
_ARTICLE_BEFORE = re.compile(
    r"\b(?:de[rmns]|die|das|eine?[mnrs]?|ihre?[mnrs]?|seine?[mnrs]?)\s+$", re.IGNORECASE
)


@lru_cache(maxsize=512)
def asked_sides(frame: Frame) -> dict[str, int]:
    """The side a "yes" would take, by topic.

    Nouns of time ("vor der Schließung") and attributes ("das abgebrannte Lager") are left out.
    """
    text = frame.question.text
    found = sides_of(text, frame.language, None, unsaid=frozenset())
    having = {"equipped": 1} if frame.kind == "yes_no" and _HAVING.search(text) else {}
    return having | {
        side.topic: side.sign
        for side in found
        if not _is_inside(side, found)
        and not _TIME_BEFORE.search(text[: side.start_char])
        and not (
            _ARTICLE_BEFORE.search(text[: side.start_char]) and text[side.start_char].islower()
        )
    }


def _is_inside(side: Side, found: tuple[Side, ...]) -> bool:
    """„Kündigung“ in „die Kündigung zurückgenommen“, which is asked for as a whole."""
    length = side.end_char - side.start_char
    return any(
        other.start_char <= side.start_char
        and side.end_char <= other.end_char
        and other.end_char - other.start_char > length
        for other in found
    )


@lru_cache(maxsize=512)
def topics_of_field(frame: Frame) -> frozenset[str]:
    """What the outcome of the thing asked about may be told by; empty where that is not known."""
    text = fold(frame.question.text)
    return frozenset(
        topic
        for nouns, topics in rules()["outcome_fields"]
        if any(noun in text for noun in nouns.split())
        for topic in topics.split()
    )
