"""Lines and line endings that are not the article, found by the rules in ``cleaning.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

from rag.types import Removal, RemovalReason

_HEAD_LINES = 8
_TAIL_LINES = 15
# No rule matches a longer line, but for what is in brackets.
_MAX_LINE_CHARS = 480
_MAX_BRACKETED_CHARS = 1100
# Shorter lines may come back for good reason: names in an interview, "Nein.", headings, a
# question asked twice. Right below itself a line is no such thing.
_MIN_REPEATED_CHARS = 60
_MIN_CAPTION_CHARS = 25
_SENTENCE_START = r"(?:(?<=^)|(?<=[.!?…“”\"»«)|] )|(?<=[.!?…“”\"»«)|]))"


@dataclass(frozen=True, slots=True)
class _LineRule:
    reason: RemovalReason
    where: Literal["any", "head", "tail"]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _EndingRule:
    reason: RemovalReason
    words: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def cleaning_data() -> dict[str, Any]:
    """The content of ``cleaning.yaml``."""
    text = resources.files("rag").joinpath("data/cleaning.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def _rules() -> tuple[tuple[_LineRule, ...], tuple[_EndingRule, ...]]:
    data = cleaning_data()
    lines = tuple(
        _LineRule(reason=row["reason"], where=row["where"], pattern=re.compile(row["pattern"]))
        for row in data["lines"]
    )
    endings = tuple(
        _EndingRule(
            reason=row["reason"],
            words=tuple(row["words"]),
            pattern=re.compile(f"{_SENTENCE_START}(?:{row['pattern']})$"),
        )
        for row in data["endings"]
    )
    return lines, endings


def remove_boilerplate(lines: list[str]) -> tuple[list[str], list[Removal]]:
    """``lines`` without what is not the article, and what was taken out."""
    kept: list[str] = []
    removed: list[Removal] = []
    filled = [number for number, line in enumerate(lines) if line]
    rank = {number: at for at, number in enumerate(filled)}
    for number, line in enumerate(lines):
        if not line:
            kept.append(line)
            continue
        from_end = len(filled) - 1 - rank[number]
        reason = _reason(line, rank[number], from_end)
        if reason is not None:
            removed.append(Removal(reason=reason, text=line))
            continue
        rest, ending = _without_ending(line)
        if ending is not None:
            removed.append(ending)
        if rest:
            kept.append(rest)
    return kept, removed


def remove_repetitions(lines: list[str]) -> tuple[list[str], list[Removal]]:
    """``lines`` without later copies of long lines; a copy right below is a picture's caption."""
    seen: set[str] = set()
    kept: list[str] = []
    removed: list[Removal] = []
    previous = ""
    for line in lines:
        is_caption = len(line) >= _MIN_CAPTION_CHARS and line == previous
        if is_caption or (len(line) >= _MIN_REPEATED_CHARS and line in seen):
            removed.append(Removal(reason="caption" if is_caption else "repetition", text=line))
            continue
        seen.add(line)
        kept.append(line)
        previous = line or previous
    return kept, removed


def _reason(line: str, from_start: int, from_end: int) -> RemovalReason | None:
    if len(line) > (_MAX_BRACKETED_CHARS if line[0] == "[" else _MAX_LINE_CHARS):
        return None
    for rule in _rules()[0]:
        if rule.where == "head" and from_start >= _HEAD_LINES:
            continue
        if rule.where == "tail" and from_end >= _TAIL_LINES:
            continue
        if rule.pattern.fullmatch(line):
            return rule.reason
    return None


def _without_ending(line: str) -> tuple[str, Removal | None]:
    # Only a line's last stretch can match: a look at it alone keeps long lines cheap, and so does
    # a look for the words without which no pattern matches.
    start = max(0, len(line) - 400)
    for rule in _rules()[1]:
        if not any(line.find(word, start) >= 0 for word in rule.words):
            continue
        match = rule.pattern.search(line, start)
        if match and (start == 0 or match.start() > start):
            return line[: match.start()].rstrip(), Removal(
                reason=rule.reason, text=match.group().strip()
            )
    return line, None
