"""Texts of a model that are no answer: empty, refused, off the question, another language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from rag.answer.extractive import Composed
from rag.answer.generate_sentences import Written
from rag.answer.marker_stream import MarkedSentence
from rag.language.detect import detect_language
from rag.llm.failures import LLMFailure, llm_data
from rag.types import Evidence, Language

_Place = tuple[str, int]
_BEST = 2
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


def is_disclaimer(sentence: MarkedSentence) -> bool:
    """Whether a sentence without a source says that there is nothing, beside others that do."""
    return not sentence.numbers and bool(_patterns("found_nothing").search(sentence.text))


def answering_quotes(evidence: Sequence[Evidence], extractive: Composed) -> frozenset[_Place]:
    """Where the sentences stand that answer: the most probable, and those of the extractive answer.

    A model that cites none of them wrote about something else, however true it is.
    """
    best = [(each.article.article_id, each.start_char) for each in evidence[:_BEST]]
    return frozenset(best) | {(c.article_id, c.start_char) for c in extractive.citations}


def answers(sentence: Written, answering: frozenset[_Place]) -> bool:
    """Whether a sentence rests on one of them."""
    return any((item.article.article_id, item.start_char) in answering for item in sentence.items)


_KINDS: tuple[Literal["refused", "found_nothing"], ...] = ("refused", "found_nothing")


@lru_cache(maxsize=2)
def _patterns(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in llm_data(kind)), re.I)
