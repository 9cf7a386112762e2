"""A language model for tests and demonstrations that says what it was told to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rag.llm.failures import LLMFailure
from rag.protocols import Message, Piece

Reply = str | LLMFailure | Callable[[Sequence[Message]], str]


@dataclass
class ScriptedLLM:
    """Answers with ``replies`` in turn (the last one for ever), a few characters at a time.

    A reply is a text, a failure to raise, or a function of the messages. ``calls`` holds what it
    was asked. ``finish=None`` with ``is_done=False`` is a stream that breaks off.
    """

    replies: Iterable[Reply]
    finish: str | None = "stop"
    is_done: bool = True
    context: int | None = 4096
    piece_chars: int = 5
    pause_seconds: float = 0.0
    model_name: str = "scripted"
    calls: list[tuple[Message, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = list(self.replies)

    @property
    def identity(self) -> str:
        """Its name: the replies do not change it."""
        return f"scripted:{self.model_name}"

    def context_tokens(self) -> int | None:
        """As given."""
        return self.context

    def prepare(self) -> None:
        """Nothing to do."""

    def write(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        emit: Callable[[Piece], None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Emit the next reply."""
        self.calls.append(tuple(messages))
        reply = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if isinstance(reply, LLMFailure):
            raise reply
        text = reply if isinstance(reply, str) else reply(messages)
        for start in range(0, len(text), self.piece_chars):
            if not is_wanted():
                return
            time.sleep(self.pause_seconds)
            emit(Piece(text=text[start : start + self.piece_chars]))
        emit(Piece(finish=self.finish, is_done=self.is_done))
