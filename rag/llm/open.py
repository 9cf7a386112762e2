"""Chooses the language model the settings name; nothing of it is imported before it is asked."""

from __future__ import annotations

from pathlib import Path

from rag.llm.cache import AnswerCache
from rag.llm.policy import Model, Patience
from rag.protocols import LLM
from rag.settings import LLMSettings

_FAR = Patience(deadline_seconds=45.0, first_token_seconds=20.0)
_NEAR = Patience(deadline_seconds=180.0, first_token_seconds=120.0)
"""A model on this machine reads a prompt at tens of tokens a second, and may be loading."""


def open_model(settings: LLMSettings) -> Model | None:
    """The configured model under the policy; ``None`` where none is configured."""
    if not settings.is_configured:
        return None
    return Model(
        choose_llm(settings),
        patience=patience(settings),
        max_tokens=settings.max_tokens,
        context_tokens=settings.context_tokens,
        cache=AnswerCache(cache_folder(settings)) if settings.cache else None,
    )


def choose_llm(settings: LLMSettings) -> LLM:
    """The endpoint, or the file; a file goes first, as it is the narrower choice."""
    if settings.gguf is not None:
        from rag.llm.in_process import InProcessLLM

        return InProcessLLM(settings)
    from rag.llm.endpoint import EndpointLLM

    return EndpointLLM(settings)


def patience(settings: LLMSettings) -> Patience:
    """What a question may cost, with more time for a model on this machine."""
    from rag.llm.endpoint import is_local

    usual = _NEAR if is_local(settings) else _FAR
    return Patience(
        max_calls=settings.max_calls,
        deadline_seconds=settings.deadline_seconds or usual.deadline_seconds,
        first_token_seconds=settings.first_token_seconds or usual.first_token_seconds,
        gap_seconds=settings.gap_seconds,
    )


def cache_folder(settings: LLMSettings) -> Path:
    """Where answers are kept."""
    if settings.cache_dir is not None:
        return settings.cache_dir
    from platformdirs import user_cache_path

    return user_cache_path("gegenlese") / "answers"
