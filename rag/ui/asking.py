"""Asks in a thread of its own, so that drafts can be shown and the reader can stop it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence

from rag.pipeline import ask
from rag.types import Answer, Question, Turn
from rag.ui.gate import Gate
from rag.wiring import Deps

_BEAT_SECONDS = 0.25


class Stopped(Exception):
    """The reader does not want the answer any more."""


_News = queue.Queue[str | Answer | Exception]


def asked(
    question: Question, history: Sequence[Turn], deps: Deps, gate: Gate
) -> Iterator[str | Answer | None]:
    """Drafts as they grow, ``None`` as a sign of life, and at the end the answer.

    Closing the iterator stops a language model that is still writing. Raises what ``ask`` raises,
    and ``BusyError``.
    """
    news: _News = queue.Queue()
    unwanted = threading.Event()

    def on_draft(draft: str) -> None:
        if unwanted.is_set():
            raise Stopped
        news.put(draft)

    def work() -> None:
        try:
            with gate.turn():
                if not unwanted.is_set():
                    news.put(ask(question, deps, history=history, on_draft=on_draft))
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            news.put(error)

    threading.Thread(target=work, name="ask", daemon=True).start()
    try:
        found: str | Answer | None = None
        while not isinstance(found, Answer):
            found = _next(news)
            yield found
    finally:
        unwanted.set()


def _next(news: _News) -> str | Answer | None:
    try:
        found = news.get(timeout=_BEAT_SECONDS)
    except queue.Empty:
        return None
    if isinstance(found, Exception):
        raise found
    return found
