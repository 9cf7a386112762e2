"""How long questions to the page take while another process ingests into the same store.

    python -m evals.trust.beside [--articles 300] [--users 2] [--seconds 1]

The real embedding model, the articles in ``seeds/`` and questions on them; what is ingested
meanwhile are made-up articles of 1,500 characters. The same questions are timed before.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import httpx

from evals.bench.measured import percentile
from evals.bench.page import QUESTIONS
from evals.trust.load import served
from evals.workplace import PROJECT

_BEFORE = 30
_PAUSE = 0.3
_CHARS = 1500
_RAG = [sys.executable, "-m", "rag"]


def write_made_up(file: Path, count: int, seed: int = 1) -> None:
    """Articles of random words in sentences."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("aeinrstdhulgmobwkzfv", k=7)) for _ in range(8000)]
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            text = ""
            while len(text) < _CHARS:
                text += " ".join(chance.choices(words, k=14)).capitalize() + ". "
            row = {"article_id": f"made{number}", "source": f"Blatt {number % 9}", "text": text}
            lines.write(json.dumps(row) + "\n")


def asking(url: str, users: int, is_over: Callable[[int], bool]) -> tuple[list[float], int]:
    """Seconds of each question of ``users`` at once, until it is over; and how many failed."""
    seconds: list[float] = []
    failed: list[str] = []

    def user(number: int) -> None:
        turn = number
        with httpx.Client(base_url=url, timeout=60) as client:
            while not is_over(len(seconds)):
                started = time.monotonic()
                data = [QUESTIONS[turn % len(QUESTIONS)], [], "", "", []]
                call = client.post("/api/gradio_api/call/ask", json={"data": data}).json()
                told = client.get(f"/api/gradio_api/call/ask/{call.get('event_id')}").text
                seconds.append(time.monotonic() - started)
                if "event: complete" not in told:
                    failed.append(told)
                turn += 1
                time.sleep(_PAUSE)

    people = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return seconds, len(failed)


def main(argv: Sequence[str]) -> int:
    """Serve, ask, ingest and ask; 1 where the 95th percentile is over the limit."""
    options = argparse.ArgumentParser(prog="python -m evals.trust.beside")
    options.add_argument("--articles", type=int, default=300)
    options.add_argument("--users", type=int, default=2)
    options.add_argument("--seconds", type=float, default=1.0)
    given = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        environment = {
            **os.environ,
            "RAG_STORE": str(folder / "store"),
            "PYTHONPATH": str(PROJECT),
        }
        seeds = [*_RAG, "ingest", str(PROJECT / "seeds"), "--quiet"]
        subprocess.run(seeds, env=environment, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        write_made_up(folder / "made.jsonl", given.articles)
        with served([*_RAG, "ui", "--port", "0"], environment, folder) as (url, _):
            asking(url, given.users, lambda asked: asked >= len(QUESTIONS))
            alone, _ = asking(url, given.users, lambda asked: asked >= _BEFORE)
            writer = subprocess.Popen(
                [*_RAG, "ingest", str(folder / "made.jsonl"), "--quiet"],
                env=environment, cwd=folder, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            started = time.monotonic()
            beside, failed = asking(url, given.users, lambda _: writer.poll() is not None)
            took = time.monotonic() - started
    p95, p95_before = percentile(beside, 0.95), percentile(alone, 0.95)
    print(
        f"{given.articles} articles ingested in {took:.0f} s, {len(beside)} questions of "
        f"{given.users} users meanwhile, {failed} failed: p50 {median(beside):.2f} s, "
        f"p95 {p95:.2f} s (before: {median(alone):.2f} and {p95_before:.2f} s)"
    )
    return int(p95 > given.seconds or failed > 0 or writer.returncode != 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
