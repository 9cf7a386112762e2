"""The page and its interface for many people and a long time: nothing is lost, nothing grows.

    python -m evals.trust.soak --minutes 30

Twenty people ask through the page and through its interface, upload and remove, have briefings
made, and go away in the middle of an answer. The language model's endpoint is down for the middle
third. Every failure must be one that is told with its reason: too many at once, somebody else is
writing. The embedding model is a stand-in (see ``evals.trust.load``): what is tried is everything
around it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from evals.bench.measured import percentile
from evals.bench.page import ask_page, chat_event
from evals.trust.load import judge, question, serving, state

_GROWTH = 1.05
_STEADY = 12
"""Files and threads that may be open more at the end; fewer are, as nobody is connected then."""
_WARM_UP = 0.25
_IDLE = 2.0
"""Seconds after which a person's connection is not used again."""
_TOLD = re.compile(
    r"busy|Too many|Zu viele|full|is being (worked|written|changed)|lock|nothing to brief on", re.I
)


@dataclass
class Endpoint:
    """A language model that says what the prompt's articles say; ``is_up`` takes it away."""

    url: str = ""
    is_up: bool = True
    calls: int = 0


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """The model's endpoint on this machine."""
    model = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            model.calls += 1
            if not model.is_up:
                self.close_connection = True
                return  # without a word, as an endpoint that went down
            found = re.search(r"Kennwort\d{3}x", body)
            said = f"Der Hafenmeister heißt seit Montag {found[0] if found else 'anders'} [1]."
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            for content, finish in ((said, None), ("", "stop")):
                row = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
                chunk = {"id": "x", "object": "chat.completion.chunk", "choices": [row]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Tally:
    """What happened so far."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    """How long questions took, while the model's endpoint was up and while it was not."""
    is_up: bool = True
    unexplained: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, outcome: str, seconds: float, told: str = "") -> None:
        """Counts one action; ``told`` is what an action said that is neither fine nor busy."""
        with self.lock:
            self.outcomes[f"{what} {outcome}"] += 1
            if what in ("asked", "page"):
                self.seconds[self.is_up].append(seconds)
            if outcome == "unexplained":
                self.unexplained.append(f"{what}: {told[:300]}")


class Person:
    """Somebody who does one thing after another until it is over."""

    def __init__(self, number: int, url: str, event: int, tally: Tally) -> None:
        self._number = number
        self._url = url
        self._event = event
        self._tally = tally
        self._random = random.Random(number)
        self._turns = 0

    def live(self, ends: float, pause: float) -> None:
        """Acts until ``ends``."""
        actions: Sequence[tuple[Callable[[httpx.Client], None], int]] = (
            (self._ask, 10), (self._ask_page, 5), (self._upload, 1), (self._brief, 1),
            (self._go_away, 2),
        )  # fmt: skip
        chosen = [action for action, weight in actions for _ in range(weight)]
        # A server closes a connection that was idle for five seconds, maybe while it is used again.
        fresh = httpx.Limits(keepalive_expiry=_IDLE)
        with httpx.Client(base_url=self._url, timeout=180, limits=fresh) as client:
            while time.monotonic() < ends:
                self._turns += 1
                action, started = self._random.choice(chosen), time.monotonic()
                try:
                    action(client)
                except httpx.HTTPError as error:
                    self._note(action.__name__, started, repr(error), is_fine=False)
                time.sleep(self._random.uniform(0, 2 * pause))

    def _call(self, client: httpx.Client, name: str, data: list[Any]) -> str:
        call = client.post(f"/api/gradio_api/call/{name}", json={"data": data})
        if call.status_code != httpx.codes.OK:
            return f"event: error {call.status_code} {call.text}"
        return client.get(f"/api/gradio_api/call/{name}/{call.json()['event_id']}").text

    def _note(self, what: str, started: float, told: str, *, is_fine: bool) -> None:
        outcome = "fine" if is_fine else "told" if _TOLD.search(told) else "unexplained"
        self._tally.add(what, outcome, time.monotonic() - started, told)

    def _ask(self, client: httpx.Client) -> None:
        started = time.monotonic()
        told = self._call(client, "ask", [question(self._number), [], "", "", []])
        outcome = judge(told, self._number, time.monotonic() - started).outcome
        if outcome == "answered" and '"mode": "llm"' in told.replace("\\", ""):
            self._tally.add("model", "wrote", 0)
        self._note("asked", started, f"{outcome} {told}", is_fine=outcome == "answered")

    def _ask_page(self, client: httpx.Client) -> None:
        started = time.monotonic()
        session = f"soak{self._number:03}{self._turns}"
        try:
            ask_page(self._url, self._event, session, question(self._number))
        except SystemExit as error:
            self._note("page", started, str(error), is_fine=False)
        except httpx.HTTPError as error:
            self._note("page", started, repr(error), is_fine=False)
        else:
            self._note("page", started, "", is_fine=True)

    def _upload(self, client: httpx.Client) -> None:
        started = time.monotonic()
        name = f"neu{self._number:03}-{self._turns}"
        content = f"Am Steg {name} liegt seit Dienstag die Fähre {name}. Sie fährt täglich."
        sent = client.post(
            "/api/gradio_api/upload", files={"files": (f"{name}.txt", content.encode())}
        )
        if sent.status_code != httpx.codes.OK:
            self._note("uploaded", started, sent.text, is_fine=False)
            return
        file = {"path": sent.json()[0], "meta": {"_type": "gradio.FileData"}}
        told = self._call(client, "upload", [[file], False])
        self._note("uploaded", started, told, is_fine='"outcome": "new"' in told)
        if found := re.search(r'"new": \["([^"]+)"', told):
            started = time.monotonic()
            told = self._call(client, "remove", [[found[1]]])
            self._note("removed", started, told, is_fine="event: complete" in told)

    def _brief(self, client: httpx.Client) -> None:
        started = time.monotonic()
        topic = "" if self._turns % 2 else f"Hafenmeister von Stelle{self._number:03}"
        told = self._call(client, "briefing", [topic, "short", "", [], "", ""])
        self._note("briefed", started, told, is_fine="event: complete" in told)

    def _go_away(self, client: httpx.Client) -> None:
        started = time.monotonic()
        body = {"data": [question(self._number), [], "", "", []]}
        call = client.post("/api/gradio_api/call/ask", json=body)
        if call.status_code == httpx.codes.OK:
            event = call.json()["event_id"]
            with suppress(httpx.ReadTimeout):
                client.get(f"/api/gradio_api/call/ask/{event}", timeout=0.05)
        self._note("left", started, call.text, is_fine=call.status_code == httpx.codes.OK)


def main(argv: Sequence[str]) -> int:
    """Serve and live; 1 where something was lost, failed without a reason, or grew."""
    options = argparse.ArgumentParser(prog="python -m evals.trust.soak")
    options.add_argument("--minutes", type=float, default=30.0)
    options.add_argument("--users", type=int, default=20)
    options.add_argument("--pause", type=float, default=2.0, help="seconds between two actions")
    given = options.parse_args(argv)
    tally, states = Tally(), []
    with tempfile.TemporaryDirectory() as folder, endpoint() as model:
        setting = {
            "RAG_LLM__URL": model.url,
            "RAG_LLM__MODEL": "stand-in",
            "RAG_LLM__CACHE": "false",
            "GRADIO_TEMP_DIR": str(Path(folder) / "kept"),
        }
        with serving(Path(folder), given.users, setting) as (url, pid):
            began = time.monotonic()
            length = given.minutes * 60
            event = chat_event(url)
            people = [
                threading.Thread(
                    target=Person(number, url, event, tally).live,
                    args=(began + length, given.pause),
                )
                for number in range(given.users)
            ]
            for each in people:
                each.start()
            while any(each.is_alive() for each in people):
                share = (time.monotonic() - began) / length
                model.is_up = tally.is_up = not 1 / 3 <= share < 2 / 3
                states.append((share, state(pid)))
                time.sleep(min(5.0, length / 60))
            time.sleep(5)
            states.append((2.0, state(pid)))
    return _told(tally, states, given.minutes, given.users, model.calls)


def _told(
    tally: Tally,
    states: Sequence[tuple[float, Mapping[str, int]]],
    minutes: float,
    users: int,
    calls: int,
) -> int:
    warm = next((each for share, each in states if share >= _WARM_UP), states[-1][1])
    last = states[-1][1]
    took = {up: sorted(found) or [0.0] for up, found in tally.seconds.items()}
    p95 = {up: percentile(found, 0.95) for up, found in took.items()}
    for line in tally.unexplained[:10]:
        print(line)
    print(dict(sorted(tally.outcomes.items())))
    is_steady = all(last[name] - warm[name] <= _STEADY for name in ("files", "threads"))
    grew = last["MB"] > _GROWTH * warm["MB"]
    total = sum(tally.outcomes.values()) - tally.outcomes["model wrote"]
    told = sum(count for name, count in tally.outcomes.items() if name.endswith(" told"))
    print(
        f"{users} users, {minutes:g} minutes, {total} actions: {told} refused with a reason, "
        f"{len(tally.unexplained)} unexplained; questions p50 {median(took[True]):.1f} s, "
        f"p95 {p95[True]:.1f} s, while the model was down {median(took[False]):.1f} and "
        f"{p95[False]:.1f} s; model asked {calls} times; memory {warm['MB']} → {last['MB']} MB "
        f"({100 * (last['MB'] / warm['MB'] - 1):+.1f} % after warm-up), files {warm['files']} → "
        f"{last['files']}, threads {warm['threads']} → {last['threads']}"
    )
    return int(bool(tally.unexplained) or grew or not is_steady)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
