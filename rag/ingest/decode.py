"""Bytes → text: never a mangled umlaut, never an exception, and what had to be guessed is said."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    # UTF-32 first: its little-endian mark begins like UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), name)
    for pattern, name in (
        (rb"PK\x03\x04", "a ZIP archive or an office document"),
        (rb"\x89PNG", "a PNG picture"),
        (rb"\xff\xd8\xff", "a JPEG picture"),
        (rb"GIF8[79]a", "a GIF picture"),
        (rb"RIFF....(?:WAVE|WEBP|AVI )", "a media file"),
        (rb"(?:ID3[\x02-\x04]|OggS\x00|\x00\x00\x00.ftyp)", "a media file"),
        (rb"(?:\x7fELF|MZ\x90)", "a program"),
        (rb"\x1f\x8b", "a gzip archive"),
        (rb"BZh[1-9]1AY", "a bzip2 archive"),
        (rb"\xfd7zXZ", "an xz archive"),
        (rb"7z\xbc\xaf", "a 7z archive"),
        (rb"Rar!\x1a", "a RAR archive"),
        (rb"SQLite format 3\x00", "a database"),
        (rb"\xd0\xcf\x11\xe0", "an old office document"),
        (rb"\{\\rtf", "an RTF document"),
        (rb"%!PS", "a PostScript document"),
        (
            rb"(?i:(?:[\w-]{1,60}:[^\n]{0,999}\n(?:[ \t][^\n]{0,999}\n){0,20}){0,40}MIME-Version:)",
            "an e-mail or a web archive",
        ),
        (rb"\x80\x04\x95", "a Python pickle"),
    )
)
_MAX_REPLACED = 0.05
_MAX_CONTROL = 0.02
_MAX_MESS = 1.0
"""Articles in Windows-1252 have at most 0.2, odd lists 0.5; what was EBCDIC, Cyrillic, Greek,
Arabic, Chinese, Japanese or Korean has 1.9 or more once it is read as Windows-1252."""
_MESS_BYTES = 20_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DOS = re.compile(rb"[A-Za-z][\x81\x84\x94](?=[a-z])")
"""ü, ä, ö of DOS within a word, where Windows-1252 has nothing or quotation marks."""
_WINDOWS = re.compile(rb"[A-Za-z][\xe4\xf6\xfc](?=[a-z])")
_DOUBLE_ENCODED = re.compile("Ã[\x80-\xbf¤¶¼Ÿ„–œ]|â€[žœ\x9c\x9d“”™\x93\x94]")


_AS_WINDOWS = "not UTF-8: read as Windows-1252"
_AS_LATIN = "not UTF-8: read as Latin-1"
_GUESSED = ((_AS_WINDOWS, "cp1252"), (_AS_LATIN, "latin-1"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and what had to be assumed; ``refused`` says why it cannot be an article."""

    text: str
    notes: tuple[str, ...] = ()
    refused: str | None = None


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``.

    In order: byte order mark, strict UTF-8, UTF-16/32 by their NUL bytes, the encoding the file
    declares, damaged UTF-8, code page 850 by its umlauts, Windows-1252, Latin-1.
    """
    kind = binary_kind(data)
    if kind is not None:
        return Decoded("", refused=f"it is {kind}, not text")
    decoded = _decode(data, declared)
    if decoded.refused is not None:
        return decoded
    controls = len(_CONTROL.findall(decoded.text))
    if controls > max(8, _MAX_CONTROL * len(decoded.text)):
        return Decoded("", refused="it is binary data, not text")
    # Any bytes can be read as these; whether they were meant so shows in what comes of it.
    guessed = next((name for note, name in _GUESSED if note in decoded.notes), None)
    if guessed and _is_mess(data, guessed):
        return Decoded("", refused="it is in an encoding that is not known")
    if _seems_doubled(decoded.text):
        return Decoded(decoded.text, (*decoded.notes, "looks double-encoded (“Ã¼” for “ü”)"))
    return decoded


def _seems_doubled(text: str) -> bool:
    return len(_DOUBLE_ENCODED.findall(text)) >= 2


def binary_kind(data: bytes) -> str | None:
    """What binary format the first bytes show; ``None`` for text, HTML and PDF."""
    return next((name for magic, name in _MAGIC if magic.match(data)), None)


def _decode(data: bytes, declared: str | None) -> Decoded:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    wide = _wide_encoding(data)
    if wide is not None:
        return _replacing(data, wide, f"no byte order mark: read as {wide.upper()}")
    if text is not None:
        return Decoded(text)
    if declared and (found := _known(declared)):
        return _replacing(data, found)
    return _narrow(data)


def _narrow(data: bytes) -> Decoded:
    """Not UTF-8: either damaged UTF-8 or one byte a character."""
    replaced = data.decode("utf-8", "replace")
    lost = replaced.count("\ufffd")
    sound = sum(char > "\x7f" for char in replaced) - lost
    # Windows-1252 that holds the bytes of several characters of UTF-8 would say „Ã¼“ in earnest.
    if sound > lost or (4 * sound > lost and _seems_doubled(data.decode("latin-1"))):
        return _replacing(data, "utf-8")
    if len(_DOS.findall(data)) >= max(2, 2 * len(_WINDOWS.findall(data))):
        return Decoded(data.decode("cp850"), ("not UTF-8: read as DOS code page 850",))
    try:
        return Decoded(data.decode("cp1252"), (_AS_WINDOWS,))
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), (_AS_LATIN,))


def _is_mess(data: bytes, encoding: str) -> bool:
    """Whether what comes of reading it so cannot be what was written."""
    found = from_bytes(
        data[:_MESS_BYTES], cp_isolation=[encoding], threshold=_MAX_MESS, enable_fallback=False
    )
    return found.best() is None


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 or UTF-32 told by where the NUL bytes are."""
    sample = data[:4096]
    quarter = len(sample) // 4
    if quarter < 1 or b"\x00" not in sample:
        return None
    nuls = [sample[at::4].count(0) / quarter for at in range(4)]
    if len(data) % 4 == 0 and min(nuls[1:]) > 0.7 and nuls[0] < 0.3:
        return "utf-32-le"
    if len(data) % 4 == 0 and min(nuls[:3]) > 0.7 and nuls[3] < 0.3:
        return "utf-32-be"
    if min(nuls[1], nuls[3]) > 0.4 and max(nuls[0], nuls[2]) < 0.2:
        return "utf-16-le"
    if min(nuls[0], nuls[2]) > 0.4 and max(nuls[1], nuls[3]) < 0.2:
        return "utf-16-be"
    return None


def _known(declared: str) -> str | None:
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return None
    # Browsers read Latin-1 as Windows-1252, and so is what calls itself Latin-1 written.
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name) if name != "utf-8" else None


def _replacing(data: bytes, encoding: str, *notes: str) -> Decoded:
    try:
        text = data.decode(encoding, "replace")
    except (LookupError, ValueError):
        return Decoded(data.decode("latin-1"), (*notes, _AS_LATIN))
    lost = text.count("\ufffd")
    if lost > _MAX_REPLACED * max(1, len(text)):
        return Decoded("", refused=f"{lost} of {len(text)} characters cannot be decoded")
    if lost:
        notes = (*notes, f"{lost} undecodable characters replaced")
    return Decoded(text, notes)
