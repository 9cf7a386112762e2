"""Everything is escaped; what reorders or hides text is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span
from rag.ui import markup


@given(st.text())
def test_no_text_ever_makes_an_element_or_an_attribute(value):
    written = markup.element("p", markup.text(value), title=value)
    assert written.count("<") == 2
    assert written.count(">") == 2
    assert written.count('"') == 2


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70))))
def test_marking_loses_and_adds_no_text(value, places):
    spans = [Span(start_char=a, end_char=b) for a, b in places]
    written = markup.marked(value, spans)
    assert written.replace("<mark>", "").replace("</mark>", "") == "".join(
        markup.text(c) for c in value
    )


def test_direction_marks_and_hidden_tags_are_taken_out():
    assert markup.text("a\u202etxt.exe\U000e0041") == "atxt.exe"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//x", "http://", "ftp://x", None, "http://[x"],
)
def test_only_web_addresses_become_links(address):
    assert markup.link(address) == ""


def test_a_link_is_shown_in_full():
    assert 'href="https://a.example/x"' in markup.link("https://a.example/x")
    assert ">https://a.example/x<" in markup.link("https://a.example/x")
