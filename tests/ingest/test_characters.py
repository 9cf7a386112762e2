from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.characters import clean_characters, invisible_note


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Fa\u0308hre", "Fähre"),
        ("Brü\u00adcke", "Brücke"),
        ("Hagen\u200bdorf\ufeff", "Hagendorf"),
        ("a\x00b\x07c", "abc"),
        ("3,5\u00a0Mio.\u202fEuro", "3,5 Mio. Euro"),
        ("eins\r\nzwei\u2028drei\x0bvier\x85fünf", "eins\nzwei\ndrei\nvier\nfünf"),
        ("eins \n\n\n\n zwei", "eins\n\nzwei"),
        ("halb\ud83d", "halb\ufffd"),
        ("\u202eegräf\u202c", "egräf"),
        ("Tab\tda  und  da", "Tab da und da"),
    ],
)
def test_text_is_made_plain(raw: str, clean: str) -> None:
    assert clean_characters(raw)[0] == clean


def test_what_was_invisible_is_reported_by_kind_and_count() -> None:
    _, removed = clean_characters("a\x00\x00\u200bb\u202e")
    assert {(item.reason, item.text) for item in removed} == {
        ("control_characters", "2 × U+0000"),
        ("invisible_characters", "1 × U+200B, 1 × U+202E"),
    }


@pytest.mark.parametrize(
    ("hidden", "is_flagged"), [("\u200b" * 3, False), ("\u200b" * 25, True), ("\U000e0041", True)]
)
def test_much_hidden_text_is_flagged(hidden: str, is_flagged: bool) -> None:
    _, removed = clean_characters(f"Die Brücke{hidden} ist zu.")
    assert (invisible_note(removed) is not None) is is_flagged


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_the_result_is_nfc_without_controls_and_stable(raw: str) -> None:
    text, _ = clean_characters(raw)
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in text if char != "\n")
    assert clean_characters(text) == (text, ())
    text.encode("utf-8")
