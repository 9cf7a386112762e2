"""PDF → text of its text layer. Runs in the parser's own process only."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from statistics import median

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from rag.ingest.lines import join_lines
from rag.ingest.parsed import ParsedFile, UnreadableError

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_PAGE_NUMBER = re.compile(
    r"(?:(?:Seite|Page|S\.)\s*)?[–-]?\s*\d{1,4}\s*(?:(?:von|of|/)\s*\d{1,4})?\s*[–-]?"
)
_SENTENCE_END = tuple('.!?:…"“”»«')

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def parse_pdf(data: bytes, max_pages: int) -> ParsedFile:
    """The text of a PDF's first ``max_pages`` pages, its lines joined to paragraphs."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("the PDF is encrypted", "Save it without a password.")
        count = len(reader.pages)
        pages = [reader.pages[at].extract_text() or "" for at in range(min(count, max_pages))]
        title = _stated_title(reader)
    except (FileNotDecryptedError, DependencyError) as error:
        raise UnreadableError("the PDF is encrypted", "Save it without a password.") from error
    except LimitReachedError as error:
        raise UnreadableError("the PDF is larger inside than is safe", "Save its text.") from error
    except PyPdfError as error:
        raise UnreadableError(f"the PDF is broken ({error})"[:150], "Save it again.") from error
    text = "\n\n".join(filter(None, map(_paragraphs, _without_running_lines(pages))))
    if not text.strip():
        raise UnreadableError(
            "the PDF has no text layer (scanned pages?)", "Run text recognition (OCR) on it first."
        )
    notes = (
        (f"{count} pages: only the first {max_pages} were read (ingest.max_pdf_pages)",)
        if count > max_pages
        else ()
    )
    return ParsedFile(text=text, title=title if title and title in text else None, notes=notes)


def _stated_title(reader: PdfReader) -> str | None:
    """The title in the document's own data; often only a file name, so the text must hold it."""
    metadata = reader.metadata
    title = metadata.title if metadata else None
    return title.strip() or None if isinstance(title, str) else None


def _without_running_lines(pages: list[str]) -> list[list[str]]:
    """Pages as lines, without page numbers and what every page has at its top or bottom."""
    lines = [page.translate(_LIGATURES).splitlines() for page in pages]
    edges = Counter(
        edge for page in lines for edge in {_edge(line) for line in page[:2] + page[-2:]} if edge
    )
    running = {edge for edge, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    return [
        [
            line
            for at, line in enumerate(page)
            if not (
                (at < 2 or at >= len(page) - 2)
                and (_edge(line) in running or _PAGE_NUMBER.fullmatch(line.strip()))
            )
        ]
        for page in lines
    ]


def _edge(line: str) -> str:
    """A line with its numbers made equal; nothing for one that ends a sentence."""
    return "" if line.strip().endswith((".", "!", "?")) else re.sub(r"\d+", "#", line.strip())


def _paragraphs(lines: list[str]) -> str:
    """Lines joined; a blank line, a short last line or a short heading ends a paragraph."""
    stripped = [line.strip() for line in lines]
    width = median(map(len, filter(None, stripped))) if any(stripped) else 0
    done: list[str] = []
    current = previous = ""
    for line in stripped:
        is_heading = bool(current) and current in stripped and len(current) < 0.5 * width
        if current and (not line or is_heading or _ends_paragraph(previous, width)):
            done.append(current)
            current = ""
        if line:
            current = join_lines(current, line) if current else line
        previous = line
    return "\n".join((*done, current)).strip()


def _ends_paragraph(line: str, width: float) -> bool:
    return len(line) < 0.8 * width and line.endswith(_SENTENCE_END)
