"""What the page says, in German and English (``rag/data/ui_texts*.yaml``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Literal

from rag.language.lexicon import read_yaml

UiLanguage = Literal["de", "en"]
UI_LANGUAGES: tuple[UiLanguage, ...] = ("de", "en")
Say = Callable[..., str]
"""``say(key, *values)``: the text of a key with values filled in."""

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def texts() -> dict[str, dict[str, str]]:
    """All texts: ``section.name`` → language → text."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(DATA.glob("ui_texts*.yaml")):
        for section, entries in read_yaml(file).items():
            for name, by_language in entries.items():
                found[f"{section}.{name}"] = by_language
    return found


def say(language: UiLanguage, key: str, *values: object) -> str:
    """The text of ``key`` in a language; an unknown key is a mistake of ours and raises."""
    return texts()[key][language].format(*values)


def has(key: str) -> bool:
    """Whether there is such a text."""
    return key in texts()


def speaker_of(language: UiLanguage) -> Say:
    """``say`` bound to a language."""
    return partial(say, language)


def preferred(accept_language: str) -> UiLanguage:
    """German or English, whichever an ``Accept-Language`` header puts first; else English."""
    ranked: list[tuple[float, int, UiLanguage]] = []
    for place, part in enumerate(accept_language.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        for language in UI_LANGUAGES:
            if tag.lower().split("-")[0] == language:
                ranked.append((-weight, place, language))
    return min(ranked)[2] if ranked else "en"


def language_of(speaker: Say) -> UiLanguage:
    """The language a ``Say`` speaks."""
    return "de" if speaker("app.code") == "de" else "en"
