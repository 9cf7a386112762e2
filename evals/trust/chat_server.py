"""A small OpenAI-compatible endpoint on this machine that answers, well or badly, as it is told."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Exchange:
    """One chat request, with ways to answer it well or badly."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], number: int) -> None:
        self.body = body
        self.number = number
        self._handler = handler

    @property
    def prompt(self) -> str:
        """All that the request's messages say."""
        return "\n".join(str(message["content"]) for message in self.body.get("messages", []))

    def status(self, code: int, payload: Any, headers: dict[str, str] | None = None) -> None:
        """A whole response; bytes are sent as they are, anything else as JSON."""
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._handler.send_response(code)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self._handler.wfile.write(data)

    def start(self) -> None:
        """Begin a stream."""
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.end_headers()
        self._handler.wfile.flush()

    def raw(self, data: bytes) -> None:
        """Bytes of a stream as they are."""
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def event(self, payload: Any) -> None:
        """One event of a stream."""
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.raw(f"data: {text}\n\n".encode())

    def say(self, text: str | None, finish: str | None = None) -> None:
        """A piece of the answer, or its end."""
        delta = {} if text is None else {"content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        kind = "chat.completion.chunk"
        self.event({"id": "x", "object": kind, "created": 1, "model": "m", "choices": [choice]})

    def whole(
        self, text: str, finish: str | None = "stop", *, done: bool = True, piece: int = 7
    ) -> None:
        """A whole answer in small pieces."""
        self.start()
        for place in range(0, len(text), piece):
            self.say(text[place : place + piece])
        self.say(None, finish)
        if done:
            self.event("[DONE]")


class ChatServer:
    """Listens on a free port of this machine; ``behave`` answers each chat request."""

    def __init__(self, behave: Callable[[Exchange], None], *, context: int = 4096) -> None:
        self.behave = behave
        self.calls = 0
        self.keys: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                models = {"data": [{"id": "m", "max_model_len": context}], "object": "list"}
                Exchange(self, {}, 0).status(200, models)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                outer.calls += 1
                outer.keys.append(self.headers.get("Authorization"))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    outer.behave(Exchange(self, body, outer.calls))
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
