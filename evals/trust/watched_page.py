"""`rag` with a stand-in for the embedding model; its page notes how long refusals take.

    python -m evals.trust.watched_page ui --store .rag

Every second the page writes to the file that TRUST_TIMES names how many seconds passed between the
arrival of each call that was refused and its refusal.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from rag.index.fake_embedder import HashEmbedder
from rag.ui.gradio_import import import_gradio

TIMES = "TRUST_TIMES"
_BUSY = 503


def slowest_refusal(file: Path) -> float | None:
    """Seconds; ``None`` where none was refused."""
    times: list[float] = json.loads(file.read_text("utf-8")) if file.exists() else []
    return max(times, default=None)


def _watch(file: Path) -> None:
    import_gradio()
    serving: Any = importlib.import_module("rag.ui.serve")
    times: list[float] = []
    build_app = serving.build_app

    def build_watched(*given: Any) -> Any:
        app = build_app(*given)

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            started = time.monotonic()

            async def seen(message: Any) -> None:
                if message.get("status") == _BUSY:
                    times.append(time.monotonic() - started)
                await send(message)

            await app(scope, receive, seen)

        return watched

    def write() -> None:
        while True:
            time.sleep(1)
            file.write_text(json.dumps(times[:]), encoding="utf-8")

    serving.build_app = build_watched
    threading.Thread(target=write, daemon=True).start()


def main() -> None:
    """Runs a command of `rag`."""
    embedding: Any = importlib.import_module("rag.index.embed")
    embedding.open_embedder = lambda settings, bulk: HashEmbedder()
    if "ui" in sys.argv and TIMES in os.environ:
        _watch(Path(os.environ[TIMES]))

    from rag.cli.main import main as rag_main

    rag_main(sys.argv[1:])


if __name__ == "__main__":
    main()
