"""Tries a configured language model out, for `rag doctor`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.llm.failures import LLMFailure
from rag.protocols import Message
from rag.settings import LLMSettings

_TRIAL = "Write one short sentence about bridges."
_TRIAL_TOKENS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; ``hint`` says what to do when it is not ok."""

    name: str
    state: Literal["ok", "note", "failed"]
    found: str
    hint: str = ""


def probe(settings: LLMSettings) -> Iterator[Finding]:
    """Reachable, model known, context size, streaming, a trial of one line."""
    if not settings.is_configured:
        yield Finding(name="llm", state="ok", found="none configured: answers are verbatim quotes")
        return
    if settings.gguf is None:
        listed = list(_listing(settings))
        yield from listed
        if listed and listed[0].state == "failed":
            return
    else:
        yield Finding(name="llm file", state="ok", found=settings.gguf.name)
    yield from _trial(settings)


def _listing(settings: LLMSettings) -> Iterator[Finding]:
    from rag.llm.endpoint import list_models, usage_note

    key = "set" if os.environ.get(settings.key_env) else "not set"
    rows = list_models(settings, settings.connect_seconds)
    if rows is None:
        yield Finding(
            name="llm endpoint",
            state="note",
            found=f"{settings.url} lists no models; key {settings.key_env} is {key}",
            hint="Is it running, and does llm.url end in /v1?",
        )
        return
    yield Finding(name="llm endpoint", state="ok", found=f"{settings.url}; key is {key}")
    names = [str(row.get("id")) for row in rows]
    known = [row for row in rows if row.get("id") == settings.model]
    yield Finding(
        name="llm model",
        state="ok" if known else "note",
        found=usage_note(known[0]) if known else f"{settings.model!r} is not listed",
        hint="" if known else f"Set llm.model to one of: {', '.join(names[:8])}",
    )


def _trial(settings: LLMSettings) -> Iterator[Finding]:
    from rag.llm.open import choose_llm, patience
    from rag.llm.policy import FALLBACK_CONTEXT_TOKENS, Model

    llm = choose_llm(settings)
    said = settings.context_tokens or llm.context_tokens()
    yield Finding(
        name="llm context",
        state="ok" if said else "note",
        found=f"{said or FALLBACK_CONTEXT_TOKENS} tokens" + ("" if said else " (assumed)"),
        hint="" if said else "Set llm.context_tokens to what the endpoint really gives.",
    )
    model = Model(llm, patience=patience(settings), max_tokens=_TRIAL_TOKENS)
    drafts: list[str] = []
    started = time.monotonic()
    try:
        done = model.complete(
            lambda budget: (Message(role="user", text=_TRIAL),),
            model.allowance(),
            on_text=drafts.append,
        )
    except LLMFailure as failure:
        if failure.kind != "length":
            yield Finding(
                name="llm trial", state="failed", found=failure.message, hint=failure.hint
            )
            return
        first = f"cut after {_TRIAL_TOKENS} tokens, as asked"
    else:
        first = f"first token after {done.first_token_seconds:.1f} s"
    took = time.monotonic() - started
    is_streaming = len(drafts) > 1
    yield Finding(
        name="llm trial",
        state="ok" if is_streaming else "note",
        found=f"{took:.1f} s, {first}; {'streams' if is_streaming else 'does not stream'}",
    )
