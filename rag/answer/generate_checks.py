"""Texts of a model that are no answer at all: empty, refused, nothing found, another language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from rag.answer.marker_stream import MarkedSentence
from rag.language.detect import detect_language
from rag.llm.failures import LLMFailure, llm_data
from rag.types import Language

_LEAST_CHARS = 60
"""Shorter texts are mostly names and figures, which have no language."""


def refuse_unusable(sentences: Sequence[MarkedSentence], language: Language) -> None:
    """Raise ``LLMFailure`` for what cannot be an answer, so that it is asked for again or not."""
    if not sentences:
        raise LLMFailure("empty")
    uncited = [one.text for one in sentences if not one.numbers]
    if len(uncited) == len(sentences) or not sentences[0].numbers:
        # A sentence that cites is no refusal: "Das Ministerium gab keine Auskunft. [2]".
        first = " ".join(uncited[:2])
        for kind in _KINDS:
            if _patterns(kind).search(first):
                raise LLMFailure(kind)
    text = " ".join(one.text for one in sentences)
    if language != "other" and len(text) >= _LEAST_CHARS:
        spoken = detect_language(text)
        if spoken != language:
            raise LLMFailure("wrong_language", spoken)


_KINDS: tuple[Literal["refused", "found_nothing"], ...] = ("refused", "found_nothing")


@lru_cache(maxsize=2)
def _patterns(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in llm_data(kind)), re.I)
