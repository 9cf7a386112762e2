"""What every view is given, and what a session may hold."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import gradio as gr

from rag.language.detect import detect_language
from rag.types import Question
from rag.ui.errors import BusyError
from rag.ui.library import Library
from rag.ui.texts import Say, UiLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles a session asks; days are ISO, both inclusive."""

    outlets: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.outlets or self.published_from or self.published_to)

    def question(self, text: str) -> Question:
        """The question with these filters, in the language it is written in."""
        return Question(
            text=text,
            language=detect_language(text),
            outlets=frozenset(self.outlets),
            published_from=self.published_from,
            published_to=self.published_to,
        )


@dataclass(slots=True)
class Gate:
    """Lets ``at_once`` computations run and ``waiting`` more wait; further ones are told so."""

    at_once: int = 4
    waiting: int = 40
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _slots: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = threading.Semaphore(self.at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a free slot. Raises ``BusyError`` where too many wait already."""
        with self._lock:
            if self._inside >= self.at_once + self.waiting:
                raise BusyError
            self._inside += 1
        try:
            with self._slots:
                yield
        finally:
            with self._lock:
                self._inside -= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewContext:
    """What a view works with; see the package's docstring."""

    language: UiLanguage
    say: Say
    library: Library
    filters: gr.State
    gate: Gate
    page: gr.Blocks
