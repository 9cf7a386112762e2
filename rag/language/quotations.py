"""Finds what stands in quotation marks, in German, English, French and straight style."""

from __future__ import annotations

from dataclasses import dataclass

from rag.language.words import words

_CLOSERS = {"„": '“”"', "»": "«", "«": "»", "“": '”"', '"': '"“”', "‚": "‘’"}
_AMBIGUOUS = frozenset('"“«»')
_SPEECH_WORDS = 4
_NEAR = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Quoted words; ``text[start_char:end_char]`` includes the marks, ``inner_*`` leaves them out.

    ``is_speech``: long enough, or punctuated, to be what somebody said rather than a title or a
    distanced word. ``is_closed``: both marks stand in this text.
    """

    start_char: int
    end_char: int
    inner_start: int
    inner_end: int
    text: str
    is_speech: bool
    is_closed: bool = True


def quotations(text: str) -> tuple[Quotation, ...]:
    """All quotations, outermost only. A mark without a partner reaches to the paragraph's edge."""
    found: list[Quotation] = []
    opened: int | None = None
    for position, char in enumerate(text):
        if opened is not None:
            if char in _CLOSERS[text[opened]]:
                found.append(_quotation(text, opened, opened + 1, position, position + 1))
                opened = None
            elif char == "\n":
                found.append(_quotation(text, opened, opened + 1, position, position, False))
                opened = None
        elif _opens(text, position):
            opened = position
        elif char in "“”«" and not found:
            start = text.rfind("\n", 0, position) + 1
            found.append(_quotation(text, start, start, position, position + 1, False))
    if opened is not None:
        found.append(_quotation(text, opened, opened + 1, len(text), len(text), False))
    return tuple(quotation for quotation in found if quotation.text.strip())


def _opens(text: str, position: int) -> bool:
    char = text[position]
    if char not in _CLOSERS:
        return False
    after = text[position + 1 : position + 2]
    if char not in _AMBIGUOUS:
        return char == "„" or (after.isalnum() and char == "‚")
    before = text[position - 1 : position]
    is_free = not before or not before.isalnum() or before == "\n"
    return is_free and bool(after) and not after.isspace() and after not in ",.;:!?"


def _quotation(
    text: str, start: int, inner_start: int, inner_end: int, end: int, is_closed: bool = True
) -> Quotation:
    inner = text[inner_start:inner_end]
    length = sum(word.is_word for word in words(inner))
    after = text[end:].lstrip()
    is_punctuated = inner.rstrip().endswith((".", "!", "?", ","))
    is_introduced = text[max(0, start - _NEAR) : start].rstrip().endswith(":")
    is_speech = length >= _SPEECH_WORDS or (
        length > 0 and (is_punctuated or is_introduced or after.startswith((", sagt", ", so ")))
    )
    return Quotation(
        start_char=start,
        end_char=end,
        inner_start=inner_start,
        inner_end=inner_end,
        text=inner,
        is_speech=is_speech,
        is_closed=is_closed,
    )
