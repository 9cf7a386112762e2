"""Gives memory that was freed back to the system, which glibc keeps in pieces for each thread.

Answers are written in many threads, each with pools of its own: after half an hour twice as much
was held as was in use.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_EVERY_SECONDS = 20.0


@contextmanager
def given_back_regularly(every: float = _EVERY_SECONDS) -> Iterator[None]:
    """As long as the page is served; nothing happens where the C library is another one."""
    give_back = _giver()
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


def _giver() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None  # musl has none
    trim.argtypes = [ctypes.c_size_t]
    trim.restype = ctypes.c_int

    def give_back() -> None:
        trim(0)

    return give_back
