"""Values → HTML. ``gr.HTML`` sanitises nothing, so everything is escaped here, in one place.

A function that returns HTML takes text and escapes it itself, or takes HTML made here; which of
the two a parameter is, its name says: ``content`` is HTML, everything else text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from rag.types import Span

# Direction marks would reorder what stands around them, tag characters hide text.
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def text(value: object) -> str:
    """Any value as text in HTML, without characters that change what is seen around it."""
    seen = _CONTROL.sub("\ufffd", _UNSEEN.sub("", str(value)))
    return escape(seen, quote=True)


def element(name: str, content: str = "", **attributes: object) -> str:
    """An element around HTML; ``class_`` writes ``class``, ``data_x`` writes ``data-x``.

    An attribute that is ``None`` or ``False`` is left out, ``True`` stands without a value.
    """
    return f"<{name}{_attributes(attributes)}>{content}</{name}>"


def _attributes(attributes: dict[str, object]) -> str:
    written = []
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {name}")
        elif value is not None and value is not False:
            written.append(f' {name}="{text(value)}"')
    return "".join(written)


def items(contents: Iterable[str], **attributes: object) -> str:
    """A list of HTML rows; nothing where there are none."""
    listed = "".join(f"<li>{content}</li>" for content in contents)
    return element("ul", listed, **attributes) if listed else ""


def opener(
    content: str, article_id: str, start_char: int, end_char: int, **attributes: object
) -> str:
    """A button that opens the article in the source drawer with that stretch marked."""
    return element(
        "button",
        content,
        type="button",
        data_open=article_id,
        data_start=start_char,
        data_end=end_char,
        **attributes,
    )


def marked(value: str, spans: Sequence[Span], class_: str | None = None) -> str:
    """A text with stretches of it marked; overlapping ones are joined."""
    pieces, at = [], 0
    for start, end in _joined(spans, len(value)):
        pieces.append(text(value[at:start]))
        pieces.append(element("mark", text(value[start:end]), class_=class_))
        at = end
    return "".join(pieces) + text(value[at:])


def _joined(spans: Sequence[Span], length: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda each: each.start_char):
        start, end = max(span.start_char, 0), min(span.end_char, length)
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def link(address: str | None) -> str:
    """An address of an article's metadata, shown in full; nothing unless it is http(s)."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return element(
        "a", text(address), href=address, target="_blank", rel="noopener noreferrer nofollow"
    )


def badge(label: str, kind: str) -> str:
    """A small label; ``kind`` is a word of ours that the style sheet knows."""
    return element("span", text(label), class_=f"badge {kind}")


def notice(content: str, kind: str = "calm") -> str:
    """A framed remark: ``calm``, ``warning``."""
    return element("div", content, class_=f"notice {kind}")
