"""The articles as the page reaches them: read by many sessions, written by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import StoreLockedError
from rag.suggestions import next_questions
from rag.types import Article, Language, Question
from rag.ui.gate import Gate
from rag.ui.scratch import Scratch
from rag.wiring import Deps, open_deps

_MOST_READ = 80
DELETE_CACHE = (600, 3600)
"""Gradio looks every 600 s and deletes its copies of files that are older than 3600 s."""
SAMPLE = Path(__file__).resolve().parents[2] / "seeds"


class Library:
    """One store, open for reading as long as the page is served."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self.scratch = Scratch()
        self._writer = threading.Lock()
        self._is_warm = False
        self._starters: dict[str, tuple[int, tuple[str, ...]]] = {}

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

    def starters(self, language: Language, gate: Gate) -> tuple[str, ...]:
        """First questions that the articles answer, looked for once."""
        articles = self.deps.store.counts().articles
        known = self._starters.get(language)
        if articles and (known is None or known[0] != articles):
            ids = sorted(self.deps.store.raw_hashes())
            # Evenly over the store: thousands of articles need not be read for four questions.
            step = max(1, len(ids) // _MOST_READ)
            read = (self.article(each) for each in ids[::step])
            found = next_questions(
                (article for article in read if article is not None),
                self.deps,
                filters=Question(text="", language=language),
                most=4,
                may_go_on=lambda: gate.is_idle,
            )
            if found:
                self._starters[language] = (articles, found)
        known = self._starters.get(language)
        return known[1] if known and known[0] == articles else ()

    def expect_writing(self) -> None:
        """Imports meanwhile what the first upload would wait for: torch, 8 s of computing."""
        if self._is_warm or self.deps.settings.embedding.url is not None:
            return
        self._is_warm = True
        threading.Thread(target=_import_torch, name="expect-writing", daemon=True).start()

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


def _import_torch() -> None:
    # Whatever is wrong is told to whoever uploads.
    with suppress(Exception):
        from rag.index.bulk_embed import import_engine

        import_engine()
