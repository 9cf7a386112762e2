"""Words that only name the effect a question asks the cause of."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.compare.frame import Frame, mentions, same_word
from rag.language.compounds import german_splitter
from rag.language.folding import fold

_GE = re.compile(
    r"^(ab|an|auf|aus|bei|durch|ein|fest|frei|her|hin|nach|um|vor|weg|zu|zurück|)ge(?=\w{4})"
)
_ROOT = 6
_SHORT = 4


@lru_cache(maxsize=16384)
def is_asked(word: str, frame: Frame) -> bool:
    """A word of the question, inflected, or a part of a compound in it: "Teich", "Mühlteich"."""
    if same_word(word, frame.topic):
        return True
    if len(word) > _SHORT and any(asked.endswith(word) for asked in frame.topic):
        return True
    parts = [part for part in german_splitter().parts(word) if len(part) >= _SHORT]
    if len(parts) > 1 and all(_is_asked_part(part, frame) for part in parts):
        return True  # „Fischsterben“ where the question asks what fish died of
    # „Anzeige“ in answer to "warum angezeigt" only names the effect.
    root = _root(word)
    return len(root) > _SHORT and any(_root(fold(verb)) == root for verb in frame.topic)


def _is_asked_part(part: str, frame: Frame) -> bool:
    verbs = frozenset(fold(verb) for verb in frame.verbs)
    return mentions(part, frame.topic) or mentions(part, verbs)


def _root(word: str) -> str:
    """What "angezeigt" and "Anzeige" share."""
    return _GE.sub(r"\1", word)[:_ROOT] if _GE.match(word) else word[:_ROOT]
