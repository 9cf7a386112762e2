"""What the garbage collector is kept from looking through."""

from __future__ import annotations

import gc
import itertools

from rag.index import memory


def test_what_is_loaded_settles_after_answers_that_come_twice_as_late_each_time(monkeypatch):
    frozen: list[int] = []
    answered: list[int] = []
    monkeypatch.setattr(memory, "_answers", itertools.count(1))
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(len(answered)))
    for number in range(1, 20):
        answered.append(number)
        memory.settle()
    assert frozen == [1, 2, 4, 8, 16]
