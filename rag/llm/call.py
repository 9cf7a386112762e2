"""One call of a model, watched: first token, gaps, deadline, size, repetition, a proper end.

The model writes in a thread, so that no read, resolver or C code can outlast the deadline, and
Ctrl-C stops at once.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.llm.failures import LLMFailure
from rag.protocols import LLM, Message, Piece

_END = None
_Item = Piece | BaseException | None
_WHOLE = frozenset({"stop", "eos", "end_turn", "stop_sequence", "complete"})
_FILTERED = frozenset({"content_filter", "safety", "recitation"})
_CHARS_PER_TOKEN = 16
"""No tokenizer packs more characters into a token on average; beyond is no answer to ours."""
_MARKER = re.compile(r"\[\d{1,3}\]")
_MIN_REPEATS = 4
_LONGEST_UNIT = 240
_MIN_LOOP_CHARS = 60
_LEAVING_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds a call may take: until its first token, between two, and in all."""

    first_token_seconds: float
    gap_seconds: float
    ends_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A whole text with what it cost; tokens are counted by pieces where the endpoint is silent."""

    text: str
    prompt_tokens: int | None
    completion_tokens: int
    first_token_seconds: float


def call(
    llm: LLM,
    messages: Sequence[Message],
    *,
    max_tokens: int,
    limits: Limits,
    on_text: Callable[[str], None],
) -> Written:
    """The text of one call. ``on_text`` gets the text so far. Raises ``LLMFailure``."""
    pieces: queue.SimpleQueue[_Item] = queue.SimpleQueue()
    stopped = threading.Event()

    def work() -> None:
        try:
            llm.write(
                messages,
                max_tokens=max_tokens,
                emit=pieces.put,
                is_wanted=lambda: not stopped.is_set(),
            )
        except BaseException as error:  # noqa: BLE001  raised again where it is awaited
            pieces.put(error)
        pieces.put(_END)

    worker = threading.Thread(target=work, name="llm-call", daemon=True)
    worker.start()
    try:
        return _gather(pieces, limits, max_tokens * _CHARS_PER_TOKEN, on_text)
    finally:
        stopped.set()
        worker.join(_LEAVING_SECONDS)


def _gather(
    pieces: queue.SimpleQueue[_Item],
    limits: Limits,
    max_chars: int,
    on_text: Callable[[str], None],
) -> Written:
    started = time.monotonic()
    gathered = _Gathered(started, max_chars)
    while True:
        patience = limits.gap_seconds if gathered.is_alive else limits.first_token_seconds
        since = gathered.last_at + patience - time.monotonic()
        left = limits.ends_at - time.monotonic()
        try:
            piece = pieces.get(timeout=max(0.0, min(since, left)))
        except queue.Empty:
            raise LLMFailure("deadline" if left <= since else "timeout") from None
        if piece is _END:
            return gathered.finished()
        if isinstance(piece, BaseException):
            raise piece
        if gathered.add(piece):
            on_text(gathered.text)


class _Gathered:
    """What has come so far."""

    def __init__(self, started: float, max_chars: int) -> None:
        self.text = ""
        self.is_alive = False
        self.last_at = started
        self._started = started
        self._max_chars = max_chars
        self._first_at: float | None = None
        self._finish: str | None = None
        self._is_done = False
        self._prompt_tokens: int | None = None
        self._completion_tokens: int | None = None
        self._pieces = 0
        self._checked_chars = 0

    def add(self, piece: Piece) -> bool:
        """Take a piece; whether there is new text."""
        self._finish = piece.finish or self._finish
        self._is_done = self._is_done or piece.is_done
        self._prompt_tokens = piece.prompt_tokens or self._prompt_tokens
        self._completion_tokens = piece.completion_tokens or self._completion_tokens
        if not (piece.text or piece.is_thinking):
            return False
        self.is_alive = True
        self.last_at = time.monotonic()
        if not piece.text:
            return False
        self._first_at = self._first_at or self.last_at
        self._pieces += 1
        self.text += piece.text
        self._check()
        return True

    def _check(self) -> None:
        if len(self.text) > self._max_chars:
            raise LLMFailure("too_long", f"more than {self._max_chars} characters")
        if len(self.text) - self._checked_chars >= _MIN_LOOP_CHARS:
            self._checked_chars = len(self.text)
            if is_looping(self.text):
                raise LLMFailure("repetition")

    def finished(self) -> Written:
        """The text, if it is whole."""
        finish = (self._finish or "").lower()
        if finish in _FILTERED:
            raise LLMFailure("filtered")
        if finish in ("length", "max_tokens"):
            raise LLMFailure("length")
        if not self.text.strip():
            raise LLMFailure("empty")
        if finish not in _WHOLE and not (finish == "" and self._is_done):
            raise LLMFailure("cut", f"finish_reason {finish!r}" if finish else "")
        if is_looping(self.text):
            raise LLMFailure("repetition")
        return Written(
            text=self.text,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens or self._pieces,
            first_token_seconds=(self._first_at or time.monotonic()) - self._started,
        )


def is_looping(text: str) -> bool:
    """Whether the text ends in one stretch repeated over and over, its markers aside.

    "[3] Jan Ode [4] Jan Ode [5] Jan Ode" repeats itself as well.
    """
    tail = _MARKER.sub("", text).rstrip()
    for size in range(1, _LONGEST_UNIT + 1):
        repeats = max(_MIN_REPEATS, -(-_MIN_LOOP_CHARS // size))
        if size * repeats > len(tail):
            # A longer unit needs fewer repeats only until the minimum is reached.
            if repeats == _MIN_REPEATS:
                return False
            continue
        if tail.endswith(tail[-size:] * repeats):
            return True
    return False
