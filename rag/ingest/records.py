"""JSON and JSON lines → RawArticles; a wrong record is rejected with its line, the others read."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from rag.errors import json_fault
from rag.ingest.decode import decode
from rag.ingest.fields import FieldReader
from rag.ingest.parsed import UnreadableError
from rag.types import RawArticle, Rejection

_HINT = 'Each record is an object with "text"; see "Input" in the documentation.'
_FIX_LINE = "Correct the line; the other lines were read."
# A packed file may hold much more than it weighs.
_MAX_UNPACKED_BYTES = 2_000_000_000
# A list must be read whole, lines need not.
_LIST_FACTOR = 10


def read_json_lines(
    path: Path, shown: str, stem: str, max_bytes: int
) -> Iterator[RawArticle | Rejection]:
    """The articles of a ``.jsonl`` (also ``.jsonl.gz``) file, one line after the other."""
    with _opened(path) as file:
        if file.peek(4)[:4].startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # type: ignore[attr-defined]
            raise UnreadableError("it is UTF-16", "Save it as UTF-8.")
        total = 0
        for number, line in enumerate(_lines(file, max_bytes), start=1):
            total += len(line)
            if total > _MAX_UNPACKED_BYTES:
                raise UnreadableError("it unpacks to more than 2 GB", "Split the file.")
            if len(line) > max_bytes:
                reason = f"the line is longer than {max_bytes} bytes"
                yield Rejection(path=shown, reason=reason, hint="Shorten the text.", line=number)
            elif line.strip():
                yield _read_line(line, shown, stem, number)


def read_json(path: Path, data: bytes, stem: str, shown: str) -> Iterator[RawArticle | Rejection]:
    """The articles of a ``.json`` file: a list, one object, or an object with ``articles``."""
    decoded = decode(data)
    if decoded.refused is not None:
        raise UnreadableError(decoded.refused, "Save it as UTF-8.")
    try:
        content = json.loads(decoded.text)
    except RecursionError as error:
        raise UnreadableError("it is nested too deeply", _HINT) from error
    except ValueError as error:
        lines = [line for line in data.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith(b"{") for line in lines):
            for number, line in enumerate(data.splitlines(), start=1):
                if line.strip():
                    yield _read_line(line, shown, stem, number)
            return
        raise UnreadableError(f"it is {json_fault(error)}", "Correct it.") from error
    if isinstance(content, dict):
        content = content["articles"] if isinstance(content.get("articles"), list) else [content]
    if not isinstance(content, list):
        raise UnreadableError("it holds no list of articles", _HINT)
    for number, record in enumerate(content, start=1):
        raw = json.dumps(record, sort_keys=True, ensure_ascii=True).encode()
        name = stem if len(content) == 1 else None
        yield _read_record(record, raw, shown, stem, number, decoded.notes, name)


def max_list_bytes(max_file_bytes: int) -> int:
    """The size up to which a ``.json`` file is read."""
    return max_file_bytes * _LIST_FACTOR


def _opened(path: Path) -> BufferedIOBase:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")


def _lines(file: BufferedIOBase, max_bytes: int) -> Iterator[bytes]:
    """Lines, of which an endless one is cut: it is never in memory whole."""
    try:
        while line := file.readline(max_bytes + 1):
            yield line
            while len(line) > max_bytes and not line.endswith(b"\n"):
                line = file.readline(max_bytes + 1)
                if not line:
                    return
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableError("the archive is broken", "Pack it again.") from error


def _read_line(line: bytes, shown: str, stem: str, number: int) -> RawArticle | Rejection:
    decoded = decode(line)
    if decoded.refused is not None:
        return Rejection(path=shown, reason=decoded.refused, hint=_FIX_LINE, line=number)
    try:
        record = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:
        return Rejection(path=shown, reason=json_fault(error), hint=_FIX_LINE, line=number)
    return _read_record(record, line.strip(), shown, stem, number, decoded.notes)


def _read_record(
    record: Any,
    raw: bytes,
    shown: str,
    stem: str,
    number: int,
    notes: tuple[str, ...],
    article_id: str | None = None,
) -> RawArticle | Rejection:
    if not isinstance(record, dict):
        return Rejection(path=shown, reason="not an object", hint=_HINT, line=number)
    text = record.get("text")
    if not isinstance(text, str):
        return Rejection(path=shown, reason='"text" is missing', hint=_HINT, line=number)
    if not text.strip():
        return Rejection(path=shown, reason='"text" is empty', hint=_FIX_LINE, line=number)
    fields = FieldReader(record)
    return RawArticle(
        article_id=fields.article_id() or article_id or _derived_id(record, text, stem),
        text=text,
        raw_hash=hashlib.sha256(raw).hexdigest(),
        path=f"{shown}:{number}",
        title=fields.title(),
        source=fields.source(),
        url=fields.url(),
        published_at=fields.published_at(),
        authors=fields.authors(),
        language=fields.language(),
        notes=(*notes, *fields.notes),
    )


def _derived_id(record: Mapping[str, Any], text: str, stem: str) -> str:
    """An id that survives when lines move: of the address, else of outlet, title and date."""
    stated = [str(record.get(name) or "") for name in ("source", "title", "published_at")]
    basis = str(record.get("url") or "") or (" ".join(stated) if all(stated) else text)
    digest = hashlib.sha256(basis.encode("utf-8", "replace")).hexdigest()[:10]
    return f"{stem}-{digest}"
