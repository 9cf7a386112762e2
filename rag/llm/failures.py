"""What can go wrong with a language model, typed; reasons for readers in German and English."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rag.errors import ModelError
from rag.types import Language

FailureKind = Literal[
    "unreachable",
    "timeout",
    "deadline",
    "rate_limited",
    "server_error",
    "rejected_key",
    "unknown_model",
    "bad_request",
    "context_overflow",
    "malformed",
    "cut",
    "length",
    "filtered",
    "empty",
    "refused",
    "found_nothing",
    "repetition",
    "too_long",
    "wrong_language",
    "not_supported",
    "off_question",
    "paused",
    "missing_runtime",
    "broken_model",
]
_RETRYABLE: frozenset[FailureKind] = frozenset(
    {
        "unreachable",
        "timeout",
        "rate_limited",
        "server_error",
        "malformed",
        "cut",
        "empty",
        "wrong_language",
    }
)


class LLMFailure(ModelError):
    """A call of a language model that gave no usable answer.

    ``detail`` is for the run's notes and never holds a key. ``retry_after`` are the seconds the
    endpoint asks to wait. ``context_tokens`` and ``prompt_tokens`` are what it says on overflow.
    """

    def __init__(
        self,
        kind: FailureKind,
        detail: str = "",
        *,
        retry_after: float | None = None,
        context_tokens: int | None = None,
        prompt_tokens: int | None = None,
    ) -> None:
        what = reason(kind, "en") + (f" ({detail})" if detail else "")
        super().__init__(f"The language model gave no usable answer: {what}.", hint(kind))
        self.kind: FailureKind = kind
        self.detail = detail
        self.retry_after = retry_after
        self.context_tokens = context_tokens
        self.prompt_tokens = prompt_tokens

    @property
    def may_pass(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.kind in _RETRYABLE


def reason(kind: FailureKind, language: Language) -> str:
    """Why there is no answer of the model, as part of a sentence."""
    german, english = llm_data("reasons")[kind]
    return str(german if language == "de" else english)


def hint(kind: FailureKind) -> str:
    """What to do about it."""
    hints = llm_data("hints")
    return str(hints.get(kind, hints["default"]))


@cache
def llm_data(name: str) -> Any:
    """One table of ``rag/data/llm.json``; treat it as read-only."""
    return json.loads((files("rag") / "data" / "llm.json").read_text(encoding="utf-8"))[name]
