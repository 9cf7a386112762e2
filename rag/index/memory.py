"""Memory of a long-lived process: what stays is not looked through, what is freed is given back."""

from __future__ import annotations

import ctypes
import gc
import itertools
from contextlib import suppress

_answers = itertools.count(1)


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
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
