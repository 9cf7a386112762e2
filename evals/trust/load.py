"""Many users of the page at once: nobody gets another's answer, and too many are told so.

    python -m evals.trust.load                          50 users, 3 questions each
    python -m evals.trust.load --minutes 30 --users 20  goes on, watching memory and handles

Each user asks for a word that stands in one article only, and must get it back with the own
question. The server is `rag ui` with a stand-in for the embedding model: what is tried is
everything around it. Users and server share the machine, so what a refused user waited for is
partly the other users; how long the server took is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from evals.trust import watched_page
from evals.workplace import PROJECT

QUESTIONS = 3
BUSY_SECONDS = 1.0
_GROWTH = 1.05


@dataclass(frozen=True, slots=True)
class Asked:
    """How one question ended: ``answered``, ``busy``, ``mixed``, ``lost`` or ``slow to refuse``."""

    outcome: str
    seconds: float


def word(user: int) -> str:
    """What only one user's article holds."""
    return f"Kennwort{user:03}x"


def write_articles(folder: Path, users: int) -> None:
    """One article a user."""
    rows = [
        {
            "article_id": f"a{user:03}",
            "source": f"Blatt {user:03}",
            "published_at": "2025-03-04",
            "text": f"Der Hafenmeister von Stelle{user:03} heißt seit Montag {word(user)}. "
            f"Am Kai {user} liegen viele Kähne.",
        }
        for user in range(users)
    ]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def question(user: int) -> str:
    """What a user asks."""
    return f"Wie heißt der Hafenmeister von Stelle{user:03}?"


def ask(client: httpx.Client, user: int) -> Asked:
    """One question through the page's own interface."""
    started = time.monotonic()
    try:
        call = client.post(
            "/api/gradio_api/call/ask", json={"data": [question(user), [], "", "", []]}
        )
        if call.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return _refused(time.monotonic() - started)
        call.raise_for_status()
        told = client.get(f"/api/gradio_api/call/ask/{call.json()['event_id']}").text
    except (httpx.HTTPError, ValueError, KeyError):
        return Asked("lost", time.monotonic() - started)
    return judge(told, user, time.monotonic() - started)


def judge(told: str, user: int, seconds: float) -> Asked:
    """What a stream of events says."""
    if "event: error" in told:
        is_busy = re.search(r"busy|full|Too many|Zu viele", told, re.I)
        return _refused(seconds) if is_busy else Asked("lost", seconds)
    asked = set(re.findall(r"Hafenmeister von (Stelle\d{3})\?", told))
    if asked != {f"Stelle{user:03}"}:
        return Asked("mixed" if asked else "lost", seconds)
    return Asked("answered" if word(user) in told else "lost", seconds)


def _refused(seconds: float) -> Asked:
    return Asked("busy" if seconds <= BUSY_SECONDS else "slow to refuse", seconds)


@contextmanager
def serving(
    folder: Path, users: int, setting: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """The page over the users' articles: its address and process."""
    write_articles(folder, users)
    environment = {
        **os.environ,
        "RAG_STORE": str(folder / "store"),
        "RAG_ANSWER__MIN_CONFIDENCE": "0",
        "PYTHONPATH": str(PROJECT),
        watched_page.TIMES: str(folder / "times.json"),
        **(setting or {}),
    }
    run = [sys.executable, "-m", "evals.trust.watched_page"]
    subprocess.run([*run, "ingest", str(folder / "news.jsonl"), "--quiet"], env=environment,
                   check=True, cwd=folder)  # fmt: skip
    with served([*run, "ui", "--port", "0"], environment, folder) as page:
        yield page


@contextmanager
def served(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator[tuple[str, int]]:
    """The page that a command serves, once it answers: its address and process."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, env=environment, cwd=folder,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"Open (http://\S+?)/ ", line):
                threading.Thread(target=process.stdout.read, daemon=True).start()
                _wait_until_it_answers(found[1])
                yield found[1], process.pid
                return
        raise RuntimeError("the page did not start")
    finally:
        process.terminate()
        process.wait(15)


def _wait_until_it_answers(url: str) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        try:
            httpx.get(url, timeout=10)
        except httpx.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the page does not answer")


def state(pid: int) -> dict[str, int]:
    """Memory in MB, open files and threads of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    memory = int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1024
    threads = int(re.findall(r"Threads:\s+(\d+)", status)[0])
    return {"MB": memory, "files": len(list(Path(f"/proc/{pid}/fd").iterdir())), "threads": threads}


def one_round(url: str, users: int) -> list[Asked]:
    """Every user's questions, all users at once."""
    together = threading.Barrier(users)

    def user_asks(user: int) -> list[Asked]:
        # A client takes longer to make than a question to send: all begin when all are there.
        with httpx.Client(base_url=url, timeout=120, verify=False) as client:
            together.wait()
            return [ask(client, user) for _ in range(QUESTIONS)]

    with ThreadPoolExecutor(users) as pool:
        return [one for asked in pool.map(user_asks, range(users)) for one in asked]


def main(argv: Sequence[str]) -> int:
    """Serve, ask, count; 1 where an answer was lost or mixed, or the process grew."""
    options = argparse.ArgumentParser(prog="python -m evals.trust.load")
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--minutes", type=float, default=0.0)
    given = options.parse_args(argv)
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), given.users) as (url, pid):
        one_round(url, min(given.users, 4))
        before = state(pid)
        ends = time.monotonic() + given.minutes * 60
        asked += one_round(url, given.users)
        while time.monotonic() < ends:
            asked += one_round(url, given.users)
            print(f"{len(asked)} questions, {state(pid)}", flush=True)
        after = state(pid)
        refusing = watched_page.slowest_refusal(Path(folder) / "times.json")
    if refusing is not None:
        print(f"the server took {refusing * 1000:.0f} ms at most from a call to its refusal")
    return _told(asked, before, after, given.users, is_long=given.minutes > 0)


def _told(
    asked: Sequence[Asked],
    before: dict[str, int],
    after: dict[str, int],
    users: int,
    *,
    is_long: bool,
) -> int:
    counts = Counter(one.outcome for one in asked)
    seconds = sorted(one.seconds for one in asked if one.outcome == "answered")
    quantile: Callable[[float], float] = lambda share: (  # noqa: E731
        seconds[min(len(seconds) - 1, int(share * len(seconds)))] if seconds else 0.0
    )
    grown = after["MB"] > _GROWTH * before["MB"] if is_long else False
    print(
        f"{users} users, {len(asked)} questions: {counts['answered']} answered, "
        f"{counts['busy']} told to wait within {BUSY_SECONDS:g} s, {counts['lost']} lost, "
        f"{counts['mixed']} mixed, {counts['slow to refuse']} refused late; "
        f"p50 {quantile(0.5):.1f} s, p95 {quantile(0.95):.1f} s; memory {before['MB']} → "
        f"{after['MB']} MB, files {before['files']} → {after['files']}, "
        f"threads {before['threads']} → {after['threads']}"
    )
    return int(bool(counts["lost"] or counts["mixed"] or counts["slow to refuse"] or grown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
