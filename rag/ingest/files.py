"""One file → its articles: opened with care, told apart by content, never by suffix alone."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from rag.ingest.decode import binary_kind, decode
from rag.ingest.fields import FieldReader
from rag.ingest.front_matter import plain_markdown, split_front_matter
from rag.ingest.parsed import ParsedFile, UnreadableError
from rag.ingest.parser_process import Kind, ParserProcesses
from rag.ingest.records import max_list_bytes, read_json, read_json_lines
from rag.settings import IngestSettings
from rag.types import RawArticle, Rejection

FILE_SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf")
RECORD_SUFFIXES = (".json", ".jsonl", ".ndjson", ".jsonl.gz")

_MARKDOWN = (".md", ".markdown")
_HTML = (".html", ".htm", ".xhtml")
_LOOKS_LIKE_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
# Pictures make PDFs heavy; what counts is limited in their parser.
_PDF_FACTOR = 5
_SHORT_WORDS = 5


def suffix_of(path: Path) -> str:
    """The suffix that tells how a file is read."""
    name = path.name.lower()
    return ".jsonl.gz" if name.endswith(".jsonl.gz") else path.suffix.lower()


def read_articles(
    path: Path, shown: str, stem: str, settings: IngestSettings, parsers: ParserProcesses
) -> Iterator[RawArticle | Rejection]:
    """The articles of one file, or why it has none."""
    count = 0
    try:
        for item in _read(path, shown, stem, settings, parsers):
            count += 1
            yield item
    except UnreadableError as error:
        yield Rejection(path=shown, reason=error.reason, hint=error.hint)
    except PermissionError:
        yield Rejection(path=shown, reason="no permission to read it", hint="Change its rights.")
    except FileNotFoundError:
        yield Rejection(path=shown, reason="it is gone", hint="Ingest again.")
    except OSError as error:
        reason = f"it cannot be read ({error.strerror})"
        yield Rejection(path=shown, reason=reason, hint="Check the file and its disk.")
    else:
        if not count:
            yield Rejection(path=shown, reason="it is empty", hint="Remove it or fill it.")


def _read(
    path: Path, shown: str, stem: str, settings: IngestSettings, parsers: ParserProcesses
) -> Iterator[RawArticle | Rejection]:
    suffix = suffix_of(path)
    if suffix == ".json":
        limit = max_list_bytes(settings.max_file_bytes)
        yield from read_json(path, _bytes(path, limit), stem, shown)
    elif suffix in RECORD_SUFFIXES:
        yield from read_json_lines(path, shown, stem, settings.max_file_bytes)
    else:
        yield _read_article(path, shown, stem, suffix, settings, parsers)


def _read_article(
    path: Path,
    shown: str,
    stem: str,
    suffix: str,
    settings: IngestSettings,
    parsers: ParserProcesses,
) -> RawArticle:
    factor = _PDF_FACTOR if suffix == ".pdf" else 1
    data = _bytes(path, settings.max_file_bytes * factor)
    if not data.strip():
        raise UnreadableError("it is empty", "Remove it or fill it.")
    kind = _kind(data, suffix)
    notes: tuple[str, ...] = ()
    if kind is None:
        return _text_article(data, shown, stem, suffix)
    if suffix not in _HTML and kind == "html":
        notes = (f"{suffix} file that holds HTML",)
    elif suffix != ".pdf" and kind == "pdf":
        notes = (f"{suffix} file that holds a PDF",)
    parsed = parsers.parse(kind, data)
    return _parsed_article(parsed, data, shown, stem, notes)


def _kind(data: bytes, suffix: str) -> Kind | None:
    """How a file must be parsed, by its content; ``None`` for text."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    binary = binary_kind(data)
    if binary is not None:
        raise UnreadableError(f"it is {binary}", "Save the article as text.")
    if _LOOKS_LIKE_HTML.match(data[:20_000]):
        return "html"
    if suffix == ".pdf":
        raise UnreadableError("it is not a PDF", "Save it again, or give it its right suffix.")
    return "html" if suffix in _HTML else None


def _text_article(data: bytes, shown: str, stem: str, suffix: str) -> RawArticle:
    decoded = decode(data)
    if decoded.refused is not None:
        raise UnreadableError(decoded.refused, "Save the article as UTF-8 text.")
    stated, text, notes = split_front_matter(decoded.text)
    heading = None
    if suffix in _MARKDOWN:
        text, heading = plain_markdown(text)
    _require_words(text)
    fields = FieldReader(stated)
    title = fields.title()
    if title is not None and heading is not None and heading != title:
        text = f"{heading}\n\n{text}"
    return RawArticle(
        article_id=fields.article_id() or stem,
        text=text,
        raw_hash=hashlib.sha256(data).hexdigest(),
        path=shown,
        title=title or heading,
        source=fields.source(),
        url=fields.url(),
        published_at=fields.published_at(),
        authors=fields.authors(),
        language=fields.language(),
        notes=(*decoded.notes, *notes, *fields.notes, *_short_note(text)),
    )


def _parsed_article(
    parsed: ParsedFile, data: bytes, shown: str, stem: str, notes: tuple[str, ...]
) -> RawArticle:
    _require_words(parsed.text)
    fields = FieldReader(
        {
            "title": parsed.title,
            "source": parsed.source,
            "url": parsed.url,
            "published_at": parsed.published_at,
            "authors": parsed.authors,
            "language": parsed.language,
        }
    )
    return RawArticle(
        article_id=stem,
        text=parsed.text,
        raw_hash=hashlib.sha256(data).hexdigest(),
        path=shown,
        title=fields.title(),
        source=fields.source(),
        url=fields.url(),
        published_at=fields.published_at(),
        authors=fields.authors(),
        language=fields.language(),
        notes=(*notes, *parsed.notes, *fields.notes),
    )


def _require_words(text: str) -> None:
    if not re.search(r"\w", text):
        raise UnreadableError("it holds no words", "Remove it or fill it.")


def _short_note(text: str) -> tuple[str, ...]:
    count = len(text.split())
    return (f"very short text ({count} words)",) if count < _SHORT_WORDS else ()


def _bytes(path: Path, limit: int) -> bytes:
    """The content of a regular file that does not change meanwhile."""
    # Not blocking: a FIFO put in the file's place must not hang the ingestion.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise UnreadableError("not a regular file", "Give a file.")
        if before.st_size > limit:
            size = f"{before.st_size / 1e6:.1f} MB, the limit is {limit / 1e6:g} MB"
            raise UnreadableError(
                f"it is too large ({size})", "Split it or raise ingest.max_file_bytes."
            )
        data = file.read(limit + 1)
        after = os.fstat(handle)
    if len(data) > limit or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, len(data)):
        raise UnreadableError("it changed while it was read", "Ingest again.")
    return data
