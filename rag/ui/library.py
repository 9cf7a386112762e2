"""The articles as the page reaches them: read by many sessions, written by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreLockedError
from rag.suggestions import next_questions
from rag.types import Article, Language, Question
from rag.ui.gate import Gate
from rag.wiring import Deps, open_deps

_MOST_READ = 80
SAMPLE = Path(__file__).resolve().parents[2] / "seeds"


class Library:
    """One store, open for reading as long as the page is served."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps
        self._writer = threading.Lock()
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
