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
# No line rule matches a longer line.
_MAX_LINE_CHARS = 480
# Shorter lines may come back for good reason: names in an interview, "Nein.", headings, a
# question asked twice. Right below itself a line is no such thing.
_MIN_REPEATED_CHARS = 60
_MIN_CAPTION_CHARS = 25
_SENTENCE_START = r"(?:(?<=^)|(?<=[.!?…“”\"»«)|] )|(?<=[.!?…“”\"»«)|]))"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern; ``where`` is for lines, ``words`` says in which lines an ending is sought."""

    reason: RemovalReason
    pattern: re.Pattern[str]
    where: Literal["any", "head", "tail"] = "any"
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules:
    lines: tuple[_Rule, ...]
    endings: tuple[_Rule, ...]
    brackets: tuple[_Rule, ...]


@cache
def cleaning_data() -> dict[str, Any]:
    """The content of ``cleaning.yaml``."""
    text = resources.files("rag").joinpath("data/cleaning.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def _rules() -> _Rules:
    data = cleaning_data()
    return _Rules(
        lines=tuple(
            _Rule(row["reason"], re.compile(row["pattern"]), where=row["where"])
            for row in data["lines"]
        ),
        endings=tuple(
            _Rule(
                row["reason"],
                re.compile(f"{_SENTENCE_START}(?:{row['pattern']})$"),
                words=tuple(row["words"]),
            )
            for row in data["endings"]
        ),
        brackets=tuple(
            _Rule(row["reason"], re.compile(f" ?{row['pattern']}")) for row in data["brackets"]
        ),
    )


def remove_boilerplate(lines: list[str]) -> tuple[list[str], list[Removal]]:
    """``lines`` without what is not the article, and what was taken out."""
    kept: list[str] = []
    removed: list[Removal] = []
    filled = [number for number, line in enumerate(lines) if line]
    rank = {number: at for at, number in enumerate(filled)}
    for number, given in enumerate(lines):
        line = _without_brackets(given, removed)
        if not line:
            kept += [] if given else [given]
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


def _without_brackets(line: str, removed: list[Removal]) -> str:
    if "[" not in line:
        return line
    for rule in _rules().brackets:
        for match in rule.pattern.finditer(line):
            removed.append(Removal(reason=rule.reason, text=match.group().strip()))
        line = rule.pattern.sub("", line).strip()
    return line


def _reason(line: str, from_start: int, from_end: int) -> RemovalReason | None:
    if len(line) > _MAX_LINE_CHARS:
        return None
    for rule in _rules().lines:
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
    for rule in _rules().endings:
        if not any(line.find(word, start) >= 0 for word in rule.words):
            continue
        match = rule.pattern.search(line, start)
        if match and (start == 0 or match.start() > start):
            return line[: match.start()].rstrip(), Removal(
                reason=rule.reason, text=match.group().strip()
            )
    return line, None
