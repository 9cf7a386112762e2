"""A GGUF file run in this process by llama.cpp (package xllamacpp, extra `local`)."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.llm.failures import LLMFailure
from rag.llm.http_faults import _OVERFLOW_CODES as OVERFLOW_TYPES
from rag.protocols import Message, Piece
from rag.settings import LLMSettings

DEFAULT_CONTEXT_TOKENS = 4096
_log = logging.getLogger(__name__)


class InProcessLLM:
    """The model of ``llm.gguf``; loaded when first asked, one answer at a time."""

    def __init__(self, settings: LLMSettings) -> None:
        self._settings = settings
        self._path = Path(settings.gguf or "")
        self._context = settings.context_tokens or DEFAULT_CONTEXT_TOKENS
        self._server: Any = None
        self._lock = threading.Lock()

    @property
    def model_name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def identity(self) -> str:
        """The file as it is now, its context and the sampling."""
        try:
            stat = self._path.stat()
        except OSError:
            return f"{self._path.name}|missing"
        shape = (stat.st_size, stat.st_mtime_ns, self._context, self._settings.temperature)
        return f"{self._path.name}|{'|'.join(map(str, shape))}"

    def context_tokens(self) -> int | None:
        """What the model is loaded with."""
        return self._context

    def prepare(self) -> None:
        """The file is loaded in the call's thread, where Ctrl-C does not wait for it."""

    def write(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        emit: Callable[[Piece], None],
        is_wanted: Callable[[], bool],
    ) -> None:
        """Emit what the model writes, token by token."""
        request = {
            "messages": [{"role": m.role, "content": m.text} for m in messages],
            "max_tokens": max_tokens,
            "temperature": self._settings.temperature,
            "seed": 1,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        failures: list[LLMFailure] = []

        def take(chunk: Any) -> bool:
            """Called by the runtime for each chunk; True stops it."""
            row = json.loads(chunk) if isinstance(chunk, str | bytes) else chunk
            if "error" in row:
                failures.append(_failure(row["error"]))
                return True
            emit(_piece(row))
            return not is_wanted()

        with self._lock:
            if not is_wanted():
                return
            self._load().handle_chat_completions(json.dumps(request), take)
        if failures:
            raise failures[0]

    def _load(self) -> Any:
        if self._server is None:
            self._server = open_server(
                self._path, context_tokens=self._context, threads=self._settings.threads
            )
        return self._server


def open_server(
    path: Path, *, context_tokens: int, threads: int | None = None, key: str | None = None
) -> Any:
    """llama.cpp's server in this process. Raises ``LLMFailure``.

    It also listens on a loopback port: a random key keeps others on this machine out.
    """
    try:
        import xllamacpp
    except ImportError:
        raise LLMFailure("missing_runtime") from None
    if not _is_gguf(path):
        raise LLMFailure("broken_model", f"{path.name} is no GGUF file")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = context_tokens
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads or _cores()
    params.verbosity = -1
    params.warmup = False
    params.endpoint_slots = False
    params.cache_ram_mib = 0
    params.api_keys = [key or secrets.token_urlsafe(24)]
    try:
        return xllamacpp.Server(params)
    except Exception as error:  # noqa: BLE001  the runtime raises bare exceptions
        _log.debug("llama.cpp: %s", error)
        raise LLMFailure("broken_model", path.name) from None


def _is_gguf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"GGUF"
    except OSError:
        return False


def _cores() -> int:
    import os

    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)


def _piece(row: dict[str, Any]) -> Piece:
    choices = row.get("choices") or [{}]
    delta = choices[0].get("delta") or {} if choices else {}
    usage = row.get("usage") or {}
    return Piece(
        text=delta.get("content") or "",
        finish=choices[0].get("finish_reason") if choices else None,
        prompt_tokens=usage.get("prompt_tokens"),
        completion_tokens=usage.get("completion_tokens"),
        is_thinking=bool(delta.get("reasoning_content")),
    )


def _failure(error: dict[str, Any]) -> LLMFailure:
    if error.get("type") in OVERFLOW_TYPES:
        return LLMFailure(
            "context_overflow",
            context_tokens=error.get("n_ctx"),
            prompt_tokens=error.get("n_prompt_tokens"),
        )
    code = error.get("code")
    is_own_fault = isinstance(code, int) and 400 <= code < 500
    return LLMFailure("bad_request" if is_own_fault else "server_error", f"code {code}")
