"""Memory of a long-lived process: what stays is not looked through, what is freed is given back."""

from __future__ import annotations

import ctypes
import gc
import itertools
import sys
from collections.abc import Callable

_YOUNG, _MIDDLE, _OLD = 10_000, 2, 100
_answers = itertools.count(1)


def look_for_cycles_seldom() -> None:
    """Has the garbage collector run less often; who turned it off or set it higher is left alone.

    An answer makes some ten thousand objects that stay for the next ones and next to no cycles. By
    default everything is gone through every dozen answers, which makes those the slowest; now a
    pass takes a few milliseconds but for one in two hundred answers.
    """
    if 0 < gc.get_threshold()[0] < _YOUNG:
        gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


def settle() -> None:
    """After an answer: takes what the first ones loaded out of the garbage collector's sight.

    Word lists, models and what is kept of articles stay; to go through them for cycles stops an
    answer for up to 0.4 s. More of it comes with each answer, more and more slowly.
    """
    number = next(_answers)
    if number & (number - 1) == 0:
        gc.freeze()


def give_memory_back() -> None:
    """Hands freed memory to the system; glibc keeps it otherwise. Elsewhere nothing is needed."""
    gc.collect()
    if trim := trimmer():
        trim()


def trimmer() -> Callable[[], None] | None:
    """What hands freed memory back; ``None`` where the C library is not glibc."""
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
