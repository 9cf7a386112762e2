from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.marker_stream import MarkerStream

PARTS = st.sampled_from(
    ["[1]", "[", "]", "(", ")", "<think>", "</think>", "<b>", " ", "\n", "a", "1", "!", "`", "*",
     "http://x", "[1, 2]", "](", "Quelle 2", "[99]", "Wort.", "【2】", "<|im_end|>"]
)  # fmt: skip


def read(text: str, known: int = 3, size: int = 4) -> tuple[str, MarkerStream]:
    stream = MarkerStream(known)
    shown = "".join(stream.feed(text[at : at + size]) for at in range(0, len(text), size))
    return shown + stream.finish(), stream


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Die Brücke ist zu [2].", (2,)),
        ("Die Brücke ist zu. [2]", (2,)),
        ("Die Brücke ist zu.[2][3]", (2, 3)),
        ("Die Brücke ist zu [1, 3].", (1, 3)),
        ("Die Brücke ist zu [1-3].", (1, 2, 3)),
        ("Die Brücke ist zu [1 und 2].", (1, 2)),
        ("Die Brücke ist zu [1] und [3].", (1, 3)),
        ("Die Brücke ist zu [1], [2], [3].", (1, 2, 3)),
        ("Die Brücke ist zu (Quelle 2).", (2,)),
        ("Die Brücke ist zu [Beleg 3].", (3,)),
        ("Die Brücke ist zu [^1].", (1,)),
        ("Die Brücke ist zu【2†source】.", (2,)),
        ("[2] Die Brücke ist zu.", (2,)),
        ("- [2] Die Brücke ist zu.", (2,)),
        ("Antwort: Die Brücke ist zu. [1]", (1,)),
        ("**Die Brücke** ist zu. [1]", (1,)),
        ("```\nDie Brücke ist zu. [1]\n```", (1,)),
        ("<think>Ist sie offen? [3]</think>Die Brücke ist zu. [1]", (1,)),
        ("[Die Brücke](http://evil.example) ist zu. [1]", (1,)),
        ("<b>Die Brücke</b> ist zu. [1]", (1,)),
        ("Die Brücke ist zu [0] [99] [1].", (1,)),
        ("Die Brücke ist zu.", ()),
    ],
)
def test_however_a_marker_is_written_it_belongs_to_its_sentence(text, numbers):
    _, stream = read(text)
    (sentence,) = stream.sentences("de")
    assert sentence.text == "Die Brücke ist zu."
    assert sentence.numbers == numbers


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('Er sagte: "Die Brücke ist zu."" [1]', 'Er sagte: "Die Brücke ist zu."'),
        ('Die Brücke sei „endgültig zu“." [1]', "Die Brücke sei „endgültig zu“."),
        ('Er sagte: "Die Brücke ist zu." [1]', 'Er sagte: "Die Brücke ist zu."'),
    ],
)
def test_a_quotation_is_closed_once(text, shown):
    _, stream = read(text)
    (sentence,) = stream.sentences("de")
    assert sentence.text == shown


def test_a_marker_after_the_stop_belongs_to_the_sentence_before():
    _, stream = read("Die Brücke ist zu. [1] Der Zug fährt. [2]")
    assert [(s.text, s.numbers) for s in stream.sentences("de")] == [
        ("Die Brücke ist zu.", (1,)),
        ("Der Zug fährt.", (2,)),
    ]


def test_unknown_markers_are_removed_and_named():
    shown, stream = read("Die Brücke ist zu [0][99][1000000000][2].")
    assert shown == "Die Brücke ist zu [1]."
    assert stream.unknown[:2] == ["[0]", "[99]"]


def test_shown_numbers_have_no_gaps():
    shown, _ = read("Eins [3]. Zwei [1]. Drei [3].")
    assert shown == "Eins [1]. Zwei [2]. Drei [1]."


def test_a_bracket_that_is_no_marker_stays():
    assert read("Er sagte [sic] nichts. [1]")[0] == "Er sagte [sic] nichts. [1]"


def test_half_a_marker_is_never_shown():
    stream = MarkerStream(12)
    for piece in ("Die Brücke ist zu ", "[", "1", "2", "]", ". Der"):
        stream.feed(piece)
        assert re.fullmatch(r"[^\[\]]*(?:\[1\])?[^\[\]]*", stream.draft)


def test_words_are_shown_as_soon_as_they_are_whole():
    stream = MarkerStream(1)
    assert stream.feed("Die Brü") == "Die"
    assert stream.feed("cke ist") == " Brücke"


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/?q=1) Text",
        "<img src=http://evil.example/a> Text",
        "Siehe https://evil.example/a?b=c jetzt",
        "[Text](javascript:alert(1))",
        "www.evil.example Text",
    ],
)
def test_no_address_survives(text):
    shown, _ = read(text)
    assert "evil" not in shown and "javascript" not in shown and "<" not in shown


@given(st.lists(PARTS, max_size=40).map("".join), st.integers(1, 9))
@settings(max_examples=300, deadline=None)
def test_it_does_not_matter_how_a_text_is_cut_into_pieces(text, size):
    shown, stream = read(text, size=size)
    whole, reference = read(text, size=len(text) + 1)
    assert shown == whole == stream.draft
    assert stream.unknown == reference.unknown
    assert stream.sentences("de") == reference.sentences("de")


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text):
    _, stream = read(text, known=2)
    for sentence in stream.sentences("en"):
        assert set(sentence.numbers) <= {1, 2}
