"""The page under load: many users at once, memory over many questions, start and first answer.

    python -m evals.bench.page --store .rag --users 20 --questions 500

Asks through the page's own event, as a browser does (Gradio's queue over HTTP), each user in a
session of their own; every answer must hold the number its user asked with, so that a mix-up of
two users is seen.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

QUESTIONS = (
    "Wie viele Soldaten marschierten bei der Parade mit?",
    "Wo trafen sich Kim und Putin 2025?",
    "Was sagte Juri Uschakow?",
    "How many soldiers marched in the parade?",
    "Wie lange dauerte das Treffen?",
)


def main() -> None:
    """Prints one JSON object with what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=Path(".rag"))
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--questions", type=int, default=500)
    wanted = parser.parse_args()
    started = time.monotonic()
    process, url = _serve(wanted.store)
    try:
        event = chat_event(url)
        seconds_to_page = time.monotonic() - started
        first = ask_page(url, event, "first", QUESTIONS[0])
        warm = [ask_page(url, event, f"warm{n}", QUESTIONS[n % 5]) for n in range(5)]
        at_once = _together(url, event, wanted.users)
        before = _memory(process.pid)
        for number in range(wanted.questions):
            # As many windows as users: each new one costs 0.2 MB, up to rag.ui.queueing's limit.
            ask_page(url, event, f"soak{number % wanted.users}", QUESTIONS[number % 5])
            if number == wanted.questions // 10:
                before = _memory(process.pid)  # caches are full by then
        after = _memory(process.pid)
    finally:
        process.terminate()
        process.wait(20)
    print(
        json.dumps(
            {
                "seconds_to_page": round(seconds_to_page, 2),
                "first_answer_seconds": round(first, 2),
                "warm_answer_seconds": round(statistics.median(warm), 2),
                "users": wanted.users,
                "together_p50": round(statistics.median(at_once), 2),
                "together_p95": round(sorted(at_once)[int(0.95 * (len(at_once) - 1))], 2),
                "questions": wanted.questions,
                "memory_mb": [round(before / 1e6), round(after / 1e6)],
                "memory_growth": round(after / before - 1, 4) if wanted.questions else None,
                "load_average": os.getloadavg()[0],
            }
        )
    )


def _serve(store: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "rag", "ui", "--store", str(store), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        found = re.search(r"Open (http://\S+?)/ ", line)
        if found:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, found[1]
    raise SystemExit("the page did not start")


def chat_event(url: str) -> int:
    """The event that asks, found by the field it reads; waits until the page is served."""
    for _ in range(200):
        try:
            config = httpx.get(f"{url}/de/config").json()
            break
        except httpx.TransportError:
            time.sleep(0.1)
    fields = [c["id"] for c in config["components"] if c["props"].get("elem_id") == "question"]
    for event in config["dependencies"]:
        if event["inputs"][:1] == fields and [fields[0], "submit"] in event["targets"]:
            return int(event["id"])
    raise SystemExit("the page has no event that asks")


def ask_page(url: str, event: int, session: str, question: str) -> float:
    """Seconds until the answer is there; raises where it is missing or another user's."""
    mine = f"{question} ({session})"
    started = time.monotonic()
    with httpx.Client(base_url=f"{url}/de/gradio_api/queue", timeout=120) as client:
        body = {
            "data": [mine, None, None],
            "fn_index": event,
            "session_hash": session,
            "event_data": None,
            "trigger_id": None,
        }
        client.post("/join", json=body).raise_for_status()
        seen = ""
        with client.stream("GET", "/data", params={"session_hash": session}) as lines:
            for line in lines.iter_lines():
                if not line.startswith("data: "):
                    continue
                message: dict[str, Any] = json.loads(line[6:])
                seen += line if "turn" in line else ""
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise SystemExit(f"failed: {line[:500]}")
                    break
    if 'class=\\"answer\\"' not in seen:
        raise SystemExit(f"no answer: {seen[:500]}")
    asked = set(re.findall(r"\(((?:first|warm|user|soak)\d*)\)", seen))
    if asked != {session}:
        raise SystemExit(f"mixed up: {session} saw {asked}")
    return time.monotonic() - started


def _together(url: str, event: int, users: int) -> list[float]:
    barrier = threading.Barrier(users)

    def one(number: int) -> float:
        barrier.wait()
        return ask_page(url, event, f"user{number}", QUESTIONS[number % 5])

    with ThreadPoolExecutor(users) as pool:
        return list(pool.map(one, range(users)))


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


if __name__ == "__main__":
    main()
