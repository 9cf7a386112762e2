"""Gives memory that was freed back to the system, which glibc keeps in pieces for each thread.

Answers are written in many threads, each with pools of its own: after half an hour twice as much
was held as was in use.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rag.index.memory import trimmer

_EVERY_SECONDS = 20.0


@contextmanager
def given_back_regularly(every: float = _EVERY_SECONDS) -> Iterator[None]:
    """As long as the page is served; nothing happens where the C library is another one."""
    give_back = trimmer()
    if give_back is None:
        yield
        return
    is_over = threading.Event()

    def work() -> None:
        while not is_over.wait(every):
            give_back()

    thread = threading.Thread(target=work, name="memory", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
