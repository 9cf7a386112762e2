from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.llm.call import Limits, call, is_looping
from rag.llm.failures import LLMFailure
from rag.llm.scripted import ScriptedLLM
from rag.protocols import Message, Piece

ASKED = (Message(role="user", text="?"),)


def limits(**given_seconds: float) -> Limits:
    total = given_seconds.pop("total", 5.0)
    seconds = {"first_token_seconds": 1.0, "gap_seconds": 1.0, **given_seconds}
    return Limits(ends_at=time.monotonic() + total, **seconds)


def run(llm, **given_seconds: float):
    return call(
        llm, ASKED, max_tokens=50, limits=limits(**given_seconds), on_text=lambda text: None
    )


@pytest.mark.parametrize(
    ("finish", "is_done", "kind"),
    [
        ("stop", True, None),
        ("stop", False, None),
        (None, True, None),
        (None, False, "cut"),
        ("length", True, "length"),
        ("content_filter", True, "filtered"),
        ("tool_calls", True, "cut"),
    ],
)
def test_only_a_proper_end_makes_a_whole_answer(finish, is_done, kind):
    llm = ScriptedLLM(["Ein ganzer Satz."], finish=finish, is_done=is_done)
    if kind is None:
        assert run(llm).text == "Ein ganzer Satz."
    else:
        with pytest.raises(LLMFailure) as raised:
            run(llm)
        assert raised.value.kind == kind


class Stubborn:
    """A model in C code that sends nothing and does not listen."""

    model_name = identity = "stubborn"

    def __init__(self, before: str = "") -> None:
        self.before = before
        self.released = threading.Event()

    def write(self, messages, *, max_tokens, emit, is_wanted):
        if self.before:
            emit(Piece(text=self.before))
        self.released.wait(3)


@pytest.mark.parametrize(
    ("before", "seconds", "kind"),
    [
        ("", {"first_token_seconds": 0.1}, "timeout"),
        ("Wort", {"gap_seconds": 0.1}, "timeout"),
        ("", {"total": 0.1}, "deadline"),
        ("Wort", {"total": 0.1}, "deadline"),
    ],
)
def test_a_model_that_does_not_listen_is_left(before, seconds, kind):
    llm = Stubborn(before)
    started = time.monotonic()
    with pytest.raises(LLMFailure) as raised:
        run(llm, **seconds)
    assert raised.value.kind == kind
    assert time.monotonic() - started < 1.5
    llm.released.set()


def test_ctrl_c_stops_at_once_and_tells_the_model():
    stopped = threading.Event()

    class Endless(ScriptedLLM):
        def write(self, messages, *, max_tokens, emit, is_wanted):
            count = 0
            while is_wanted():
                emit(Piece(text=f"Wort{count} "))
                count += 1
                time.sleep(0.01)
            stopped.set()

    def interrupt(text: str) -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        call(Endless([""]), ASKED, max_tokens=50, limits=limits(), on_text=interrupt)
    assert time.monotonic() - started < 1.0
    assert stopped.wait(1.0)


def test_thinking_counts_as_life_and_not_as_text():
    class Thinker(ScriptedLLM):
        def write(self, messages, *, max_tokens, emit, is_wanted):
            for _ in range(5):
                emit(Piece(is_thinking=True))
                time.sleep(0.05)
            emit(Piece(text="Fertig.", finish="stop"))

    assert run(Thinker([""]), first_token_seconds=0.2, gap_seconds=0.2).text == "Fertig."


@pytest.mark.parametrize(
    "unit", ["a", "ja ", "Die Brücke ist zu. ", "Ein längerer Satz, der immer wiederkommt. " * 3]
)
def test_a_loop_is_noticed(unit):
    assert is_looping("Zuerst ein Anfang. " + unit * max(4, 80 // len(unit)))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=80, unique=True))
@settings(max_examples=50)
def test_text_that_moves_on_is_no_loop(numbers):
    assert not is_looping(" ".join(f"Zahl {number}." for number in numbers))


def test_a_loop_with_a_new_marker_each_time_is_one():
    assert is_looping("Ja. " + " ".join(f"[{number}] Jan Ode" for number in range(3, 12)))
    assert not is_looping(
        "Die Brücke ist zu. " + " ".join(f"[{number}]" for number in range(1, 11))
    )
