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
# Bounded: what is opened a million times and never closed must not be searched for each time.
_IMAGE = re.compile(r"!\[([^\]\n]{0,1000})\]\([^)\n]{0,3000}\)")
_LINK = re.compile(r"\[([^\]\n]{1,1000})\]\((?:[^()\n]|\([^()\n]{0,1000}\)){0,3000}\)")
_AUTOLINK = re.compile(r"<(https?://[^>\s]{1,2000})>")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{2,3})(?=\S)(.{1,1000}?)(?<=\S)\1(?![\w*])")
_UNDERLINE_EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,1000}?)(?<=\S)_(?!\w)")
_CODE = re.compile(r"`([^`\n]{1,3000})`")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", re.M)
_UNDERLINED = re.compile(r"^(?:={3,}|-{3,}|\*{3,}|_{3,}|(?:\* ){2,}\*)[ \t]*$", re.M)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+", re.M)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
# What PyYAML raises of a value that is not of the type its tag says.
_BROKEN = (
    yaml.YAMLError, ValueError, RecursionError, AttributeError, TypeError, KeyError, OverflowError,
)  # fmt: skip
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*$", re.M)


class _TextLoader(yaml.SafeLoader):
    """The safe loader; dates stay text (they are checked later), foreign tags give nothing.

    Aliases are refused: a few lines of them are a text larger than any memory.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


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
    except _BROKEN:
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
    except _BROKEN:
        value = {}
    # A colon makes YAML see a mapping where a title stands.
    return text.strip("\"' ") if isinstance(value, dict) else value


def plain_markdown(text: str) -> tuple[str, str | None]:
    """Markdown's text without its marks, and the first heading if the text begins with it.

    List numbers stay: "5. September" at a line's start is a date, not a list.
    """
    text = _without_comments(text.replace("\r\n", "\n"))
    heading = _FIRST_HEADING.match(text)
    if heading:
        text = text[heading.end() :]
    text = _HEADING.sub(r"\n\1\n", text)
    text = _UNDERLINED.sub("", text)
    text = _BULLET.sub("", _QUOTE.sub("", text))
    return _inline(text), _inline(heading[1]) if heading else None


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join((*kept, text[at:]))


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _TAG.sub("", _AUTOLINK.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return _CODE.sub(r"\1", _UNDERLINE_EMPHASIS.sub(r"\1", text))
