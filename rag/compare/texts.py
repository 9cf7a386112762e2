"""The sentences readers get about a disagreement, in the question's language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rag.language.lexicon import read_yaml
from rag.language.typography import source_label
from rag.types import DisagreementKind, DisagreementStatus, Language, Position

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_texts.yaml"
_MOST_OUTLETS = 3


@cache
def _texts(language: Language) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FILE)
    texts: dict[str, Any] = loaded["en" if language == "en" else "de"]
    return texts


def aspect_of(
    kind: DisagreementKind, focus: str | None, language: Language, *, is_counted: bool = False
) -> str:
    """What the sources disagree on: "Zahl der Schafe", "Ort".

    ``is_counted`` that the question asks how many: then ``focus`` is a plural.
    """
    texts = _texts(language)
    if kind == "number" and focus and is_counted:
        weak = focus in texts["weak_plurals"].split()
        counted: str = texts["counted"].format(focus=f"{focus}n" if weak else focus)
        return counted
    name: str = texts["aspect"][kind]
    if not focus:
        return name
    filled: str = texts["aspect_of"].format(aspect=name, focus=focus)
    return filled


def explanation(
    kind: DisagreementKind,
    status: DisagreementStatus,
    positions: Sequence[Position],
    language: Language,
    *,
    reason: str = "",
    speaker: str = "",
) -> str:
    """One line that says how the positions relate."""
    texts = _texts(language)
    pattern: str = texts["conflict"][kind] if status == "conflict" else texts[status]
    values: str = texts["and"].join(_value(position, language) for position in positions)
    return pattern.format(values=values, reason=reason, speaker=speaker or "…")


def inside_explanation(positions: Sequence[Position], language: Language) -> str:
    """One line for a contradiction inside one article."""
    texts = _texts(language)
    values: str = texts["and"].join(_value(position, language) for position in positions)
    line: str = texts["inside"].format(values=values)
    return line


def _value(position: Position, language: Language) -> str:
    outlets = list(dict.fromkeys(source_label(claim, language) for claim in position.claims))
    shown = ", ".join(outlets[:_MOST_OUTLETS])
    if len(outlets) > _MOST_OUTLETS:
        shown += " …"
    filled: str = _texts(language)["value"].format(value=position.value, outlets=shown)
    return filled
