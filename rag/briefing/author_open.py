"""The author of a briefing as the settings want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.protocols import Embedder
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.briefing.author import Author
    from rag.llm.policy import Model

_TIMES_A_QUESTION = 4.0
"""A briefing may take that many times as long as an answer."""


def open_author(model: Model, embedder: Embedder, settings: Settings) -> Author:
    """An author with the calls and the time of one briefing; nothing is asked yet."""
    from rag.answer.support import similarity_by
    from rag.briefing.author import MOST_CALLS, Author

    return Author(
        model=model,
        embedder=embedder,
        similarity=similarity_by(embedder),
        allow=lambda: model.allowance(max_calls=MOST_CALLS, times=_TIMES_A_QUESTION),
        parallel=1 if settings.llm.gguf is not None else settings.llm.parallel,
        prompts_dir=settings.llm.prompts_dir,
        fallback=settings.answer.fallback,
    )
