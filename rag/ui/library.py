"""The articles as the page reaches them: read by many sessions, written by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreLockedError
from rag.types import Article
from rag.wiring import Deps, open_deps

SAMPLE = Path(__file__).resolve().parents[2] / "seeds"


class Library:
    """One store, open for reading as long as the page is served."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self._writer = threading.Lock()

    @property
    def sample(self) -> Path | None:
        """The folder of the sample corpus; ``None`` where it was not installed."""
        return SAMPLE if SAMPLE.is_dir() else None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask."""
        return self.deps.store.counts().articles == 0

    def article(self, article_id: str) -> Article | None:
        """The article of an id."""
        return self.deps.store.article(article_id)

    @contextmanager
    def writing(self) -> Iterator[Deps]:
        """The store open for writing. Raises ``StoreLockedError`` while somebody else writes."""
        if not self._writer.acquire(blocking=False):
            raise StoreLockedError(
                "Another upload or removal is being worked on.", "Try again when it has finished."
            )
        try:
            with open_deps(self.deps.settings, mode="write") as deps:
                yield deps
        finally:
            self._writer.release()
