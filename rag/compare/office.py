"""Former or sitting: what a sentence takes somebody's office to be."""

from __future__ import annotations

import re

from rag.compare.frame import Frame, mentions
from rag.compare.side import Side
from rag.compare.stance import Stance
from rag.language.folding import fold
from rag.language.names import names
from rag.types import Language

_OFFICE_ASKED = re.compile(
    r"\b(?:ehemalig\w*|frühere\w*|amtierend\w*|ex-?\w*präsident\w*|noch\s+im\s+amt|former|"
    r"sitting|incumbent|(?:welches|which|what)\s+(?:amt|office))\b",
    re.IGNORECASE,
)
_KINDS = ("who", "what", "yes_no")
_FIT = 0.8
_TOPIC = "office held"


def asks_office(frame: Frame) -> bool:
    """Whether the question is about somebody being in office or no longer."""
    # „Ist Trump amtierender oder ehemaliger Präsident?“ leaves two outcomes to choose from.
    is_kind = frame.kind in _KINDS or (frame.kind == "outcome" and bool(frame.asked.alternatives))
    return is_kind and bool(_OFFICE_ASKED.search(frame.question.text))


def is_office(value: object) -> bool:
    """Whether a typed answer is about holding an office."""
    return isinstance(value, Stance) and any(side.topic == _TOPIC for side in value.sides)


def office_held(sentence: str, frame: Frame, language: Language) -> Stance | None:
    """Whether the sentence gives the person of the question a former or a present office."""
    for name in names(sentence, language):
        words = frozenset(fold(part) for part in name.text.split())
        if not name.office or not any(mentions(part, words) for part in frame.topic):
            continue
        sign = -1 if name.office_tense == "former" else 1
        start = _office_start(sentence, name.office, name.start_char)
        side = Side(_TOPIC, sign, _FIT, start, name.end_char)
        return Stance(
            sides=(side,),
            answer=0,
            certainty=0.0,
            start_char=start,
            end_char=name.end_char,
            fit=_FIT,
        )
    return None


def _office_start(sentence: str, office: str, name_start: int) -> int:
    """Where the words for the office begin, with an adjective such as "ehemalige" before it."""
    found = sentence.rfind(office, 0, name_start)
    if found < 0:
        return name_start
    before = sentence[:found].rstrip()
    word = before.rsplit(" ", 1)[-1]
    return found - len(word) - 1 if _OFFICE_ASKED.fullmatch(word) else found
