"""Elements of a page that no reader sees are taken out before its text is extracted."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

# Never shown as text: "iframe" and "object" hold fallbacks, forms hold values.
_NEVER_SHOWN = re.compile(
    "script|style|template|noscript|iframe|object|embed|svg|canvas|input|select|textarea|button|"
    "datalist|audio|video|map"
)
# Names by which style sheets that are not at hand hide things nearly everywhere.
_HIDING_CLASS = re.compile(
    r"(?:^|\s)(?:hidden|hide|d-none|invisible|sr-only|visually-?hidden|visually-hidden-focusable|"
    r"screen-reader-text|is-hidden|u-hidden|display-none|off-?screen|a11y-hidden|show-for-sr|"
    r"element-invisible)(?:\s|$)"
)
_FAR = r"-\s*(?:\d{4,}(?:\.\d+)?\s*(?:px|pt)?|\d{3,}\s*(?:em|rem|vw|vh|%))"
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?(?:\.0+)?(?:\s*(?:;|!|$))"
    r"|font-size\s*:\s*0(?:\.\d+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    rf"|(?:^|[;\s])(?:left|top|right|bottom|margin(?:-left|-top)?|text-indent)\s*:\s*{_FAR}"
    rf"|translate[xy3d]*\(\s*{_FAR}|scale\(\s*0\s*\)"
    r"|clip\s*:\s*rect\(\s*0|clip\s*:\s*rect\(\s*1px|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:;|!|$)|(?:^|[;\s])color\s*:\s*transparent",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?:^|[;\s])color\s*:\s*(?:#fff(?:fff)?|white|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))\b", re.I
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"(?:[a-z]+)?([.#])([\w-]+)")
_AT_RULE = re.compile(r"@[^{;]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


def remove_hidden(tree: HtmlElement) -> int:
    """Take out of ``tree`` what is not shown, as far as the page itself tells; how many."""
    classes, ids = _hidden_by_style_sheets(tree)
    hidden = [
        element
        for element in tree.iter()
        if not isinstance(element.tag, str) or _is_hidden(element, classes, ids)
    ]
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()
    return len(hidden)


def _is_hidden(element: HtmlElement, classes: frozenset[str], ids: frozenset[str]) -> bool:
    if element.tag in ("html", "body", "head", "title", "meta", "link"):
        return False
    if _NEVER_SHOWN.fullmatch(element.tag):
        return str(element.get("type")) != "application/ld+json"
    attributes = element.attrib
    if "hidden" in attributes or attributes.get("aria-hidden", "").strip().lower() == "true":
        return True
    if element.tag == "dialog" and "open" not in attributes:
        return True
    names = attributes.get("class", "")
    is_hidden = _HIDING_CLASS.search(names) or not classes.isdisjoint(names.split())
    if is_hidden or attributes.get("id") in ids:
        return True
    style = attributes.get("style", "")
    return bool(style) and _style_hides(style)


def _style_hides(style: str) -> bool:
    if _HIDING_STYLE.search(style):
        return True
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    if colour and background:
        return _plain(colour.group(1)) == _plain(background.group(1))
    # A page is white unless it says otherwise.
    return bool(_WHITE.search(style)) and background is None


def _plain(colour: str) -> str:
    return {"#fff": "white", "#ffffff": "white", "#000": "black", "#000000": "black"}.get(
        colour.strip().lower(), colour.strip().lower()
    )


def _hidden_by_style_sheets(tree: HtmlElement) -> tuple[frozenset[str], frozenset[str]]:
    """Classes and ids that the page's own style sheets hide with a simple selector."""
    classes: set[str] = set()
    ids: set[str] = set()
    for sheet in tree.iter("style"):
        # What holds for print or small screens only is shown elsewhere.
        text = _AT_RULE.sub("", (sheet.text or "")[:200_000])
        for selectors, declarations in _RULE.findall(text):
            if not _HIDING_STYLE.search(declarations):
                continue
            for selector in selectors.split(","):
                match = _SIMPLE_SELECTOR.fullmatch(selector.strip())
                if match:
                    (classes if match[1] == "." else ids).add(match[2])
    return frozenset(classes), frozenset(ids)
