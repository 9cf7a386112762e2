"""The model's own opinion on whether quotes support a sentence, asked for by `llm.judge`.

It may only take trust away: what the rules refuse stays refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rag.answer.budget import evidence_text
from rag.answer.generate_sentences import Written
from rag.llm.failures import LLMFailure
from rag.llm.policy import Allowance, Build, Model
from rag.llm.prompts import load_prompt
from rag.protocols import Message
from rag.types import Language

_NO = re.compile(r"\W*(?:nein|no)\b", re.I)
_UNCLEAR = re.compile(r"\W*(?:unklar|unclear)\b", re.I)
_VERDICT_TOKENS = 16


def judged(
    sentences: Sequence[Written],
    language: Language,
    model: Model,
    allowance: Allowance,
    folder: Path | None = None,
) -> tuple[Written, ...]:
    """The sentences with the model's doubts; unasked where calls or time have run out."""
    prompt = load_prompt("judge_support", language, folder)
    found = []
    for sentence in sentences:
        if sentence.verdict.support not in ("supported", "unchecked"):
            found.append(sentence)
            continue
        messages = prompt.render(
            sentence=sentence.text, quotes=evidence_text(sentence.items, language)
        )
        try:
            said = model.complete(_always(messages), allowance, max_tokens=_VERDICT_TOKENS).text
        except LLMFailure:
            found.append(sentence)
            continue
        found.append(_doubted(sentence, said))
    return tuple(found)


def _always(messages: Sequence[Message]) -> Build:
    return lambda budget: messages


def _doubted(sentence: Written, said: str) -> Written:
    if _NO.match(said):
        return replace(sentence, verdict=replace(sentence.verdict, support="unsupported"))
    if _UNCLEAR.match(said):
        return replace(sentence, verdict=replace(sentence.verdict, support="unchecked"))
    return sentence
