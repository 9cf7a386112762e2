"""Asks in a thread of its own, so that drafts can be shown and the reader can stop it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from rag.pipeline import ask
from rag.types import Answer, Question, Turn
from rag.ui.gate import Gate
from rag.wiring import Deps


class Stopped(Exception):
    """The reader does not want the answer any more."""


_News = asyncio.Queue[str | Answer | Exception]


async def asked(
    question: Question, history: Sequence[Turn], deps: Deps, gate: Gate
) -> AsyncGenerator[str | Answer, None]:
    """Drafts as they grow, and at the end the answer; no thread waits for them.

    Closing the iterator stops a language model that is still writing. Raises what ``ask`` raises,
    and ``BusyError``.
    """
    loop = asyncio.get_running_loop()
    news: _News = asyncio.Queue()
    unwanted = threading.Event()

    def tell(found: str | Answer | Exception) -> None:
        with suppress(RuntimeError):  # the server was ended meanwhile
            loop.call_soon_threadsafe(news.put_nowait, found)

    def on_draft(draft: str) -> None:
        if unwanted.is_set():
            raise Stopped
        tell(draft)

    def work() -> None:
        try:
            with gate.turn():
                if not unwanted.is_set():
                    tell(ask(question, deps, history=history, on_draft=on_draft))
        except Stopped:
            pass
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            tell(error)

    threading.Thread(target=work, name="ask", daemon=True).start()
    try:
        found: str | Answer | None = None
        while not isinstance(found, Answer):
            found = await _latest(news)
            yield found
    finally:
        unwanted.set()


async def _latest(news: _News) -> str | Answer:
    """The newest there is: a draft that was overtaken need not be shown."""
    found = await news.get()
    while isinstance(found, str) and not news.empty():
        found = news.get_nowait()
    if isinstance(found, Exception):
        raise found
    return found
