"""Reads exported briefings and saved answers back: their sentences and citations as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rag.briefing.export_markdown import WRITTEN
from rag.briefing.printed import Printed, PrintedCitation, PrintedSentence
from rag.briefing.read_json import HINT, read_json
from rag.errors import InputError

_MOST_BYTES = 50_000_000
_FOOTNOTE = re.compile(
    r"^\[\^(?P<marker>\d+)\]: (?P<body>.*?) `(?P<id>[^`]+):(?P<start>\d+)-(?P<end>\d+)"
    r"#(?P<hash>[0-9a-f]*)`\s*$"
)
_DEFINITION = re.compile(r"^\[\^\d+\]:")
_REFERENCES = re.compile(r"((?:\[\^\d+\])+)")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|#&@~./])")
_LABEL = re.compile(r"^\*\*.*?(?<!\\)\*\* — ")


def read_back(path: Path) -> tuple[Printed, ...]:
    """The exports in a file: one, or one a line for saved answers. Raises ``InputError``."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(f"The file {str(path)!r} cannot be read: {error}.", HINT) from error
    if len(data) > _MOST_BYTES:
        raise InputError(f"The file {str(path)!r} is larger than {_MOST_BYTES} bytes.", HINT)
    opening = text.lstrip()[:200].lower()
    found: tuple[Printed, ...]
    if opening.startswith("<"):
        found = (_from_html(text),)
    elif opening.startswith(("{", "[")) and not opening.startswith("[^"):
        found = read_json(text, path)
    else:
        found = (_from_markdown(text),)
    if not any(each.citations or each.sentences or each.is_silent for each in found):
        raise InputError(f"The file {str(path)!r} holds no citation.", HINT)
    return found


def _from_markdown(text: str) -> Printed:
    citations: list[PrintedCitation] = []
    sentences: list[PrintedSentence] = []
    lines = text.splitlines()
    has_written = WRITTEN in lines
    for line in lines:
        if _DEFINITION.match(line):
            citations.append(_footnote(line))
        elif _REFERENCES.search(line):
            sentences += _cited_parts(line, has_written and not line.startswith("- "))
    return Printed(tuple(sentences), tuple(citations), True, not has_written)


def _footnote(line: str) -> PrintedCitation:
    match = _FOOTNOTE.match(line)
    if match is None:
        # Still a footnote, but what it points to was destroyed: it must fail, not vanish.
        marker = int(re.findall(r"\d+", line)[0])
        return PrintedCitation(marker, "", line, 0, 0, "")
    quote = re.split(r"(?<=[\w?.…“”)]): (?=[„“\"”»«])", match["body"], maxsplit=1)[-1]
    return PrintedCitation(
        marker=int(match["marker"]),
        article_id=match["id"],
        quote=_ESCAPED.sub(r"\1", quote),
        start_char=int(match["start"]),
        end_char=int(match["end"]),
        content_hash=match["hash"],
    )


def _cited_parts(line: str, is_written: bool) -> Iterator[PrintedSentence]:
    text = line.lstrip("-* ") if line.startswith("- ") and not line.startswith("- **") else line
    text = _LABEL.sub("", text.removeprefix("- "))
    parts = _REFERENCES.split(text)
    for said, references in zip(parts[::2], parts[1::2], strict=False):
        markers = tuple(int(each) for each in re.findall(r"\d+", references))
        yield PrintedSentence(_ESCAPED.sub(r"\1", said).strip(), markers, is_written)


def _from_html(text: str) -> Printed:
    from lxml import html

    page = html.document_fromstring(text)
    citations = tuple(
        PrintedCitation(
            marker=int(item.get("value") or 0),
            article_id=item.get("data-article") or "",
            quote="".join(q.text_content() for q in item.iter("q")),
            start_char=int(item.get("data-start") or 0),
            end_char=int(item.get("data-end") or 0),
            content_hash=item.get("data-hash") or "",
        )
        for item in page.iter("li")
        if item.get("data-article") is not None
    )
    has_written = any("briefing 1 llm" in (m.get("content") or "") for m in page.iter("meta"))
    sentences = tuple(
        PrintedSentence(
            span.text_content(),
            tuple(int(m) for m in (span.get("data-cites") or "").split()),
            has_written and span.get("class") == "s w",
        )
        for span in page.iter("span")
        if span.get("class") in ("s", "s w")
    )
    return Printed(sentences, citations, True, not has_written)
