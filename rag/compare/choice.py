"""Questions that offer a choice ("a town or a village?"): which of the two a sentence names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.compare.frame import Frame, same_word
from rag.compare.lexicon import word_set
from rag.compare.phrases import tag
from rag.language.folding import fold
from rag.types import Language

_OR = re.compile(r"\s(?:or|oder)\s", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[-’'–]\w+)*")
_BREAK = re.compile(r"[,;:?!()]")
_LONGEST = 5
_FIT = 0.8
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The alternative (0 or 1) a sentence names, and where."""

    taken: int
    start_char: int
    end_char: int
    fit: float


@lru_cache(maxsize=512)
def alternatives(frame: Frame) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words that tell the two sides of "A or B" apart; ``None`` where no choice is offered."""
    if not frame.asked.alternatives:
        return None
    text = frame.question.text
    match = next(iter(_OR.finditer(text)), None)
    if match is None:
        return None
    tongue: Language = "en" if frame.language == "en" else "de"
    left = _words(_BREAK.split(text[: match.start()])[-1])[-_LONGEST:]
    right = _words(_BREAK.split(text[match.end() :])[0])[:_LONGEST]
    ignored = word_set("question_words", tongue)
    size = 1 if _is_adjective(text, match.start(), tongue) else max(1, min(len(left), len(right)))
    before, after = _side(left[-size:], ignored), _side(right[:size], ignored)
    only_left = frozenset(word for word in before if not same_word(word, after))
    only_right = frozenset(word for word in after if not same_word(word, before))
    return (only_left, only_right) if only_left and only_right else None


def _is_adjective(text: str, end: int, language: Language) -> bool:
    """„a selective or non-selective agent“: one word each is offered, the noun is shared."""
    before = [word for word in tag(text, language) if word.end_char <= end]
    return bool(before) and before[-1].category == "adj"


def _words(text: str) -> list[str]:
    """A hyphenated word counts as one, so that "non-selective" is not "selective"."""
    return [_joined(match.group()) for match in _WORD.finditer(text)]


def _joined(word: str) -> str:
    return fold(word.replace("-", ""))


def _side(words: list[str], ignored: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in words if len(word) >= _SHORTEST and word not in ignored)


def choice(sentence: str, frame: Frame) -> Choice | None:
    """The alternative a sentence names; ``None`` where it names neither or both."""
    sides = alternatives(frame)
    if sides is None:
        return None
    found: list[tuple[int, int, int]] = []
    for match in _WORD.finditer(sentence):
        word = frozenset({_joined(match.group())})
        for side, listed in enumerate(sides):
            if any(same_word(item, word) for item in listed):
                found.append((side, match.start(), match.end()))
    taken = {side for side, _, _ in found}
    if len(taken) != 1:
        return None
    return Choice(found[0][0], found[0][1], found[-1][2], _FIT)
