"""Small line drawings for buttons; fonts do not hold such signs everywhere."""

from __future__ import annotations

_PATHS = {
    "copy": "M9 9h11v11H9z M5 15H4V4h11v1",
    "up": "M7 11v9H4v-9z M7 11l4-8c2 0 3 1 3 3l-1 4h6c1 0 2 1 2 2l-2 7c0 1-1 1-2 1H7",
    "down": "M17 13V4h3v9z M17 13l-4 8c-2 0-3-1-3-3l1-4H5c-1 0-2-1-2-2l2-7c0-1 1-1 2-1h10",
    "retry": "M20 11a8 8 0 1 0-2.3 6 M20 4v7h-7",
    "edit": "M4 20l1-5L16 4l4 4L9 19z M14 6l4 4",
    "delete": "M4 7h16 M9 7V4h6v3 M6 7l1 13h10l1-13",
}


def icon(name: str) -> str:
    """The drawing of a name of ours, hidden from screen readers."""
    return (
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{_PATHS[name]}"/></svg>'
    )
