"""What somebody said: quotations and reported words, and whether two mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.attitudes import attitudes
from rag.compare.frame import Frame, mentions
from rag.compare.side import Side, sides_of
from rag.language.folding import fold
from rag.language.polarity import negations
from rag.language.speech import attribution
from rag.language.terms import terms, tokens
from rag.types import Language

_PRIVATIVE = re.compile(r"\b\w{3,}(?:frei|los|lose[nrsm]?|freie[nrsm]?)\b")
"""„schuldenfrei“: what German denies within a word."""
_QUOTED_FIT = 0.85
_REPORTED_FIT = 0.6
_OTHER_SPEAKER = 0.35


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a speaker in ``sentence[start_char:end_char]``."""

    text: str
    start_char: int
    end_char: int
    is_quoted: bool
    sides: tuple[Side, ...]
    attitudes: frozenset[tuple[str, int]]
    words: tuple[str, ...]
    content: frozenset[str]
    negations: int
    language: Language
    fit: float


def said(sentence: str, before: str, frame: Frame, language: Language) -> tuple[Said, ...]:
    """The quotations in a sentence, else the sentence itself where it reports speech."""
    found = attribution(sentence, language)
    about = _speaker_share(sentence, before, frame)
    spoken = [quotation for quotation in found.quotations if quotation.is_speech]
    if spoken:
        return tuple(
            _said(sentence, q.start_char, q.end_char, True, _QUOTED_FIT * about, language)
            for q in spoken
        )
    if found.kind == "own":
        return ()
    return (_said(sentence, 0, len(sentence), False, _REPORTED_FIT * about, language),)


def _speaker_share(sentence: str, before: str, frame: Frame) -> float:
    """1 where a name of the question stands by, less where somebody else may be speaking."""
    near = frozenset(fold(token.text) for token in tokens(f"{before} {sentence}"))
    if not frame.proper:
        return 1.0
    return 1.0 if any(mentions(name, near) for name in frame.proper) else _OTHER_SPEAKER + 0.3


def _said(
    sentence: str, start: int, end: int, is_quoted: bool, fit: float, language: Language
) -> Said:
    text = sentence[start:end]
    return Said(
        text=text,
        start_char=start,
        end_char=end,
        is_quoted=is_quoted,
        sides=sides_of(text, language, None),
        attitudes=attitudes(text),
        words=tuple(fold(token.text) for token in tokens(text)),
        content=frozenset(terms(text, language)),
        negations=_denials(text, language),
        language=language,
        fit=fit,
    )


def _denials(text: str, language: Language) -> int:
    """How much is denied; „ohne Wasser“ only names a condition."""
    denying = [
        scope
        for scope in negations(text, language)
        if text[scope.start_char : scope.end_char].lower() not in ("ohne", "without")
    ]
    return len(denying) + len(_PRIVATIVE.findall(text))
