"""Of the dead and the injured: whether the clause of a number tells the fate asked for."""

from __future__ import annotations

import re

from rag.compare.asked import asked_sides
from rag.compare.counted import clause_of, counted_alike, is_counted_people
from rag.compare.frame import Frame
from rag.compare.persons import noun_ends_in
from rag.compare.side import sides_of
from rag.language.common_nouns import is_common_noun
from rag.language.folding import fold
from rag.language.quantities import Quantity
from rag.types import Language

_ATTRIBUTES = {
    "life": re.compile(r"\b(?:gefallen|getötet|umgekommen|gestorben)(?:e[nr]?)?\b", re.IGNORECASE),
    "injury": re.compile(r"\b(?:verletzt|verwundet)e[nr]?\b", re.IGNORECASE),
}
"""Of people: „Zahl der getöteten Soldaten“; prices fall, too."""
_FATES = frozenset({"life", "injury"})
_OTHER_FATE = 0.2


def asked_fates(frame: Frame) -> frozenset[str]:
    """The topics "life" and "injury" where the question asks for the dead or the injured."""
    fates = {topic for topic, sign in asked_sides(frame).items() if topic in _FATES and sign < 0}
    if is_counted_people(frame.asked.focus or "", "de"):
        fates |= {f for f, told in _ATTRIBUTES.items() if told.search(frame.question.text)}
    return frozenset(fates)


def tells_fate(sentence: str, quantity: Quantity, frame: Frame, language: Language) -> bool:
    """Whether the clause of a number tells the fate the question asks for."""
    return bool(asked_fates(frame) & _told_fates(sentence, quantity, language))


def _told_fates(sentence: str, quantity: Quantity, language: Language) -> frozenset[str]:
    start, stop = clause_of(sentence, quantity)
    told = frozenset(side.topic for side in sides_of(sentence[start:stop], language, None))
    return told & _FATES


def fate_share(sentence: str, quantity: Quantity, frame: Frame, language: Language) -> float:
    """Dead are not injured and neither are sent: less where the clause tells no such fate."""
    asked = asked_fates(frame)
    if not asked:
        return 1.0
    told = _told_fates(sentence, quantity, language)
    if asked & told:
        return 1.0
    if told or _counts_things(quantity, frame, language):
        return 0.0
    return _OTHER_FATE


def _counts_things(quantity: Quantity, frame: Frame, language: Language) -> bool:
    """„in fünf Kliniken behandelt“: no people, whose fate the question asks for."""
    noun = quantity.counted
    if not is_counted_people(frame.asked.focus or "", frame.language):
        return False
    if not noun or not is_common_noun(noun):
        return False
    tongue: Language = "en" if language == "en" else "de"
    is_body = noun_ends_in(noun, "group_endings", tongue)
    if is_counted_people(noun, language) and not is_body:
        return False
    return not (frame.focus and counted_alike(fold(noun)) & counted_alike(frame.focus))
