"""The line of an answer that names the sides of a conflict: how it is put, how it is taken apart.

Both are here so that `rag verify` reads no other line than the one that is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rag.answer.citations import markers_text
from rag.answer.wording import joined, say
from rag.language.typography import Sourced, source_label
from rag.types import Language

_LONGEST_VALUE = 80
_LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")
_GAP = "\0"
_MARKERS_BEHIND = re.compile(r"(?:\s*\[\d+\])+$")


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A line taken apart: ``sides`` with the markers each is printed with."""

    aspect: str
    sides: tuple[tuple[str, tuple[int, ...]], ...]
    language: Language


def conflict_side(claims: Sequence[Sourced], value: str, language: Language) -> str:
    """Who says what: "Nordblatt: 12 Menschen"."""
    value = value.strip()
    if len(value) > _LONGEST_VALUE:
        value = value[: _LONGEST_VALUE - 1].rsplit(" ", 1)[0] + " …"
    outlets = joined([source_label(claim, language) for claim in claims], language)
    return say("side", language, outlets=outlets, value=value)


def conflict_line(
    aspect: str, sides: Sequence[tuple[str, tuple[int, ...]]], language: Language
) -> str:
    """The whole line, each side with its markers."""
    marked = [f"{side} {markers_text(markers)}" for side, markers in sides]
    return say("conflict", language, aspect=aspect, sides=say("versus", language).join(marked))


def take_apart(line: str, aspects: Sequence[str]) -> ConflictLine | None:
    """The parts of such a line, ``None`` where it is none.

    An aspect may itself hold quotation marks, so known ``aspects`` are tried first.
    """
    line = plain(line)
    for language in _LANGUAGES:
        frame = say("conflict", language, aspect=_GAP, sides=_GAP)
        opening, between, closing = frame.split(_GAP)
        if not line.startswith(opening):
            continue
        said = line.removeprefix(opening)
        unmarked = _MARKERS_BEHIND.sub("", said)
        if unmarked.endswith(closing):  # the markers of the whole line stand behind its full stop
            said = unmarked.removesuffix(closing)
        known = [each for each in map(plain, aspects) if said.startswith(each + between)]
        aspect = max(known, key=len, default=said.partition(between)[0])
        sides = said.removeprefix(aspect).removeprefix(between)
        parts = sides.split(say("versus", language))
        return ConflictLine(aspect, tuple(_side(each) for each in parts), language)
    return None


def _side(text: str) -> tuple[str, tuple[int, ...]]:
    behind = _MARKERS_BEHIND.search(text)
    if behind is None:
        return text.strip(), ()
    markers = tuple(int(each) for each in re.findall(r"\d+", behind[0]))
    return text[: behind.start()].strip(), markers


def plain(text: str) -> str:
    """The text in one line, as aspects and sides are compared."""
    return " ".join(text.split())
