"""What stands between a number and the noun it counts: "two live albums"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.compare.frame import Frame
from rag.language.folding import fold
from rag.language.quantities import Quantity
from rag.types import Language

_HOW_MANY = re.compile(r"\b(?:how\s+many|wie\s+viele)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[^\W\d_][\w'-]*")
_OTHER_KIND = 0.35


def attribute_shares(
    found: Sequence[Quantity], sentence: str, frame: Frame, language: Language
) -> list[float]:
    """Less for what is counted beside it: "four studio albums, two live albums" for the latter."""
    asked = _attributes_asked(frame)
    told = [_attributes(sentence, quantity) for quantity in found]
    if language != frame.language or not any(asked & said for said in told):
        return [1.0] * len(told)
    return [1.0 if asked & said or not said else _OTHER_KIND for said in told]


def _attributes_asked(frame: Frame) -> frozenset[str]:
    """The words between "how many" and the noun: "live" of "how many live albums"."""
    match = _HOW_MANY.search(frame.question.text)
    if match is None or not frame.asked.focus:
        return frozenset()
    words = [fold(word) for word in _ATTRIBUTE.findall(frame.question.text[match.end() :])]
    at = next((i for i, word in enumerate(words) if word == frame.focus), 0)
    return frozenset(words[:at])


def _attributes(sentence: str, quantity: Quantity) -> frozenset[str]:
    if not quantity.counted:
        return frozenset()
    end = sentence.find(quantity.counted, quantity.end_char)
    between = sentence[quantity.end_char : end] if end >= 0 else ""
    return frozenset(fold(word) for word in _ATTRIBUTE.findall(between))
