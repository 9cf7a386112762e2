from __future__ import annotations

import pytest
from hypothesis import given, settings
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


_ELSEWHERE = {
    "de": "Der Präsident sagte am Montag, dass die Brücke bis zum Ende des Jahres fertig werde. ",
    "ru": "Президент России сказал в понедельник, что мост будет готов к концу года. ",
    "el": "Ο πρωθυπουργός δήλωσε τη Δευτέρα ότι η γέφυρα θα είναι έτοιμη φέτος. ",
    "ar": "قال الرئيس يوم الاثنين إن الجسر سيكون جاهزا بحلول نهاية العام. ",
    "he": "הנשיא אמר ביום שני כי הגשר יהיה מוכן עד סוף השנה. ",
    "zh": "总统星期一表示，大桥将在年底前完工。城市居民很高兴。",
    "ja": "大統領は月曜日に、橋は年末までに完成すると述べた。",
    "ko": "대통령은 월요일 다리가 연말까지 완공될 것이라고 말했다. ",
}


@pytest.mark.parametrize("language", sorted(_ELSEWHERE))
@pytest.mark.parametrize("times", [1, 40])
def test_every_script_is_read_as_utf_8(language: str, times: int) -> None:
    text = _ELSEWHERE[language] * times
    assert decode(text.encode()).text == text


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        *(("de", page) for page in ("cp037", "cp273", "cp500", "cp1140")),
        *(("ru", page) for page in ("koi8-r", "cp1251", "cp866", "iso8859-5", "utf-16-le")),
        *(("el", page) for page in ("cp1253", "iso8859-7")),
        *(("ar", page) for page in ("cp1256", "iso8859-6")),
        *(("he", page) for page in ("cp1255", "iso8859-8")),
        *(("zh", page) for page in ("gb18030", "big5", "utf-16-le", "utf-16-be")),
        *(("ja", page) for page in ("shift_jis", "euc_jp")),
        ("ko", "euc_kr"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 40])
def test_text_in_an_encoding_that_is_not_known_is_refused(
    language: str, encoding: str, times: int
) -> None:
    data = (_ELSEWHERE[language] * times).encode(encoding, "ignore")
    assert decode(data).refused is not None


@pytest.mark.parametrize(
    "text",
    [
        "Öl",
        "„Großmäuler“: Äußerungen",
        "GRÖSSE UND ÜBERMASS: ÄRZTE FÜR ÖSTERREICH. ",
        "Name\tÄra\tÖl\nMüller\t12,50 €\t±3 %\n" * 20,
        "°°° ÄÖÜ §§ 12, 13 BGB – »Größe« ½ Pfund, 20 °C, 5 µm, © dpa ® ™ … ‚so‘ " * 3,
        "Les élèves créés à l'Élysée étaient très déçus ; « c'est à l'été », répétait-il.",
        "¿Qué pasó? Los niños están contentos, según José Muñoz. ¡Más información!",
        "Præsidenten sagde, at broen på øen vil være færdig, selv om åen løber over.",
        "Forsetinn sagði á mánudag að brúin yrði tilbúin í lok ársins. Íbúarnir eru ánægðir.",
        "Presidentti sanoi maanantaina, että silta valmistuu. Jäätä näkyy yhä yöllä.",
    ],
)
def test_western_text_in_cp1252_is_never_taken_for_another_encoding(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("encoding", ["cp850", "cp437"])
def test_umlauts_of_dos_are_read_as_such(encoding: str) -> None:
    text = "Der Bürger hört die Bäume in Ärger über Größe. "
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.notes == ("not UTF-8: read as DOS code page 850",)


def test_quotation_marks_of_windows_are_not_taken_for_umlauts_of_dos() -> None:
    text = "Er sagte: „Äpfel“ und ”so“ – über„haupt“ und ”mehr”, für Straßen."
    assert decode(text.encode("cp1252")).text == text


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


@pytest.mark.parametrize("odd", [b"\xed\xa0\xbd\xed\xb8\x80", b"\xc0\xaf\xc0\xae"])
def test_forbidden_sequences_do_not_make_utf_8_into_windows_1252(odd: bytes) -> None:
    text = "Der Rat tagte in Lüderau und beschloss die Brücke. "
    decoded = decode(text.encode() + odd + b" " + (text * 2).encode())
    assert decoded.text.startswith(text)
    assert "undecodable" in decoded.notes[0]
    assert decode(b"F\xc3\xbcr Br\xc3\xbccken " + odd).refused is not None


def test_double_encoding_is_noted_and_left() -> None:
    text = "Müller über Brücken".encode().decode("cp1252")
    decoded = decode(text.encode())
    assert decoded.text == text
    assert "double-encoded" in decoded.notes[0]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"x" * 50,
        b"\x89PNG\r\n",
        b"\x7fELF\x02\x01",
        bytes(range(256)) * 20,
        b"%!PS-Adobe-3.0\n(Text) show",
        b"From: a@b.de\r\nSubject: x\r\n y\r\nMime-Version: 1.0\r\n\r\nText",
    ],
    ids=["zip", "png", "elf", "noise", "postscript", "mail"],
)
def test_binary_data_is_refused(data: bytes) -> None:
    assert decode(data).refused is not None


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "latin-1", "utf-7", "x-unknown"]))
def test_decoding_never_raises(data: bytes, declared: str | None) -> None:
    decoded = decode(data, declared)
    assert decoded.refused is not None or isinstance(decoded.text, str)


@given(st.text(min_size=1, max_size=200).filter(lambda text: "\x00" not in text))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    decoded = decode(text.encode("utf-8", "ignore"))
    if decoded.refused is None and not text.startswith("\ufeff"):
        assert decoded.text == text.encode("utf-8", "ignore").decode()
