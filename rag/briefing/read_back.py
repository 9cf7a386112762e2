"""Reads exported briefings and saved answers back: their sentences and citations as printed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.briefing.export_markdown import WRITTEN
from rag.errors import InputError, json_fault

_MOST_BYTES = 50_000_000
_HINT = "Give a Markdown, HTML or JSON file that `rag briefing` or `rag ask --format json` wrote."
_FOOTNOTE = re.compile(
    r"^\[\^(?P<marker>\d+)\]: (?P<body>.*?) `(?P<id>[^`]+):(?P<start>\d+)-(?P<end>\d+)"
    r"#(?P<hash>[0-9a-f]*)`\s*$"
)
_DEFINITION = re.compile(r"^\[\^\d+\]:")
_REFERENCES = re.compile(r"((?:\[\^\d+\])+)")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>|#&@~./])")
_MARKER = re.compile(r"\[(\d+)\]")
_LABEL = re.compile(r"^\*\*.*?(?<!\\)\*\* — ")


@dataclass(frozen=True, slots=True)
class PrintedCitation:
    """A footnote as the file has it; ``quote`` may stand in quotation marks."""

    marker: int
    article_id: str
    quote: str
    start_char: int
    end_char: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class PrintedSentence:
    """A cited sentence as the file has it; ``is_written`` where a language model worded it."""

    text: str
    markers: tuple[int, ...]
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """What a file says and what it rests on.

    ``is_verbatim`` where every sentence is a quote unless it is said to be written;
    ``is_extractive`` where the sources' words stand in sentences that say no more than who says so.
    """

    sentences: tuple[PrintedSentence, ...]
    citations: tuple[PrintedCitation, ...]
    is_verbatim: bool
    is_extractive: bool = True


def read_back(path: Path) -> tuple[Printed, ...]:
    """The exports in a file: one, or one a line for saved answers. Raises ``InputError``."""
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(f"The file {str(path)!r} cannot be read: {error}.", _HINT) from error
    if len(data) > _MOST_BYTES:
        raise InputError(f"The file {str(path)!r} is larger than {_MOST_BYTES} bytes.", _HINT)
    opening = text.lstrip()[:200].lower()
    if opening.startswith("<"):
        found = [_from_html(text)]
    elif opening.startswith(("{", "[")) and not opening.startswith("[^"):
        found = [_from_json(row) for row in _rows(text, path)]
    else:
        found = [_from_markdown(text)]
    if not any(each.citations or each.sentences for each in found):
        if any(_is_silent_answer(row) for row in _rows_or_none(text)):
            return tuple(found)
        raise InputError(f"The file {str(path)!r} holds no citation.", _HINT)
    return tuple(found)


def _rows_or_none(text: str) -> list[Any]:
    try:
        return _parsed(text)
    except (ValueError, RecursionError):
        return []


def _is_silent_answer(row: Any) -> bool:
    return isinstance(row, dict) and row.get("status") == "not_in_sources"


def _rows(text: str, path: Path) -> list[Any]:
    try:
        return _parsed(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The file {str(path)!r} is {json_fault(error)}.", _HINT) from error


def _parsed(text: str) -> list[Any]:
    try:
        loaded = json.loads(text)
        return loaded if isinstance(loaded, list) else [loaded]
    except ValueError:
        return [json.loads(line) for line in text.split("\n") if line.strip()]


def _from_json(row: Any) -> Printed:
    try:
        citations = tuple(_citation(each) for each in row.get("citations", ()))
        if "sections" in row:
            listed = [s for section in row["sections"] for s in section["sentences"]]
            if row.get("run", {}).get("mode", "extractive") != "llm":
                # Only a briefing that says so has sentences that are no quotes.
                listed = [{**each, "is_written": False} for each in listed]
            listed += [{**e, "text": e["sentence"]} for e in row.get("timeline", ())]
        else:
            listed = [*row.get("sentences", []), *_lines_of(str(row.get("answer") or ""))]
        sentences = tuple(
            PrintedSentence(_sound(s["text"]), tuple(s["citations"]), bool(s.get("is_written")))
            for s in listed
        )
        mode = row.get("run", {}).get("mode", "extractive")
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise InputError(
            "The JSON is neither an answer nor a briefing: a field is missing or of another kind.",
            _HINT,
        ) from error
    is_extractive = mode == "extractive"
    return Printed(sentences, citations, "sections" in row, is_extractive)


def _lines_of(answer: str) -> list[dict[str, Any]]:
    """The cited lines of an answer's text: they are what is read, so they are checked as well."""
    return [
        {"text": line, "citations": sorted({int(each) for each in _MARKER.findall(line)})}
        for line in answer.split("\n")
        if _MARKER.search(line)
    ]


def _citation(row: Any) -> PrintedCitation:
    return PrintedCitation(
        marker=int(row["marker"]),
        article_id=_sound(row["article_id"]),
        quote=_sound(row["quote"]),
        start_char=int(row["start_char"]),
        end_char=int(row["end_char"]),
        content_hash=_sound(row.get("content_hash") or ""),
    )


def _sound(value: Any) -> str:
    """As text that can be looked up and printed: JSON may hold halves of characters."""
    return str(value).encode("utf-8", "replace").decode("utf-8")


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
