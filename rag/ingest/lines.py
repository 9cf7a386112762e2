"""Lines that were broken for looks are joined again, so that a line break means something."""

from __future__ import annotations

import re
from statistics import median

_ENDS = tuple('.!?:;…"“”»«)]*|')
_FIRST_WORD = re.compile(r"\S+")
_HYPHEN = re.compile(r"[^\W\d_]-$")
# After a hyphen at a line's end these go on with an ellipsis: "Ein- und Ausfuhr".
_AFTER_ELLIPSIS = frozenset({"und", "oder", "bzw.", "bis", "sowie", "and", "or", "to", "statt"})
_NEVER_LAST = re.compile(
    r"(?:der|die|das|dem|den|des|eine?|einen|einem|einer|eines|und|oder|aber|sowie|als|wie|dass|weil|"
    r"in|im|am|an|auf|aus|bei|beim|mit|nach|von|vom|vor|zu|zum|zur|für|über|unter|durch|gegen|ohne|um|"
    r"the|a|and|or|of|to|on|at|by|for|from|with|that)"
)
# A drop capital's word stands alone on its line in some outlets' texts.
_ALONE_FIRST = re.compile(
    r"(?:Der|Die|Das|Eine?|Es|Er|Sie|Wir|Ich|In|Im|Am|An|Auf|Aus|Bei|Beim|Mit|Nach|Von|Vom|Vor|Zu|"
    r"Zum|Zur|Für|Über|Unter|Wenn|Als|Wie|Wer|Was|Auch|Doch|Seit|Ihr|The|An?)"
)
_MAX_WIDTH = 130
_MIN_LINES = 4


def join_broken_lines(text: str) -> str:
    """``text`` with the line breaks inside sentences and wrapped paragraphs taken out."""
    lines = text.split("\n")
    width = _wrap_width([line for line in lines if line])
    joined: list[str] = []
    last_piece = ""
    for line in lines:
        if joined and joined[-1] and line and _belongs_together(last_piece, line, width):
            joined[-1] = join_lines(joined[-1], line)
        else:
            joined.append(line)
        last_piece = line
    return "\n".join(joined)


def _wrap_width(lines: list[str]) -> int | None:
    """The width a text was wrapped at; ``None`` for one paragraph a line."""
    if len(lines) < _MIN_LINES:
        return None
    width = max(map(len, lines))
    is_wrapped = 40 <= width <= _MAX_WIDTH and median(map(len, lines)) >= 0.75 * width
    return width if is_wrapped else None


def _belongs_together(line: str, following: str, width: int | None) -> bool:
    first = _FIRST_WORD.match(following)
    if first is None:
        return False
    if width is not None and len(line) + 1 + len(first.group()) > width:
        return True
    if line.endswith(_ENDS):
        return False
    if _ALONE_FIRST.fullmatch(line):
        return True
    last_word = line.rpartition(" ")[2]
    # A formula's index falls on a line of its own: "O", "2 in der Luft".
    is_index = following[0].isdigit() and len(last_word) == 1 and last_word.isalpha()
    starts_inside = following[0].islower() and not following.startswith(("http", "www."))
    starts_inside = starts_inside or is_index
    return len(line) > 2 and (
        starts_inside or bool(_NEVER_LAST.fullmatch(last_word)) or line.endswith(",")
    )


def join_lines(line: str, following: str) -> str:
    """One line out of two; a hyphen that only divides a word goes."""
    if not _HYPHEN.search(line[-2:]) or following.split(" ", 1)[0] in _AFTER_ELLIPSIS:
        return f"{line} {following}"
    return line[:-1] + following if following[:1].islower() else line + following
