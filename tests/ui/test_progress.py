"""Long work is streamed: its steps, then its result or its failure."""

from __future__ import annotations

import time

import pytest

from rag.errors import StoreLockedError
from rag.ui.progress import Done, Step, progress_html, streamed
from rag.ui.texts import speaker_of

say = speaker_of("de")


def test_the_last_step_and_the_result_are_given_in_order():
    def work(report):
        report("read", 1, 4)
        report("embed", 3, 4)
        time.sleep(0.3)
        return "fertig"

    first, *steps, last = streamed(work)
    assert first == Step("start", 0, 0)
    assert steps[-1] == Step("embed", 3, 4)
    assert last == Done("fertig")


def test_a_failure_of_the_work_is_raised_where_it_is_waited_for():
    def work(report):
        raise StoreLockedError("busy", "wait", holder="7")

    with pytest.raises(StoreLockedError) as raised:
        list(streamed(work))
    assert raised.value.holder == "7"


def test_progress_is_labelled_and_counts_only_what_is_known():
    known = progress_html(Step("embed", 3, 4), say)
    assert 'value="3"' in known
    assert "3 von 4" in known
    unknown = progress_html(Step("read", 7, 0), say)
    assert "value=" not in unknown
    assert ">7<" in unknown
    assert "<b>" not in progress_html(Step("<b>", 0, 0), say)
