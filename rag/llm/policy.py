"""The one policy for calls of a model: how many, how long, what is tried again, what is kept."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.llm.cache import AnswerCache
from rag.llm.call import Limits, Written, call
from rag.llm.failures import LLMFailure
from rag.protocols import LLM, Message

FALLBACK_CONTEXT_TOKENS = 4096
"""What is assumed where neither the settings nor the endpoint say."""
_FAILURES_BEFORE_PAUSE = 3
_PAUSE_SECONDS = 30.0
_FIRST_WAIT_SECONDS = 0.4
_OUTAGES = frozenset({"unreachable", "timeout", "deadline", "server_error", "rate_limited"})
_SHRINK = 0.6
_SAFETY_TOKENS = 64

Build = Callable[[int], Sequence[Message]]
"""Messages that fit into that many tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What a question may cost, in calls and seconds."""

    max_calls: int = 3
    deadline_seconds: float = 45.0
    first_token_seconds: float = 20.0
    gap_seconds: float = 10.0


class Allowance:
    """What is left of a question's calls and seconds; several threads may draw on it."""

    def __init__(self, patience: Patience, whole: Allowance | None = None) -> None:
        self.patience = patience
        self.calls = 0
        self.ends_at: float = (
            whole.ends_at if whole else time.monotonic() + patience.deadline_seconds
        )
        self._whole = whole
        self._lock: threading.Lock = whole._lock if whole else threading.Lock()

    def share(self, max_calls: int) -> Allowance:
        """A part of it, for one of several texts; what is spent of it is spent here, too."""
        return Allowance(replace(self.patience, max_calls=max_calls), self)

    @property
    def seconds_left(self) -> float:
        """Until the question's deadline."""
        return self.ends_at - time.monotonic()

    @property
    def calls_left(self) -> int:
        """How often the model may still be called."""
        own = self.patience.max_calls - self.calls
        return min(own, self._whole.calls_left) if self._whole else own

    def take(self) -> Limits:
        """Spend one call. Raises ``LLMFailure`` when none or no time is left."""
        with self._lock:
            if self.seconds_left <= 0 or self.calls_left <= 0:
                raise LLMFailure("deadline")
            spending: Allowance | None = self
            while spending is not None:
                spending.calls += 1
                spending = spending._whole
        return Limits(
            first_token_seconds=self.patience.first_token_seconds,
            gap_seconds=self.patience.gap_seconds,
            ends_at=self.ends_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A text that was accepted, and what it took."""

    text: str
    prompt_tokens: int | None = None
    completion_tokens: int = 0
    first_token_seconds: float = 0.0
    seconds: float = 0.0
    is_cached: bool = False
    key: str = ""
    """Under which it is kept; empty where nothing is."""


class Model:
    """A language model under the policy; lives as long as the process.

    After three outages in a row it is not asked for 30 seconds.
    """

    def __init__(
        self,
        llm: LLM,
        *,
        patience: Patience,
        max_tokens: int,
        context_tokens: int | None = None,
        cache: AnswerCache | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._llm = llm
        self._patience = patience
        self._max_tokens = max_tokens
        self._context_tokens = context_tokens
        self._cache = cache
        self._sleep = sleep
        self._outages = 0
        self._paused_until = 0.0

    @property
    def name(self) -> str:
        """The model's name."""
        return self._llm.model_name

    def allowance(self, *, max_calls: int | None = None, times: float = 1.0) -> Allowance:
        """What one question may cost; a text of several parts gets more calls and time."""
        usual = self._patience
        longer = replace(
            usual,
            max_calls=max_calls or usual.max_calls,
            deadline_seconds=usual.deadline_seconds * times,
        )
        return Allowance(longer)

    def prompt_budget(self) -> int:
        """Tokens a prompt may have beside the answer."""
        if self._context_tokens is None:
            self._context_tokens = self._llm.context_tokens() or FALLBACK_CONTEXT_TOKENS
        return max(128, self._context_tokens - self._max_tokens - _SAFETY_TOKENS)

    def complete(
        self,
        build: Build,
        allowance: Allowance,
        *,
        on_text: Callable[[str], None] = lambda text: None,
        accept: Callable[[str], None] = lambda text: None,
        max_tokens: int | None = None,
    ) -> Completion:
        """The model's answer to what ``build`` makes of the token budget.

        ``accept`` raises ``LLMFailure`` for a text that is no usable answer. What may pass is tried
        again within the allowance; on overflow less is packed, once. Raises ``LLMFailure``.
        """
        limit = min(max_tokens or self._max_tokens, self._max_tokens)
        if time.monotonic() < self._paused_until:
            raise LLMFailure("paused")
        messages = build(self.prompt_budget())
        kept = self._kept(self._key(messages, limit), accept)
        if kept is not None:
            on_text(kept.text)
            return kept
        self._llm.prepare()
        started = time.monotonic()
        written, messages = self._insist(build, messages, allowance, on_text, accept, limit)
        done = Completion(
            text=written.text,
            prompt_tokens=written.prompt_tokens,
            completion_tokens=written.completion_tokens,
            first_token_seconds=written.first_token_seconds,
            seconds=time.monotonic() - started,
        )
        if self._cache:
            done = replace(done, key=self._key(messages, limit))
            self._cache.put(done.key, done)
        return done

    def forget(self, done: Completion) -> None:
        """Keep no longer what turned out to be no answer: it is worth asking for anew."""
        if self._cache and done.key:
            self._cache.drop(done.key)

    def _kept(self, key: str, accept: Callable[[str], None]) -> Completion | None:
        """What is kept under a key, unless it is no longer accepted."""
        kept = self._cache.get(key) if self._cache else None
        if kept is None:
            return None
        kept = replace(kept, is_cached=True, key=key)
        try:
            accept(kept.text)
        except LLMFailure:
            self.forget(kept)
            return None
        return kept

    def _insist(
        self,
        build: Build,
        messages: Sequence[Message],
        allowance: Allowance,
        on_text: Callable[[str], None],
        accept: Callable[[str], None],
        limit: int,
    ) -> tuple[Written, Sequence[Message]]:
        is_repacked = False
        failure: LLMFailure | None = None
        while True:
            try:
                limits = allowance.take()
            except LLMFailure as over:
                raise failure or over from None
            try:
                written = call(
                    self._llm, messages, max_tokens=limit, limits=limits, on_text=on_text
                )
                accept(written.text)
            except LLMFailure as found:
                failure = found
                self._count_outage(found)
                if found.kind == "context_overflow" and not is_repacked:
                    is_repacked = True
                    messages = build(self._smaller_budget(found, limit))
                elif not self._wait_before_next(found, allowance):
                    raise
            else:
                self._outages = 0
                return written, messages

    def _wait_before_next(self, failure: LLMFailure, allowance: Allowance) -> bool:
        """Wait as asked or a little; whether another call is worth it."""
        if not failure.may_pass or allowance.calls_left <= 0:
            return False
        if time.monotonic() < self._paused_until:
            return False
        wait = failure.retry_after
        if wait is None:
            wait = _FIRST_WAIT_SECONDS * 2 ** (allowance.calls - 1) * random.uniform(0.75, 1.25)
        if wait >= allowance.seconds_left:
            return False
        self._sleep(wait)
        return True

    def _smaller_budget(self, failure: LLMFailure, limit: int) -> int:
        """What fits by the endpoint's own count; it also holds for the next question."""
        budget = self.prompt_budget()
        if failure.context_tokens:
            self._context_tokens = failure.context_tokens
        if failure.context_tokens and failure.prompt_tokens:
            # Our estimate of tokens was off by this factor.
            fitting = max(128, failure.context_tokens - limit - _SAFETY_TOKENS)
            return int(min(0.95, fitting / failure.prompt_tokens) * budget)
        return int(_SHRINK * min(budget, self.prompt_budget()))

    def _count_outage(self, failure: LLMFailure) -> None:
        self._outages = self._outages + 1 if failure.kind in _OUTAGES else 0
        if self._outages >= _FAILURES_BEFORE_PAUSE:
            self._paused_until = time.monotonic() + _PAUSE_SECONDS

    def _key(self, messages: Sequence[Message], limit: int) -> str:
        from rag.llm.cache import cache_key

        return cache_key(self._llm.identity, messages, limit)
