"""Reads answers and briefings back from their JSON.

What is malformed is refused with its place in the file, never passed over: a record that was not
read would look like one that holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from rag.briefing.printed import (
    Printed,
    PrintedCitation,
    PrintedClaim,
    PrintedDisagreement,
    PrintedPosition,
    PrintedSentence,
)
from rag.errors import InputError, json_fault
from rag.interchange import SCHEMA

HINT = "Give a Markdown, HTML or JSON file that `rag briefing` or `rag ask --format json` wrote."
_MARKER = re.compile(r"\[(\d+)\]")
_LONGEST_SHOWN = 40
_Read = TypeVar("_Read")
_Kind = TypeVar("_Kind")


class _Malformed(Exception):
    """What is wrong, and where in a record."""


def read_json(text: str, path: Path) -> tuple[Printed, ...]:
    """The exports in ``text``: one, a list, or one a line. Raises ``InputError``."""
    try:
        rows = _rows(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"The file {str(path)!r} is {json_fault(error)}.", HINT) from error
    found = []
    for number, row in enumerate(rows, 1):
        try:
            found.append(_printed(row))
        except _Malformed as fault:
            which = f", record {number}" if len(rows) > 1 else ""
            raise InputError(f"The file {str(path)!r}{which}: {fault}.", HINT) from fault
    return tuple(found)


def _rows(text: str) -> list[Any]:
    try:
        loaded = json.loads(text)
        return loaded if isinstance(loaded, list) else [loaded]
    except ValueError:
        # Not splitlines(): U+2028 and its like may stand inside a JSON string.
        return [json.loads(line) for line in text.split("\n") if line.strip()]


def _printed(row: Any) -> Printed:
    if not isinstance(row, dict) or not {"sections", "sentences", "answer"} & set(row):
        raise _Malformed("neither an answer nor a briefing")
    schema = row.get("schema", SCHEMA)
    if type(schema) is not int or schema != SCHEMA:
        raise _Malformed(f"its schema is {_shown(schema)}, this program reads schema {SCHEMA}")
    mode = _field(row.get("run") or {}, "run", "mode", str, "extractive")
    citations = _each(row.get("citations"), "citations", _citation)
    disagreements = _each(row.get("disagreements"), "disagreements", _disagreement)
    if "sections" in row:
        sentences = _of_sections(row["sections"], is_written=mode == "llm")
        sentences += _each(row.get("timeline"), "timeline", _event)
    else:
        sentences = _each(row.get("sentences"), "sentences", _sentence)
        sentences += _lines_of(_field(row, "", "answer", str, ""))
    return Printed(
        sentences,
        citations,
        is_verbatim="sections" in row,
        is_extractive=mode == "extractive",
        disagreements=disagreements,
        is_silent=row.get("status") == "not_in_sources",
    )


def _of_sections(rows: Any, *, is_written: bool) -> tuple[PrintedSentence, ...]:
    """Only a briefing that says so has sentences that are no quotes."""

    def sentence(row: Any, place: str) -> PrintedSentence:
        read = _sentence(row, place)
        return PrintedSentence(
            read.text, read.markers, is_written and row.get("is_written") is True
        )

    found: tuple[PrintedSentence, ...] = ()
    for section, place in _placed(rows, "sections"):
        found += _each(_field(section, place, "sentences", list), f"{place}.sentences", sentence)
    return found


def _disagreement(row: Any, place: str) -> PrintedDisagreement:
    positions = _field(row, place, "positions", list)
    return PrintedDisagreement(
        _sound(_field(row, place, "aspect", str, "")),
        _each(positions, f"{place}.positions", _position),
    )


def _position(row: Any, place: str) -> PrintedPosition:
    claims = _each(_field(row, place, "claims", list), f"{place}.claims", _claim)
    return PrintedPosition(_sound(_field(row, place, "value", str, "")), claims)


def _lines_of(answer: str) -> tuple[PrintedSentence, ...]:
    """The cited lines of an answer's text: they are what is read, so they are checked as well."""
    return tuple(
        PrintedSentence(_sound(line), tuple(sorted({int(m) for m in _MARKER.findall(line)})))
        for line in answer.split("\n")
        if _MARKER.search(line)
    )


def _citation(row: Any, place: str) -> PrintedCitation:
    return _quoted(row, place, _field(row, place, "marker", int))


def _claim(row: Any, place: str) -> PrintedClaim:
    quoted = _quoted(row, place, 0)
    return PrintedClaim(
        **asdict(quoted),
        source=_sound(_field(row, place, "source", str, "")) or None,
        label=_sound(_field(row, place, "label", str, "")) or None,
    )


def _quoted(row: Any, place: str, marker: int) -> PrintedCitation:
    return PrintedCitation(
        marker=marker,
        article_id=_sound(_field(row, place, "article_id", str)),
        quote=_sound(_field(row, place, "quote", str)),
        start_char=_field(row, place, "start_char", int),
        end_char=_field(row, place, "end_char", int),
        content_hash=_sound(_field(row, place, "content_hash", str, "")),
    )


def _sentence(row: Any, place: str, name: str = "text") -> PrintedSentence:
    text = _field(row, place, name, str)
    markers = _field(row, place, "citations", list)
    if not all(type(marker) is int for marker in markers):
        raise _Malformed(f"{place}.citations holds something that is no whole number")
    return PrintedSentence(_sound(text), tuple(markers))


def _event(row: Any, place: str) -> PrintedSentence:
    return _sentence(row, place, "sentence")


def _each(rows: Any, place: str, read: Callable[[Any, str], _Read]) -> tuple[_Read, ...]:
    return tuple(read(row, at) for row, at in _placed(rows, place))


def _placed(rows: Any, place: str) -> Iterable[tuple[Any, str]]:
    if rows is None:
        return
    if not isinstance(rows, list):
        raise _Malformed(f"{place} is no list")
    yield from ((row, f"{place}[{number}]") for number, row in enumerate(rows))


def _field(
    row: Any, place: str, name: str, kind: type[_Kind], default: _Kind | None = None
) -> _Kind:
    """A field of the right kind; what is missing or null is the default, where there is one."""
    if not isinstance(row, Mapping):
        raise _Malformed(f"{place} is no object")
    where = f"{place}.{name}" if place else name
    value = row.get(name)
    if value is None:
        if default is None:
            raise _Malformed(f"{where} is missing")
        return default
    # Not isinstance(): true and false are whole numbers to it.
    if type(value) is not kind:
        raise _Malformed(f"{where} is {_shown(value)}, not {_KINDS[kind]}")
    return value


_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", list: "a list"}


def _shown(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=True)
    return written if len(written) <= _LONGEST_SHOWN else written[:_LONGEST_SHOWN] + "…"


def _sound(value: str) -> str:
    """As text that can be looked up and printed: JSON may hold halves of characters."""
    return value.encode("utf-8", "replace").decode("utf-8")
