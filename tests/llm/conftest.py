"""A small OpenAI-compatible server that misbehaves on demand, and evidence to write from."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rag.answer.extractive import Composed
from rag.types import Article, Citation, CitedSentence, Evidence, Question

KEY = "sk-TESTKEY-4711-secret"
GOOD = "Die Brücke in Dornfeld wurde am Montag gesperrt. [1] Zwölf Pendler saßen fest. [2]"


class Exchange:
    """One request to the fault server, with ways to answer it well or badly."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], number: int) -> None:
        self.body = body
        self.number = number
        self._handler = handler

    @property
    def prompt(self) -> str:
        return "\n".join(str(m["content"]) for m in self.body.get("messages", []))

    def status(self, code: int, payload: Any, headers: dict[str, str] | None = None) -> None:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self._handler.send_response(code)
        self._handler.send_header("Content-Type", "application/json")
        self._handler.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self._handler.wfile.write(data)

    def start(self) -> None:
        self._handler.send_response(200)
        self._handler.send_header("Content-Type", "text/event-stream")
        self._handler.end_headers()
        self._handler.wfile.flush()

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def event(self, payload: Any) -> None:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.raw(f"data: {text}\n\n".encode())

    def say(self, text: str | None, finish: str | None = None) -> None:
        delta = {} if text is None else {"content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event(
            {
                "id": "x",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [choice],
            }
        )

    def whole(self, text: str, finish: str | None = "stop", done: bool = True) -> None:
        self.start()
        for place in range(0, len(text), 7):
            self.say(text[place : place + 7])
        self.say(None, finish)
        if done:
            self.event("[DONE]")


class FaultServer:
    """Listens on a free port; ``behave`` answers each chat request."""

    def __init__(self) -> None:
        self.behave: Callable[[Exchange], None] = lambda exchange: exchange.whole(GOOD)
        self.calls = 0
        self.keys: list[str | None] = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                Exchange(self, {}, 0).status(
                    200, {"data": [{"id": "m", "max_model_len": 4096}], "object": "list"}
                )

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(size))
                outer.calls += 1
                outer.keys.append(self.headers.get("Authorization"))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    outer.behave(Exchange(self, body, outer.calls))
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    monkeypatch.setenv("RAG_LLM_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-OTHER-must-not-leave")
    started = FaultServer()
    yield started
    started.stop()


def article(article_id: str, source: str, text: str) -> Article:
    return Article(
        article_id=article_id, text=text, content_hash="", raw_hash="", path="", language="de",
        source=source, published_at="2025-05-06",
    )  # fmt: skip


ARTICLES = (
    article("a", "Nordblick", "Die Brücke in Dornfeld wurde am Montag gesperrt."),
    article("b", "Abendkurier", "Zwölf Pendler saßen am Morgen fest."),
    article("c", "Talbote", "Die Sperrung soll bis Freitag dauern."),
)


@pytest.fixture
def question() -> Question:
    return Question(text="Was geschah mit der Brücke in Dornfeld?", language="de")


@pytest.fixture
def evidence() -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            article=each, chunk_id=f"{each.article_id}:0", quote=each.text, start_char=0,
            end_char=len(each.text), probability=0.9 - place / 10, similarity=0.9,
        )
        for place, each in enumerate(ARTICLES)
    )  # fmt: skip


@pytest.fixture
def extractive() -> Composed:
    first = ARTICLES[0]
    return Composed(
        text=f"Nordblick: {first.text} [1]",
        sentences=(CitedSentence(text=f"Nordblick: {first.text}", citations=(1,)),),
        citations=(
            Citation(
                marker=1, article_id="a", source="Nordblick", title=None,
                published_at="2025-05-06", quote=first.text, start_char=0,
                end_char=len(first.text),
            ),
        ),
        disagreements=(),
        notes=(),
    )  # fmt: skip
