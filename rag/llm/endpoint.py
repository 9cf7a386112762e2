"""Any OpenAI-compatible endpoint, through llama-index's client with its own retries off."""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.llm.failures import LLMFailure
from rag.llm.http_faults import translated
from rag.protocols import Message, Piece
from rag.settings import LLMSettings

if TYPE_CHECKING:
    import httpx

_MAX_BYTES = 8_000_000
_MAX_LINE_BYTES = 1_000_000
_DONE = re.compile(rb"(?:^|\n)data: ?\[DONE\]")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LOOK_SECONDS = 2.0


def is_local(settings: LLMSettings) -> bool:
    """Whether the model runs on this machine, and so needs more patience."""
    host = urlsplit(settings.url or "").hostname
    return settings.gguf is not None or host in _LOOPBACK


def endpoint_key(settings: LLMSettings) -> str | None:
    """The key, from the environment alone."""
    return os.environ.get(settings.key_env, "").strip() or None


class EndpointLLM:
    """A model behind ``llm.url``."""

    def __init__(self, settings: LLMSettings) -> None:
        self._settings = settings
        self._url = settings.url or ""
        self._model = settings.model or "default"
        self._context: int | None = None
        self._has_looked = False
        # Some servers refuse a request that asks for token counts.
        self._asks_usage = True

    @property
    def model_name(self) -> str:
        """The model's name at the endpoint."""
        return self._model

    @property
    def identity(self) -> str:
        """Address, model and sampling."""
        return f"{self._url}|{self._model}|{self._settings.temperature}"

    def context_tokens(self) -> int | None:
        """What the endpoint says of the model's context; asked once."""
        if not self._has_looked:
            self._has_looked = True
            self._context = self._look_up_context()
        return self._context

    def prepare(self) -> None:
        """Import the client, which takes seconds."""
        import llama_index.llms.openai_like  # noqa: F401

    def write(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        emit: Callable[[Piece], None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Emit what the endpoint streams."""
        ending = _Ending()
        with _client(self._settings, is_wanted, ending) as client:
            try:
                for piece in self._pieces(client, messages, max_tokens):
                    if not is_wanted():
                        return
                    emit(piece)
            except LLMFailure:
                raise
            except Exception as error:  # noqa: BLE001  the client raises whatever its parser does
                failure = translated(error, endpoint_key(self._settings))
                if failure.kind == "bad_request" and self._asks_usage:
                    self._asks_usage = False
                    failure.kind = "malformed"  # may pass: the next request asks for less
                raise failure from None
        emit(Piece(is_done=ending.is_seen))

    def _pieces(
        self, client: httpx.Client, messages: Sequence[Message], max_tokens: int
    ) -> Iterator[Piece]:
        from llama_index.core.callbacks import CallbackManager
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike

        extra = {"stream_options": {"include_usage": True}} if self._asks_usage else {}
        model = OpenAILike(
            model=self._model,
            api_base=self._url,
            # Without a key the client would take OPENAI_API_KEY and send it to any host.
            api_key=endpoint_key(self._settings) or "none",
            is_chat_model=True,
            max_retries=0,
            max_tokens=max_tokens,
            temperature=self._settings.temperature,
            additional_kwargs=extra,
            http_client=client,
            callback_manager=CallbackManager(),
        )
        chat = [ChatMessage(role=message.role, content=message.text) for message in messages]
        for answer in model.stream_chat(chat):
            yield _piece(answer.raw, answer.additional_kwargs)

    def _look_up_context(self) -> int | None:
        rows = list_models(self._settings)
        named = [row for row in rows or [] if row.get("id") == self._model]
        for row in named or (rows or [])[:1]:
            found = _context_of(row)
            if found:
                return found
        return None


def list_models(settings: LLMSettings, seconds: float = _LOOK_SECONDS) -> list[Any] | None:
    """What the endpoint lists under ``/models``; ``None`` when it does not answer."""
    import httpx

    with _client(settings, lambda: True, _Ending()) as client:
        try:
            found = client.get(
                f"{settings.url}/models",
                timeout=seconds,
                headers={"Authorization": f"Bearer {endpoint_key(settings) or 'none'}"},
            )
            found.raise_for_status()
            rows = found.json()["data"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError, LLMFailure):
            return None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else None


def _context_of(row: dict[str, Any]) -> int | None:
    """vLLM, LM Studio, Groq and llama.cpp each have their own name for it."""
    meta = row.get("meta")
    places = [row, meta if isinstance(meta, dict) else {}]
    for name in ("max_model_len", "n_ctx", "context_length", "context_window", "n_ctx_train"):
        for place in places:
            value = place.get(name)
            if isinstance(value, int) and value >= 512:
                return value
    return None


def _piece(raw: Any, counts: dict[str, Any]) -> Piece:
    choices = getattr(raw, "choices", None) or []
    delta = getattr(choices[0], "delta", None) if choices else None
    text = getattr(delta, "content", None) or ""
    extra = getattr(delta, "model_extra", None) or {}
    return Piece(
        text=text if isinstance(text, str) else "",
        finish=getattr(choices[0], "finish_reason", None) if choices else None,
        prompt_tokens=counts.get("prompt_tokens"),
        completion_tokens=counts.get("completion_tokens"),
        is_thinking=bool(extra.get("reasoning_content") or extra.get("reasoning")),
    )


class _Ending:
    """Watches raw bytes for the end mark, which the client swallows."""

    def __init__(self) -> None:
        self.is_seen = False
        self._tail = b""

    def watch(self, chunk: bytes) -> None:
        window = self._tail + chunk
        self.is_seen = self.is_seen or _DONE.search(window) is not None
        self._tail = window[-16:]


def _client(settings: LLMSettings, is_wanted: Callable[[], bool], ending: _Ending) -> httpx.Client:
    """A client that gives up when nobody waits, and reads no endless answer into memory."""
    import httpx

    class WatchedStream(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            read = line = 0
            for chunk in self._stream:
                if not is_wanted():
                    raise LLMFailure("deadline")
                read += len(chunk)
                broken = chunk.rfind(b"\n")
                line = line + len(chunk) if broken < 0 else len(chunk) - broken
                if read > _MAX_BYTES or line > _MAX_LINE_BYTES:
                    raise LLMFailure("too_long", "more bytes than an answer can have")
                ending.watch(chunk)
                yield chunk

        def close(self) -> None:
            self._stream.close()

    class WatchedTransport(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if isinstance(answer.stream, httpx.SyncByteStream):
                answer.stream = WatchedStream(answer.stream)
            return answer

    patience = max(settings.first_token_seconds or 120.0, settings.gap_seconds)
    host = urlsplit(settings.url or "").hostname
    proxy = None if host in _LOOPBACK else _proxy(settings.url or "")
    return httpx.Client(
        transport=WatchedTransport(proxy=proxy, verify=_certificates()),
        timeout=httpx.Timeout(patience, connect=settings.connect_seconds),
        trust_env=False,
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: each client would read all of them again, for milliseconds and megabytes."""
    import httpx

    return httpx.create_ssl_context()


def _proxy(url: str) -> str | None:
    """The proxy the environment names for this address."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)


def usage_note(row: dict[str, Any]) -> str:
    """A row of ``/models`` in one line."""
    return json.dumps({"id": row.get("id"), "context_tokens": _context_of(row)})
