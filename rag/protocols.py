"""The seams: what a stage needs of a model or store, one to three methods each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) as long work goes on."""


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model_name(self) -> str:
        """The name or path of the model, as configured."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever vectors of the same text would change (weights, pooling, prompts)."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of shape (len(texts), dimension) for questions."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of shape (len(texts), dimension) for passages and sentences."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat with a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What a language model sends at a time; ``finish`` and the counts come with the last ones.

    ``finish`` is the endpoint's word: ``stop`` is a whole answer, ``length`` a cut one.
    ``is_done`` says that the endpoint marked the end of its stream, ``is_thinking`` that the model
    works on something that is not part of its answer.
    """

    text: str = ""
    finish: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    is_done: bool = False
    is_thinking: bool = False


class LLM(Protocol):
    """Writes text, piece by piece, in one call; retries, deadlines and fallbacks stand above it."""

    @property
    def model_name(self) -> str:
        """The model's name, as shown in a run."""
        ...

    @property
    def identity(self) -> str:
        """Changes whenever the same messages may get another answer; never holds a key."""
        ...

    def context_tokens(self) -> int | None:
        """The length of its context; ``None`` where nobody says."""
        ...

    def prepare(self) -> None:
        """Import what a call needs, before its clock starts."""
        ...

    def write(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        emit: Callable[[Piece], None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Emit the answer as it is written; stop soon after ``is_wanted`` says no.

        Raises ``rag.llm.failures.LLMFailure`` for whatever goes wrong. Called in a thread.
        """
        ...
