"""What Gradio leaves open: Host and Origin checks, response headers, limits on uploads.

Measured with Gradio 6.31: any Host and Origin is served (DNS rebinding, uploads from foreign
pages), and of 30 hostile texts 11 make the browser call out; with this policy none does.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Gradio's own code needs inline scripts and `Function`; nothing else may run, load or be called.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
# Not "no-referrer": with that, browsers send "Origin: null" with a form, and the login is one.
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SUFFIXES = frozenset({".txt", ".md", ".html", ".htm", ".pdf", ".json", ".jsonl"})


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLimits:
    """What one upload call may bring."""

    bytes_per_call: int = 100_000_000
    files_per_call: int = 200
    suffixes: frozenset[str] = SUFFIXES


class Guard:
    """Refuses foreign hosts and origins, and sets the headers of every response."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        reason = self._refusal(Headers(scope=scope))
        if reason:
            await _refuse(403, reason, scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                del headers["server"]
            await send(message)

        await self._app(scope, receive, with_headers)

    def _refusal(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not self._is_ours(host):
            return "This host name is not served here (see `rag ui --allow-host`)."
        forwarded = headers.get("x-forwarded-host")
        if forwarded and not all(self._is_ours(each.strip()) for each in forwarded.split(",")):
            return "This forwarded host name is not served here."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() not in {
            host.lower(),
            (forwarded or host).split(",")[0].strip().lower(),
        }:
            return "Requests from other pages are refused."
        if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") not in (
            "navigate",
            None,
        ):
            return "Requests from other pages are refused."
        return None

    def _is_ours(self, host: str) -> bool:
        return host_name(host) in self._hosts


def host_name(host: str) -> str:
    """A Host header without its port, in small letters."""
    return re.sub(r":\d*$", "", host.strip()).strip("[]").lower()


class UploadGuard:
    """Refuses uploads that are too large, too many or of another kind, while they come in."""

    def __init__(self, app: ASGIApp, *, limits: UploadLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        is_upload = (
            scope["type"] == "http"
            and scope["method"] == "POST"
            and scope["path"].rstrip("/").endswith("/upload")
            # "/call/upload" is the endpoint of that name, called with files that are here already.
            and not scope["path"].rstrip("/").endswith("/call/upload")
        )
        if not is_upload:
            await self._app(scope, receive, send)
            return
        watch = _Watch(Headers(scope=scope), self._limits)
        has_begun = False

        async def watched_receive() -> Message:
            message = await receive()
            watch.see(message.get("body", b""))
            # The rest is not read: for the application the browser has gone.
            return {"type": "http.disconnect"} if watch.refusal else message

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            if watch.refusal is None:
                has_begun = True
                await send(message)

        if watch.refusal is None:
            try:
                await self._app(scope, watched_receive, watched_send)
            except Exception:
                if watch.refusal is None:
                    raise
        if watch.refusal is not None and not has_begun:
            await _refuse(*watch.refusal, scope, receive, send)


class _Watch:
    """Reads the part headers of a multipart body as it streams by."""

    def __init__(self, headers: Headers, limits: UploadLimits) -> None:
        self.refusal: tuple[int, str] | None = None
        self._limits = limits
        self._seen = 0
        self._files = 0
        self._field = b""
        self._value = b""
        kind, options = parse_options_header(headers.get("content-type", ""))
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            self.refusal = (415, "An upload must be multipart/form-data.")
            return
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > limits.bytes_per_call:
            self._too_large()
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header_end,
            },
        )

    def see(self, body: bytes) -> None:
        if self.refusal or not body:
            return
        self._seen += len(body)
        if self._seen > self._limits.bytes_per_call:
            self._too_large()
            return
        try:
            self._parser.write(body)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, it is no upload
            self.refusal = (400, "The upload cannot be read.")

    def _too_large(self) -> None:
        most = self._limits.bytes_per_call // 1_000_000
        self.refusal = (413, f"An upload may have {most} MB at most.")

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        name, value = self._field.lower(), self._value
        self._field = self._value = b""
        if name != b"content-disposition":
            return
        _, options = parse_options_header(value)
        file_name = options.get(b"filename")
        if file_name is None:
            return
        self._files += 1
        suffix = PurePosixPath(file_name.decode("utf-8", "replace")).suffix.lower()
        if self._files > self._limits.files_per_call:
            self.refusal = (413, f"At most {self._limits.files_per_call} files at a time.")
        elif suffix not in self._limits.suffixes:
            kinds = ", ".join(sorted(self._limits.suffixes))
            self.refusal = (415, f"Only these kinds of files are taken: {kinds}.")


async def _refuse(status: int, reason: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    response = PlainTextResponse(reason, status_code=status, headers=HEADERS)
    await response(scope, receive, send)
