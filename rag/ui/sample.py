"""Indexes the sample corpus and says how far it is."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

from rag.errors import StoreEmptyError
from rag.pipeline import ingest
from rag.ui.library import Library
from rag.ui.markup import element, text
from rag.ui.texts import Say, has


def add_sample(library: Library, say: Say) -> Iterator[str]:
    """Progress as HTML until the articles can be asked. Raises what ``ingest`` raises."""
    sample = library.sample
    if sample is None:
        raise StoreEmptyError("The sample corpus was not installed.", "Upload articles.")
    news: queue.Queue[tuple[str, float | None] | Exception | None] = queue.Queue()

    def work() -> None:
        try:
            with library.writing() as deps:
                ingest(
                    [sample],
                    deps,
                    on_progress=lambda stage, done, total: news.put(
                        (stage, done / total if total else None)
                    ),
                )
            news.put(None)
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            news.put(error)

    threading.Thread(target=work, name="sample", daemon=True).start()
    yield _progress(say, "read", None)
    while (found := news.get()) is not None:
        if isinstance(found, Exception):
            raise found
        yield _progress(say, *found)


def _progress(say: Say, stage: str, share: float | None) -> str:
    label = say(f"stage.{stage}") if has(f"stage.{stage}") else say("stage.any")
    value = None if share is None else f"{share:.2f}"
    bar = element("progress", "", value=value, max="1", aria_label=label)
    return element(
        "section",
        element("h2", text(say("start.indexing"))) + element("p", text(label)) + bar,
        class_="start empty",
        role="status",
    )
