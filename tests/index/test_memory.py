"""What the garbage collector is kept from looking through."""

from __future__ import annotations

import gc
import itertools

import pytest

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


@pytest.mark.parametrize(("before", "is_raised"), [(700, True), (0, False), (1_000_000, False)])
def test_cycles_are_looked_for_seldom_unless_somebody_else_has_said_how_often(
    monkeypatch, before, is_raised
):
    was_set: list[tuple[int, ...]] = []
    monkeypatch.setattr(gc, "get_threshold", lambda: (before, 10, 10))
    monkeypatch.setattr(gc, "set_threshold", lambda *numbers: was_set.append(numbers))
    memory.look_for_cycles_seldom()
    assert [numbers[0] > before for numbers in was_set] == ([True] if is_raised else [])
