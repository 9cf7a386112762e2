"""What no reader sees is taken out of a text, spaces and line breaks are made plain.

The result is NFC, its only line break is LF, its only other white space the blank.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rag.types import Removal

MANY_INVISIBLE = 20
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SUSPECT = re.compile(
    # Ranges instead of a look at every character: long texts are nearly always free of them.
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\uffff\ufdd0-\ufdef\ue000-\uf8ff\U000110bd\U000110cd\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f]")
_ODD_SPACE = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile(" {2,}")
_AROUND_BREAK = re.compile(" *\n *")
_BLANK_LINES = re.compile("\n{3,}")


def clean_characters(text: str) -> tuple[str, tuple[Removal, ...]]:
    """The text without control and invisible characters, and what was taken out."""
    text = _LINE_BREAK.sub("\n", _SURROGATE.sub(REPLACEMENT, text))
    removed = _SUSPECT.findall(text.replace(REPLACEMENT, ""))
    if removed:
        text = _SUSPECT.sub(lambda match: match[0] if match[0] == REPLACEMENT else "", text)
    text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", _ODD_SPACE.sub(" ", text))
    text = _BLANK_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", text)).strip()
    return text, _report(removed)


def clean_line(text: str) -> str:
    """``text`` as one clean line, for titles, names and file names shown to people."""
    return " ".join(clean_characters(text)[0].split())


def invisible_note(removed: tuple[Removal, ...]) -> str | None:
    """A warning when so much was hidden in a text that somebody may have meant it."""
    hidden = [item.text for item in removed if item.reason == "invisible_characters"]
    if not hidden:
        return None
    counts = {code: int(count) for count, code in re.findall(r"(\d+) × (U\+[0-9A-F]+)", hidden[0])}
    if sum(counts.values()) <= MANY_INVISIBLE and not any(map(_is_tag, counts)):
        return None
    return f"{sum(counts.values())} invisible characters removed: the text may hide something"


def _is_tag(code: str) -> bool:
    return bool(_TAGS.match(chr(int(code[2:], 16))))


def _report(removed: list[str]) -> tuple[Removal, ...]:
    """One entry each for control and for invisible characters, by code point and count."""
    entries = []
    for reason, is_control in (("control_characters", True), ("invisible_characters", False)):
        counts = Counter(
            char for char in removed if (unicodedata.category(char) == "Cc") is is_control
        )
        if counts:
            text = ", ".join(f"{n} × U+{ord(char):04X}" for char, n in sorted(counts.items()))
            entries.append(Removal(reason=reason, text=text))  # type: ignore[arg-type]
    return tuple(entries)
