"""Phrases of place that tell where from or where to, where the question asks where it was."""

from __future__ import annotations

import re

from rag.compare.frame import Frame
from rag.compare.phrases import Phrase

_DIRECTIONS = frozenset({"aus", "vom", "zum", "zur", "nach", "from", "to", "over", "über"})
_OUT_OF = frozenset({"aus", "from"})
_SETTLES = re.compile(
    r"\b(?:komm(?:t|en|e)|kam(?:en)?|zieh(?:t|en|e)|zog(?:en)?|umgezogen|umzieh\w+|verleg\w+|"
    r"wander(?:t|n|te|ten)|übersiedel\w+|verlager\w+|moves?|moving)\b",
    re.IGNORECASE,
)
_TAKEN_OUT = re.compile(
    r"\b(?:zogen?|zieh\w+|gezogen|hol\w+|geholt|barg(?:en)?|geborgen|rette\w+|gerettet|befrei\w+|"
    r"fisch\w+|gefischt|hob(?:en)?|gehoben|trug(?:en)?|getragen|pulled|rescued|fished)\b",
    re.IGNORECASE,
)
_ACCUSATIVE = frozenset({"das", "die", "ein", "eine", "einen"})
_BROUGHT = re.compile(
    r"\b(?:gebracht|brachten?|verlegt(?:en)?|überführt|geflogen|transportiert|eingeliefert|"
    r"gefahren|abgeführt|überstellt|eingewiesen|gefolgt|umgezogen)\b",
    re.IGNORECASE,
)
ORIGIN = 0.3
"""How much less such a place fits."""
_DIRECTION_ASKED = re.compile(
    r"\b(?:wohin|gebracht|verlegt|überführt|geflogen|woher|aus wel|nach wel|"
    r"where\b.*\b(?:to|from))\b",
    re.I,
)


def direction_loss(phrase: Phrase, sentence: str, frame: Frame, *, is_thing: bool) -> float:
    """How much less a phrase fits because it tells a direction nobody asks for."""
    if _DIRECTION_ASKED.search(frame.question.text):
        return 0.0
    if _is_brought(phrase, sentence):
        return ORIGIN
    if phrase.preposition not in _DIRECTIONS:
        return 0.0
    return _of_direction(phrase, sentence, is_thing=is_thing)


def _of_direction(phrase: Phrase, sentence: str, *, is_thing: bool) -> float:
    """„aus einem Keller gezogen“: it was there; „Helfer aus vier Tälern“ is an origin.

    What „kommt nach Grimmenau“ will be there.
    """
    if phrase.preposition == "nach" and _SETTLES.search(sentence):
        return 0.0
    if phrase.preposition not in _OUT_OF or not is_thing:
        return ORIGIN
    before = sentence[: phrase.start_char].split()
    is_attribute = len(before) > 1 and before[-1][0].isupper() and not _TAKEN_OUT.search(sentence)
    return ORIGIN if is_attribute else 0.1


def _is_brought(phrase: Phrase, sentence: str) -> bool:
    """„in ein anderes Gefängnis verlegt“: where to, behind an accusative; not where it was."""
    words = phrase.text.lower().split()
    is_goal = words[0] in ("ins", "ans", "aufs") or (
        words[0] in ("in", "an", "auf") and words[1:2] and words[1] in _ACCUSATIVE
    )
    return bool(is_goal) and bool(_BROUGHT.search(sentence))
