"""Errors of the HTTP client → typed failures, by type and status code; no body is passed on."""

from __future__ import annotations

import json
import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

from rag.llm.failures import FailureKind, LLMFailure

_BY_STATUS: dict[int, FailureKind] = {
    401: "rejected_key",
    403: "rejected_key",
    404: "unknown_model",
    408: "timeout",
    409: "server_error",
    413: "context_overflow",
    425: "server_error",
    429: "rate_limited",
}
_OVERFLOW_CODES = frozenset({"context_length_exceeded", "exceed_context_size_error"})
# vLLM gives no code, only this sentence: "maximum context length is 4096 tokens. However, …"
_MAXIMUM = re.compile(r"(?:maximum )?context (?:length|size|window)[^\d]{0,40}(\d{3,7})", re.I)
_REQUESTED = re.compile(
    r"(?:requested|prompt (?:contains|has)|resulted in)[^\d]{0,40}(\d{3,7})", re.I
)
_LONGEST_DETAIL = 160


def translated(error: Exception, key: str | None) -> LLMFailure:
    """The failure that ``error`` means; ``key`` is blotted out of whatever is said about it."""
    import httpx
    import openai

    cause = error.__cause__
    if isinstance(cause, LLMFailure):
        return cause
    if isinstance(error, openai.APIStatusError):
        return _from_status(error, key)
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        is_connect = isinstance(cause, httpx.ConnectTimeout)
        return LLMFailure("unreachable" if is_connect else "timeout")
    if isinstance(error, openai.APIConnectionError | httpx.ConnectError):
        # A connection that broke while answering was reachable.
        was_broken = isinstance(cause, httpx.ReadError | httpx.RemoteProtocolError)
        return LLMFailure("cut" if was_broken else "unreachable")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return LLMFailure("cut")
    if isinstance(error, openai.APIError) and not isinstance(
        error, openai.APIResponseValidationError
    ):
        return LLMFailure("server_error", _redacted(error.message, key))
    return LLMFailure("malformed", type(error).__name__)


def _from_status(error: Any, key: str | None) -> LLMFailure:
    status = int(error.status_code)
    kind = _BY_STATUS.get(status, "server_error" if status >= 500 else "bad_request")
    if kind == "rejected_key":
        # Such answers repeat the key.
        return LLMFailure(kind, f"HTTP {status}")
    fields = error.body if isinstance(error.body, dict) else {}
    fields = fields.get("error", fields) if isinstance(fields.get("error"), dict) else fields
    message = str(fields.get("message", ""))
    if kind in ("bad_request", "context_overflow", "server_error"):
        overflow = _overflow(fields, message)
        if overflow is not None or kind == "context_overflow":
            return overflow or LLMFailure("context_overflow", f"HTTP {status}")
    detail = f"HTTP {status}" + (f": {_redacted(message, key)}" if message else "")
    return LLMFailure(kind, detail, retry_after=_retry_after(error.response.headers))


def _overflow(fields: dict[str, Any], message: str) -> LLMFailure | None:
    named = {fields.get("code"), fields.get("type")}
    maximum = _MAXIMUM.search(message)
    if not (_OVERFLOW_CODES & {str(name) for name in named}) and not maximum:
        return None
    requested = _REQUESTED.search(message)
    return LLMFailure(
        "context_overflow",
        context_tokens=_count(fields.get("n_ctx"), maximum),
        prompt_tokens=_count(fields.get("n_prompt_tokens"), requested),
    )


def _count(stated: object, found: re.Match[str] | None) -> int | None:
    if isinstance(stated, int) and stated > 0:
        return stated
    return int(found[1]) if found else None


def _retry_after(headers: Any) -> float | None:
    """Seconds the endpoint asks to wait: a number, or an HTTP date."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _redacted(message: str, key: str | None) -> str:
    line = " ".join(message.split())
    if key:
        line = line.replace(key, "…")
    # Providers show keys in part, too: "sk-…1234".
    line = re.sub(r"\b(?:sk|key|pk|api)[-_][\w*.…-]{4,}", "…", line, flags=re.I)
    return json.dumps(line[:_LONGEST_DETAIL], ensure_ascii=False)[1:-1]
