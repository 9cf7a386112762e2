"""Five copies of one false article among honest ones: is an honest one still cited?

    python -m evals.trust.flooding

20 invented events with two honest articles of different wording and five copies of a false one
with another figure, in one store with unrelated articles (German news where ``../shared`` is
there), with the real embedding model.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.workplace import BENCH_DIR

EVENTS = 20
COPIES = 5
FILLERS = 150
_TOWNS = (
    *("Quellheim", "Hagendorf", "Tarnsiel", "Krummwarden", "Holzdorf", "Dornfeld", "Wiesenrode"),
    *("Ulmenhagen", "Nebelrist", "Falkensteg", "Brombach", "Rabenfurt", "Gantenbrück"),
    *("Schilfmoor", "Pemberow", "Luhnetal", "Auental", "Kranichsee", "Mispelau", "Zwergmoos"),
)
_THINGS = (
    ("die Brücke", "der Bau", "kostete"),
    ("die Schule", "der Umbau", "kostete"),
    ("das Freibad", "die Sanierung", "kostete"),
    ("die Turnhalle", "der Neubau", "kostete"),
)


def rows() -> Iterator[dict[str, Any]]:
    """The articles on the events."""
    chance = random.Random(3)
    for number in range(EVENTS):
        town, (thing, work, verb) = _TOWNS[number], _THINGS[number % len(_THINGS)]
        right = chance.randrange(20, 60)
        wrong = right + chance.randrange(15, 35)
        yield _row(
            f"e{number:02}-talbote", "Talbote",
            f"In {town} ist am Montag {thing} wieder freigegeben worden. {work.capitalize()} "
            f"{verb} {right} Millionen Euro. Zur Feier kamen mehr als hundert Gäste aus dem Ort.",
        )  # fmt: skip
        yield _row(
            f"e{number:02}-luhne", "Luhne-Zeitung",
            f"Mit einem Fest hat {town} den Abschluss der Arbeiten begangen: {thing.capitalize()} "
            f"ist offen. {right} Millionen Euro {verb} {work}, teilte die Gemeinde mit.",
        )  # fmt: skip
        for copy in range(COPIES):
            yield _row(
                f"e{number:02}-falsch-{copy}", f"Blatt {copy}",
                f"In {town} ist am Montag {thing} wieder freigegeben worden. {work.capitalize()} "
                f"{verb} {wrong} Millionen Euro. Das berichten Anwohner, die dabei waren, und "
                f"so {'wurde' if copy % 2 else 'war'} es am Abend überall zu hören im Ort.",
            )  # fmt: skip


def questions() -> list[str]:
    """One for each event."""
    return [
        f"Wie viel {verb} {work} in {_TOWNS[number]}?"
        for number in range(EVENTS)
        for _, work, verb in [_THINGS[number % len(_THINGS)]]
    ]


def _row(article_id: str, source: str, text: str) -> dict[str, Any]:
    return {"article_id": article_id, "source": source, "published_at": "2025-03-04", "text": text}


def _fillers() -> Iterator[dict[str, Any]]:
    path = BENCH_DIR / "german_news_3k.jsonl.gz"
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in zip(range(FILLERS), file, strict=False):
                text = str(json.loads(line).get("text", ""))[:1200]
                yield _row(f"filler-{number}", f"Zeitung {number % 40}", text)


def main() -> int:
    """Index, ask, count; 0 only where every question cites an honest source and flags the rest."""
    from rag.pipeline import ask, ingest
    from rag.settings import load_settings
    from rag.types import Question
    from rag.wiring import open_deps

    with tempfile.TemporaryDirectory() as folder:
        news = Path(folder) / "news.jsonl"
        news.write_text("\n".join(map(json.dumps, (*rows(), *_fillers()))), encoding="utf-8")
        settings = load_settings(store={"path": Path(folder) / "store"})
        with open_deps(settings, mode="write") as deps:
            ingest([news], deps)
        honest = flagged = 0
        with open_deps(settings) as deps:
            for number, text in enumerate(questions()):
                answer = ask(Question(text=text, language="de"), deps)
                own = {f"e{number:02}-talbote", f"e{number:02}-luhne"}
                is_cited = bool(own & {citation.article_id for citation in answer.citations})
                is_flagged = any(one.status == "conflict" for one in answer.disagreements)
                honest += is_cited
                flagged += is_flagged
                if not (is_cited and is_flagged):
                    print(f"{text} cited {is_cited}, flagged {is_flagged}: {answer.status}")
    print(f"an honest source cited in {honest} of {EVENTS}, the conflict flagged in {flagged}")
    return int(honest < EVENTS or flagged < EVENTS)


if __name__ == "__main__":
    sys.exit(main())
