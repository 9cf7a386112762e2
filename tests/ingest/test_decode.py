from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.decode import decode

TEXT = "Bürger zahlen 3 € für „Ärger“ in Großörsching – und schweigen."


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"],
)
@pytest.mark.parametrize("text", [TEXT, "Ärger in Köln", TEXT * 50])
def test_german_text_is_read_exactly(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_a_short_word_in_cp1252_keeps_its_umlaut() -> None:
    assert decode("Ärger".encode("cp1252")).text == "Ärger"


def test_bytes_that_cp1252_lacks_are_read_as_latin_1_with_a_note() -> None:
    decoded = decode(b"M\xfcnster \x81 hier und dort")
    assert decoded.text.startswith("Münster")
    assert decoded.notes == ("not UTF-8: read as Latin-1",)


def test_a_declared_encoding_is_used() -> None:
    assert decode("Привет мир".encode("koi8-r"), "koi8-r").text == "Привет мир"


def test_damaged_utf_8_is_repaired_with_a_count() -> None:
    data = ("Die Brücke über die Müß ist für Räder gesperrt. " * 5).encode() + b"\xff\xfe\xff Ende"
    decoded = decode(data)
    assert "Brücke" in decoded.text
    assert decoded.notes == ("3 undecodable characters replaced",)


def test_text_with_much_undecodable_is_refused() -> None:
    decoded = decode("ä".encode() * 20 + b"\xff\xc3" * 9)
    assert decoded.refused is not None


def test_double_encoding_is_noted_and_left() -> None:
    text = "Müller über Brücken".encode().decode("cp1252")
    decoded = decode(text.encode())
    assert decoded.text == text
    assert "double-encoded" in decoded.notes[0]


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04" + b"x" * 50, b"\x89PNG\r\n", b"\x7fELF\x02\x01", bytes(range(256)) * 20],
    ids=["zip", "png", "elf", "noise"],
)
def test_binary_data_is_refused(data: bytes) -> None:
    assert decode(data).refused is not None


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "latin-1", "utf-7", "x-unknown"]))
def test_decoding_never_raises(data: bytes, declared: str | None) -> None:
    decoded = decode(data, declared)
    assert decoded.refused is not None or isinstance(decoded.text, str)


@given(st.text(min_size=1, max_size=200).filter(lambda text: "\x00" not in text))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    decoded = decode(text.encode("utf-8", "ignore"))
    if decoded.refused is None and not text.startswith("\ufeff"):
        assert decoded.text == text.encode("utf-8", "ignore").decode()
