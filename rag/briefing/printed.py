"""What an export says and what it rests on, as a file has it: nothing of it is trusted yet."""

from __future__ import annotations

from dataclasses import dataclass


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
class PrintedClaim(PrintedCitation):
    """A side's quote, and what the file calls its source."""

    source: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class PrintedPosition:
    """One side of a disagreement as the file has it."""

    value: str
    claims: tuple[PrintedClaim, ...]


@dataclass(frozen=True, slots=True)
class PrintedDisagreement:
    """A disagreement as the file has it."""

    aspect: str
    positions: tuple[PrintedPosition, ...]


@dataclass(frozen=True, slots=True)
class PrintedSentence:
    """A cited sentence as the file has it; ``is_written`` where a language model worded it."""

    text: str
    markers: tuple[int, ...]
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """What a file says and what it rests on.

    The sides of its ``disagreements`` are quotes without a marker. ``is_verbatim`` where every
    sentence is a quote unless it is said to be written; ``is_extractive`` where the sources' words
    stand in sentences that say no more than who says so; ``is_silent`` where it is an answer that
    found nothing, and so asserts nothing.
    """

    sentences: tuple[PrintedSentence, ...]
    citations: tuple[PrintedCitation, ...]
    is_verbatim: bool
    is_extractive: bool = True
    disagreements: tuple[PrintedDisagreement, ...] = ()
    is_silent: bool = False
