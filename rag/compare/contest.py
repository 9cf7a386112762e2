"""Who of two sides won: the one asked about, or the other."""

from __future__ import annotations

import re
from functools import lru_cache

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
_CONTESTS = frozenset({"win", "success", "qualify"})


def turned(text: str, mention: OutcomeMention, frame: Frame | None) -> int:
    """-1 where the winner is the other party: "verlor gegen Seeheim", "die Gegner siegten"."""
    if mention.topic not in _CONTESTS:
        return 1
    told = text[: mention.end_char].lower()
    if mention.topic != "qualify" and any(word in told for word in rules()["opponents"]):
        return -1
    if frame is None:
        return 1
    opponents = _opponents(frame)
    start, end = clause_at(text, mention.start_char)
    own, others = _told_of(text, frame.proper - opponents), _told_of(text, opponents)
    if any(against for _, against in own) and not any(not against for _, against in own):
        return -1
    is_other = any(start <= at < end and not against for at, against in others)
    is_own = any(start <= at < end and not against for at, against in own)
    is_object = mention.verb in _OVERCOMING or _PRONOUN.search(text[start:end])
    return -1 if is_other and not is_own and not is_object else 1


def _told_of(text: str, names: frozenset[str]) -> list[tuple[int, bool]]:
    """Where a text has one of the names, and whether it is the one played against."""
    return [
        (match.start(), bool(_AGAINST.search(text[: match.start()])))
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
        if fold(match.group()) in frame.proper
        and (_OPPOSING.search(text[: match.start()]) or _BETWEEN.search(text[: match.start()]))
    )
