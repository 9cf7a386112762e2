"""Text and Markdown files: the YAML block at the head, and Markdown's marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_BLOCK = re.compile(
    r"\A---[ \t]*\n(?P<yaml>.{0,20000}?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M | re.S
)
_FIELD = re.compile(r"^(\w+)[ \t]*:[ \t]+(\S.*)$", re.M)
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\((?:[^()\n]|\([^()\n]*\))*\)")
_AUTOLINK = re.compile(r"<(https?://[^>\s]+)>")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{2,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_UNDERLINE_EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)")
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", re.M)
_UNDERLINED = re.compile(r"^(?:={3,}|-{3,}|\*{3,}|_{3,}|(?:\* ){2,}\*)[ \t]*$", re.M)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+", re.M)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*$", re.M)


class _TextLoader(yaml.SafeLoader):
    """The safe loader; dates stay text (they are checked later), foreign tags give nothing."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not tag.endswith(":timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_TextLoader.add_constructor(None, lambda _loader, _node: None)


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str, tuple[str, ...]]:
    """Stated fields, the text below them, and notes. Text that only begins with a rule stays."""
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    match = _BLOCK.match(normal)
    if match is None:
        return {}, text, ()
    notes: tuple[str, ...] = ()
    try:
        fields = yaml.load(match["yaml"], Loader=_TextLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        # An unquoted colon in a title is the usual reason; line by line it is clear enough.
        fields = {name: _value(value) for name, value in _FIELD.findall(match["yaml"])}
        notes = ("the front matter is not valid YAML: read line by line",)
    if not isinstance(fields, dict) or not fields:
        return {}, text, ()
    named = {str(name).lower(): value for name, value in fields.items()}
    return named, normal[match.end() :], notes


def _value(text: str) -> Any:
    """The value of one field: a list if it is one in YAML, else as it stands."""
    try:
        value = yaml.load(text, Loader=_TextLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        value = {}
    # A colon makes YAML see a mapping where a title stands.
    return text.strip("\"' ") if isinstance(value, dict) else value


def plain_markdown(text: str) -> tuple[str, str | None]:
    """Markdown's text without its marks, and the first heading if the text begins with it.

    List numbers stay: "5. September" at a line's start is a date, not a list.
    """
    text = _COMMENT.sub("", text.replace("\r\n", "\n"))
    heading = _FIRST_HEADING.match(text)
    if heading:
        text = text[heading.end() :]
    text = _HEADING.sub(r"\n\1\n", text)
    text = _UNDERLINED.sub("", text)
    text = _BULLET.sub("", _QUOTE.sub("", text))
    return _inline(text), _inline(heading[1]) if heading else None


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _TAG.sub("", _AUTOLINK.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return _CODE.sub(r"\1", _UNDERLINE_EMPHASIS.sub(r"\1", text))
