"""A model's text as it arrives → clean text with gap-free markers, then cited sentences.

Everything a model may wrap around its words (fences, tags, links, thinking aloud) goes; a construct
that is not yet whole is held back, so that no half marker is ever shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.language.sentences import split_sentences
from rag.types import Language

_WORDS = r"(?:Quellen?|Belege?|Nr\.?|Sources?|Evidence|No\.?|Ref\.?)"
_NUMBERS = r"\d{1,40}(?:\s*(?:,|;|/|&|und|and|–|-|bis|to)\s*\^?\d{1,40})*"
_MARKER = (
    rf"[\[【]\s*(?:{_WORDS}\s*)?[\^#]?\s*(?P<square>{_NUMBERS})\s*(?:†[^\]】]{{0,40}})?[\]】]"
    rf"|\(\s*{_WORDS}\s*(?P<round>{_NUMBERS})\s*\)"
)
_CONSTRUCT = re.compile(
    r"(?P<image>!\[[^\]\n]{0,100}\](?:\([^)\n]{0,100}\)|\[[^\]\n]{0,100}\])?)"
    rf"|(?P<marker>{_MARKER})"
    r"|\[(?P<label>[^\]\[\n]{1,100})\]\([^)\n]{0,130}\)"
    r"|(?P<template><\|[^|\n]{0,40}\|>|\[/?INST\]|<</?SYS>>)"
    r"|(?P<tag></?[A-Za-z!][^<>]{0,230}>)"
    r"|(?P<fence>`{3,}(?:[\w-]+(?=\s|\Z))?)"
    r"|(?P<ticks>`+)"
    r"|(?P<address>\b(?:https?|ftp|javascript|data|file):\S+|\bwww\.\S+)"
    r"|(?P<stars>\*{1,3}|_{2,3})",
    re.S | re.I,
)
_RANGE = re.compile(r"(\d+)\s*(?:–|-|bis|to)\s*\^?(\d+)")
_LINE_START = re.compile(r"^[ \t]*(?:[-•*–]|#{1,6}|\d{1,2}[.)](?=\s))[ \t]+", re.M)
_PREAMBLE = re.compile(
    r"\A\s*(?:(?:die |kurze )?antwort(?: auf deutsch)?"
    r"|(?:the |short )?answer(?: in english)?)\s*:\s*",
    re.I,
)
_JOINER = re.compile(r"\s*(?:,|;|&|und|and|sowie)\s*", re.I)
_STRAY_QUOTE = re.compile(r'(?<=[“”»"])([.!?]?)"\Z')
"""A small model closes a quotation twice."""
_THOUGHT = re.compile(r"<think(?:ing)?>", re.I)
_THOUGHT_END = re.compile(r"</think(?:ing)?>", re.I)
_TAG_CHARS = 12
_LONGEST_RANGE = 8
_HOLD_CHARS = 240
_OPENERS = {"[": "]", "【": "】", "<": ">", "(": ")"}


@dataclass(frozen=True, slots=True)
class MarkedSentence:
    """A sentence without its markers, and the numbers of the evidence they named."""

    text: str
    numbers: tuple[int, ...]


@dataclass(slots=True)
class MarkerStream:
    """Takes a text piece by piece; ``known`` pieces of evidence have the numbers 1 to ``known``.

    ``unknown`` holds markers that point to nothing, as written.
    """

    known: int
    unknown: list[str] = field(default_factory=list)
    _thoughts: _Thoughts = field(default_factory=lambda: _Thoughts())
    _raw: str = ""
    _settled: int = 0
    _clean: str = ""
    _marks: list[tuple[int, int]] = field(default_factory=list)
    _shown: dict[int, int] = field(default_factory=dict)
    _draft: str = ""

    @property
    def draft(self) -> str:
        """What may be shown so far, with markers numbered by first appearance."""
        return self._draft

    def feed(self, piece: str) -> str:
        """Take a piece; the text that may be shown because of it."""
        self._raw += self._thoughts.without(piece)
        return self._settle(_safe_end(self._raw, self._settled))

    def finish(self) -> str:
        """No more comes; the text that was held back."""
        self._raw += self._thoughts.rest()
        return self._settle(len(self._raw))

    def sentences(self, language: Language) -> tuple[MarkedSentence, ...]:
        """The sentences with their numbers; one without a number has none."""
        text, marks = self._without_decoration()
        spans = split_sentences(text, language)
        found: list[list[int]] = [[] for _ in spans]
        for place, number in marks:
            owner = _owner(text, [(s.start_char, s.end_char) for s in spans], place)
            if owner is not None and number not in found[owner]:
                found[owner].append(number)
        return tuple(
            MarkedSentence(_tidy(text[span.start_char : span.end_char]), tuple(numbers))
            for span, numbers in zip(spans, found, strict=True)
            if any(char.isalnum() for char in text[span.start_char : span.end_char])
        )

    def _settle(self, end: int) -> str:
        start, before = self._settled, len(self._draft)
        for match in _CONSTRUCT.finditer(self._raw, start, end):
            self._take(self._raw[start : match.start()])
            self._take_construct(match)
            start = match.end()
        self._take(self._raw[start:end])
        self._settled = end
        return self._draft[before:]

    def _take(self, text: str) -> None:
        self._clean += text
        self._draft += text

    def _take_construct(self, match: re.Match[str]) -> None:
        if match["label"] is not None:
            # What the label hides (a tag, an address) is no more welcome than outside of it.
            self._take(_CONSTRUCT.sub("", match["label"]))
        elif match["marker"]:
            self._take_marker(match)

    def _take_marker(self, match: re.Match[str]) -> None:
        last = self._marks[-1][0] if self._marks else len(self._clean)
        if _JOINER.fullmatch(self._clean, last):
            # „… sagte sie [1] und [2].“ is no half sentence.
            self._clean = self._clean[:last]
        for number in _numbers(match["square"] or match["round"]):
            if not 1 <= number <= self.known:
                self.unknown.append(f"[{number}]")
                continue
            self._marks.append((len(self._clean), number))
            shown = self._shown.setdefault(number, len(self._shown) + 1)
            self._draft += f"[{shown}]"

    def _without_decoration(self) -> tuple[str, list[tuple[int, int]]]:
        """The clean text without bullets and preamble, the places of the marks moved along."""
        text, marks = self._clean, list(self._marks)
        for pattern in (_PREAMBLE, _LINE_START):
            for match in reversed(list(pattern.finditer(text))):
                size = match.end() - match.start()
                text = text[: match.start()] + text[match.end() :]
                marks = [
                    (place - size if place >= match.end() else min(place, match.start()), number)
                    for place, number in marks
                ]
        return text, marks


@dataclass(slots=True)
class _Thoughts:
    """Takes out what a reasoning model thinks aloud between ``<think>`` and ``</think>``."""

    _pending: str = ""
    _is_open: bool = False

    def without(self, piece: str) -> str:
        """What of the text so far is certainly no thought."""
        text, said = self._pending + piece, ""
        while True:
            match = (_THOUGHT_END if self._is_open else _THOUGHT).search(text)
            if not match:
                break
            said += "" if self._is_open else text[: match.start()]
            self._is_open = not self._is_open
            text = text[match.end() :]
        # The end may be half a tag.
        half = text.rfind("<", max(0, len(text) - _TAG_CHARS))
        keep = half if half >= 0 else len(text)
        self._pending = text[keep:]
        return said + ("" if self._is_open else text[:keep])

    def rest(self) -> str:
        """What is left at the end; an unfinished thought is none of it."""
        return "" if self._is_open else self._pending


def _numbers(written: str) -> tuple[int, ...]:
    """The numbers of ``1, 3`` or ``2-4``; a long range is taken as its two ends."""
    found: list[int] = []
    for part in re.split(r",|;|/|&|und|and", written):
        ends = _RANGE.search(part)
        if ends:
            first, last = int(ends[1]), int(ends[2])
            whole = range(first, last + 1) if 0 < last - first < _LONGEST_RANGE else (first, last)
            found.extend(whole)
        else:
            found.extend(int(number) for number in re.findall(r"\d+", part))
    return tuple(dict.fromkeys(found))


def _safe_end(raw: str, settled: int) -> int:
    """The last word boundary that no construct can cross, whatever comes next."""
    end = len(raw)
    while end > settled:
        end = max((raw.rfind(space, settled, end) for space in " \n\t"), default=-1)
        if end < settled:
            return settled
        opened = _first_open(raw, max(settled, end - _HOLD_CHARS), end)
        if opened is None:
            return end
        end = opened
    return settled


def _first_open(raw: str, start: int, end: int) -> int | None:
    """The first bracket in the stretch that is not closed in it."""
    places = []
    for opener, closer in _OPENERS.items():
        place = raw.rfind(opener, start, end)
        if place >= 0 and raw.find(closer, place, end) < 0:
            places.append(place)
    return min(places, default=None)


def _owner(text: str, spans: list[tuple[int, int]], place: int) -> int | None:
    """The sentence a mark belongs to: the one before it, or after it at the start of a line."""
    line_start = text.rfind("\n", 0, place) + 1
    is_leading = not text[line_start:place].strip()
    line_end = text.find("\n", place)
    rest = text[place : line_end if line_end >= 0 else len(text)]
    if is_leading and rest.strip(" .,;:"):
        return next((index for index, (_, end) in enumerate(spans) if end > place), None)
    before = [index for index, (start, _) in enumerate(spans) if start < place]
    return before[-1] if before else (0 if spans else None)


def _tidy(sentence: str) -> str:
    """Single spaces, none before a stop."""
    line = " ".join(sentence.split())
    line = re.sub(r"\s+([.,;:!?])", r"\1", line.replace("()", ""))
    if line.count('"') % 2:
        line = _STRAY_QUOTE.sub(r"\1", line)
    return re.sub(r"([.!?])\s*[.]\Z", r"\1", line)
