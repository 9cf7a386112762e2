"""`make bench`: all figures of speed and memory in one run, as JSON and as a page.

    python -m evals.bench.run                        a subset, some ten minutes on two quiet cores
    python -m evals.bench.run --articles 300 --sizes 1000 10000 100000 300000 --minutes 300
    python -m evals.bench.run --only asking --base STORE --save

Each part runs in processes of its own, peers in turns with ours. Only ratios of one run, and
figures of a quiet machine, can be compared with another run; the load is written down with them.
A part that is not begun when ``--minutes`` are over is named as not run. ``--save`` makes the run
the committed one that later runs are compared with, part by part.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from evals.bench.measured import Figure, as_json, child, machine
from evals.bench.report import compared, write_page
from rag.settings import load_settings

BASELINE = Path(__file__).resolve().parents[1] / "baselines" / "bench.json"
NEWS = Path(__file__).resolve().parents[3] / "shared/bench/german_news_3k.jsonl.gz"
_TOPIC = "Corona"
"""What most of the news articles are on."""
Part = Callable[[argparse.Namespace, Path], dict[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _options(arguments)
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = {"schema": 1, "machine": machine(), "parts": {}}
    wanted = options.only.split(",") if options.only else list(PARTS)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        started = time.monotonic()
        for name in wanted:
            result["parts"][name] = _measured(name, options, Path(folder), started)
            (out / "bench.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    before = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.is_file() else None
    write_page(out / "bench.html", result, before)
    for line in compared(result, before):
        print(line)
    failed = [name for name, part in result["parts"].items() if "failed" in part]
    for name in failed:
        print(f"failed: {name}: {result['parts'][name]['failed']}", file=sys.stderr)
    if options.save and not failed:
        _save(result, before)
    return 1 if failed else 0


def _measured(
    name: str, options: argparse.Namespace, folder: Path, started: float
) -> dict[str, Any]:
    """A part's figures, or why there are none: one that fails must not cost the others."""
    begun = time.monotonic()
    if begun - started > 60 * options.minutes:
        return {"failed": f"not run: the {options.minutes:g} minutes were over"}
    print(f"{name} …", file=sys.stderr, flush=True)
    load = os.getloadavg()[0]
    try:
        found: dict[str, Any] = as_json(PARTS[name](options, folder))
    except Exception as error:  # noqa: BLE001  failed, not zero: a missing figure is named
        return {"failed": f"{type(error).__name__}: {error}"[:600]}
    took = round(time.monotonic() - begun)
    return {**found, "run": {"took_s": took, "load_average": round(load, 1)}}


def _save(result: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Parts that were not measured now stay as they are in the committed run."""
    parts = {**(before["parts"] if before else {}), **result["parts"]}
    kept = {**result, "parts": {name: parts[name] for name in PARTS if name in parts}}
    BASELINE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _ingestion(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Ours and llama-index's in turns, each on new folders; the last ones stay for other parts."""
    articles = _articles(options, folder)
    ours: list[Any] = []
    theirs: list[Any] = []
    for _ in range(options.rounds):
        for which, runs in (("ours", ours), ("llama-index", theirs)):
            target = folder / which
            shutil.rmtree(target, ignore_errors=True)
            runs.append(child("evals.bench.ingestion", which, articles, target))
    embedding = [run["stages"]["embed"] / run["wall"] for run in ours]
    return {
        "articles": ours[0]["articles"],
        "articles per second": Figure.of((r["articles"] / r["wall"] for r in ours), "1/s"),
        "llama-index, articles per second": Figure.of(
            (r["articles"] / r["wall"] for r in theirs), "1/s"
        ),
        "times faster": Figure.of(
            (t["wall"] / o["wall"] for o, t in zip(ours, theirs, strict=True)), "×"
        ),
        "times faster by CPU time": Figure.of(
            (t["cpu"] / o["cpu"] for o, t in zip(ours, theirs, strict=True)), "×"
        ),
        "share of embedding": Figure.of(embedding, "share"),
        "stages": {
            stage: Figure.of((run["stages"].get(stage, 0.0) for run in ours), "s")
            for stage in ours[0]["stages"]
        },
        "memory": Figure.of((run["memory_mb"] for run in ours), "MB"),
        "llama-index, memory": Figure.of((run["memory_mb"] for run in theirs), "MB"),
        "store": Figure.of((run["store_mb"] for run in ours), "MB"),
    }


def _start(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from evals.bench.start import measure_against_peer, measure_commands, measure_imports
    from rag.index.weights import locate

    _ensure_stores(options, folder)
    settings = load_settings().embedding
    model = locate(settings.model, settings.models_dir)
    store = folder / "ours"
    return {
        "commands": measure_commands(store, options.rounds),
        "against llama-index": measure_against_peer(
            store, folder / "llama-index", model, options.rounds
        ),
        "imports_ms": measure_imports(store),
    }


def _embedding(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from evals.bench.embedding import measure

    found = measure(options.file, options.articles, 64)
    del found["machine"]
    return found


def _asking(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Stores of several sizes, grown from one that was really indexed, and those given."""
    stores = list(options.stores)
    base = options.base
    if options.sizes and base is None:
        _ensure_stores(options, folder)
        base = folder / "ours"
    for size in options.sizes:
        stores.append(folder / f"grown-{size}")
        child("evals.bench.grow", base, stores[-1], size, "--chroma")
    found = {}
    for store in stores:
        one = child("evals.bench.asking", store, options.questions)
        found[str(one["chunks"])] = one
    return found


def _briefings(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    found = {}
    for store in options.stores[:1] or [folder / "ours"]:
        _ensure_stores(options, folder)
        for limit in (10, 100, 1000):
            found[str(limit)] = child(
                "evals.bench.briefing_time", store, "--topic", _TOPIC, "--of", limit
            )
    return found


PARTS: dict[str, Part] = {
    "ingestion": _ingestion,
    "start": _start,
    "embedding": _embedding,
    "asking": _asking,
    "briefings": _briefings,
}


def _ensure_stores(options: argparse.Namespace, folder: Path) -> None:
    articles = _articles(options, folder)
    for which in ("ours", "llama-index"):
        if not (folder / which).exists():
            child("evals.bench.ingestion", which, articles, folder / which)


def _articles(options: argparse.Namespace, folder: Path) -> Path:
    path = folder / "articles.jsonl"
    if not path.exists():
        file: Path = options.file
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            path.write_bytes(b"".join(islice(lines, options.articles)))
    return path


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path("bench-out"))
    parser.add_argument("--file", type=Path, default=NEWS, help="articles, JSONL(.gz)")
    parser.add_argument("--articles", type=int, default=12, help="how many of them (default 12)")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000], metavar="CHUNKS",
                        help="of the stores that are asked (default 1000 10000)")  # fmt: skip
    parser.add_argument("--base", type=Path, help="a store to grow them from, not the 12 articles")
    parser.add_argument("--stores", type=Path, nargs="*", default=[], help="further ones to ask")
    parser.add_argument("--minutes", type=float, default=15.0, help="no part is begun after them")
    parser.add_argument("--save", action="store_true", help="make it the committed run")
    parser.add_argument("--only", default="", help="parts, by comma: " + ",".join(PARTS))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
