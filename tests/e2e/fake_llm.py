"""A language model of the tests: an endpoint on this machine that says what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def speaking(pieces: list[str], *, pause_seconds: float = 0.0) -> Iterator[str]:
    """The address of an endpoint that streams these pieces as its answer to anything."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._send("application/json")
            self.wfile.write(json.dumps({"data": [{"id": "fake", "object": "model"}]}).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self._send("text/event-stream")
            try:
                for place, piece in enumerate([*pieces, ""]):
                    finish = "stop" if place == len(pieces) else None
                    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": finish}
                    row = {"id": "x", "object": "chat.completion.chunk", "choices": [choice]}
                    self.wfile.write(f"data: {json.dumps(row)}\n\n".encode())
                    self.wfile.flush()
                    time.sleep(pause_seconds)
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                pass  # the reader has gone, as is tested

        def _send(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
