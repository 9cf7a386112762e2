"""Questions from the command line or from JSONL, checked before any work; JSON out, a line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import UsageError, json_fault
from rag.ingest.characters import clean_line
from rag.language.detect import detect_language
from rag.types import Language, Question

MAX_QUESTION_CHARS = 100_000
"""Longer input is no question. What is longer than a model reads is cut there, with a note."""


def questions_of(
    text: str | None,
    batch: Path | None,
    *,
    outlets: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
) -> list[Question]:
    """The one question, or those of the batch file. Raises ``UsageError``, naming the line."""
    if (text is None) == (batch is None):
        raise UsageError(
            "Give a question or --batch FILE, not both and not neither.",
            'For example: rag ask "Wer traf wen?"',
        )
    filters: dict[str, Any] = {
        "outlets": list(outlets),
        "from": published_from,
        "to": published_to,
    }
    if batch is None:
        return [_question({"question": text, **filters}, "the question")]
    return [
        _question({**filters, **row}, f"line {number} of {batch}") for number, row in _rows(batch)
    ]


def print_json_line(value: Mapping[str, Any]) -> None:
    """One JSON object on a line of stdout, in UTF-8 whatever the locale says."""
    print_page(json_line(value))


def json_line(value: Mapping[str, Any]) -> str:
    """One JSON object as a line."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def print_page(text: str) -> None:
    """A result on stdout, in UTF-8 whatever the locale says."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _rows(batch: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        data = sys.stdin.buffer.read() if str(batch) == "-" else batch.read_bytes()
        # Not splitlines(): U+2028 and its like may stand inside a JSON string.
        lines = data.decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The batch file {str(batch)!r} cannot be read: {error}.", "Give a UTF-8 JSONL file."
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(
                f"Line {number} of {batch} is {json_fault(error)}.", "Correct that line."
            ) from error
        if not isinstance(row, dict):
            raise UsageError(
                f"Line {number} of {batch} is no JSON object.", 'Write {"id": …, "question": …}.'
            )
        yield number, row


def _question(row: Mapping[str, Any], where: str) -> Question:
    text = row.get("question", row.get("query"))
    if not isinstance(text, str) or not clean_line(text):
        raise UsageError(f"Empty: {where} has no text.", "Write what you want to know.")
    if len(text) > MAX_QUESTION_CHARS:
        raise UsageError(
            f"The question in {where} has {len(text)} characters, the limit is "
            f"{MAX_QUESTION_CHARS}.",
            "Ask a shorter one.",
        )
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ").strip()
    outlets = row.get("outlets", row.get("outlet")) or []
    identity = row.get("id")
    first, last = _day(row.get("from"), where), _day(row.get("to"), where)
    if first and last and first > last:
        raise UsageError(
            f"Nothing is published from {first} to {last} ({where}): the first day is the later.",
            "Swap --from and --to.",
        )
    return Question(
        text=text,
        language=_language(row.get("language"), text),
        outlets=frozenset([outlets] if isinstance(outlets, str) else map(str, outlets)),
        published_from=first,
        published_to=last,
        question_id=None if identity is None else str(identity),
    )


def _language(given: object, text: str) -> Language:
    if given == "de":
        return "de"
    if given == "en":
        return "en"
    return detect_language(text)


def _day(value: object, where: str) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise UsageError(
            f"{str(value)!r} in {where} is no date.", "Write it as 2025-09-03."
        ) from error
