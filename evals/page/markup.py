"""Text → HTML: everything is escaped here, in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape


def text(value: object) -> str:
    """Any value as text in HTML."""
    return escape(str(value), quote=True)


def element(name: str, content: str, **attributes: str) -> str:
    """An element around HTML; ``class_`` writes ``class``, ``data_x`` writes ``data-x``."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>"


def items(rows: Iterable[str]) -> str:
    """A list of HTML rows; nothing when there are none."""
    listed = "".join(f"<li>{row}</li>" for row in rows)
    return f"<ul>{listed}</ul>" if listed else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 1) -> str:
    """A table of HTML cells; columns from ``numbers_from`` on are figures."""

    def cells(name: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{name}{' class=n' if place >= numbers_from else ''}>{cell}</{name}>"
            for place, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<div class=wide><table><tr>{cells('th', head)}</tr>{body}</table></div>"


def marked(content: str, wanted: Sequence[str], forbidden: Sequence[str]) -> str:
    """A text with what was wanted, and what must not be said, marked."""
    kinds: list[str | None] = [None] * len(content)
    for patterns, kind in ((wanted, "good"), (forbidden, "bad")):
        for pattern in patterns:
            for found in re.finditer(pattern, content, re.IGNORECASE | re.DOTALL):
                kinds[found.start() : found.end()] = [kind] * (found.end() - found.start())
    return "".join(_piece(piece, kind) for piece, kind in _runs(content, kinds))


def _runs(content: str, kinds: Sequence[str | None]) -> list[tuple[str, str | None]]:
    runs: list[tuple[str, str | None]] = []
    start = 0
    for place in range(1, len(content) + 1):
        if place == len(content) or kinds[place] != kinds[start]:
            runs.append((content[start:place], kinds[start]))
            start = place
    return runs


def _piece(piece: str, kind: str | None) -> str:
    if kind is None:
        return text(piece)
    return f"<mark class={kind}>{text(piece)}</mark>"
