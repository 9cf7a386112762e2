"""Text → its language: German, English or another one.

Function words decide nearly always and at once; py3langid, which takes most of a second to load
and is unsure about texts of a few words, is asked only when they are too few.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

import yaml

from rag.types import Language

_SAMPLE_CHARS = 6000
_WORD = re.compile(r"[^\W\d_]+")
# In news, a third of the words are function words; a headline or a question may hold one in ten.
_MIN_SHARE = 0.08
_SURE_OF_OTHER = 0.4
_ROOM_FOR_DE_EN = 0.15
_FEW_WORDS = 6
_SURE_OF_ENGLISH = 0.15
"""A few words of names ("Parade in Peking") always look a little English to the model."""
_CLEARLY = 3.0
"""Times likelier than German: a terse query ("kim 2023 russland wo") hardly tells."""


def detect_language(text: str) -> Language:
    """The language of ``text``; German when nothing in it tells (names, figures)."""
    sample = text[:_SAMPLE_CHARS]
    words = [word.lower() for word in _WORD.findall(sample)]
    if not words:
        return "de"
    if not _is_mostly_latin("".join(words)):
        return "other"
    marks = _function_words()
    german = sum(word in marks["de"] for word in words)
    english = sum(word in marks["en"] for word in words)
    if max(german, english) >= _MIN_SHARE * len(words) and german != english:
        return "de" if german > english else "en"
    return _by_model(sample, len(words))


@cache
def _function_words() -> dict[str, frozenset[str]]:
    text = resources.files("rag").joinpath("data/languages.yaml").read_text(encoding="utf-8")
    return {name: frozenset(words.split()) for name, words in yaml.safe_load(text).items()}


def _is_mostly_latin(letters: str) -> bool:
    latin = sum(char < "\u0250" or "LATIN" in unicodedata.name(char, "") for char in letters)
    return latin * 2 >= len(letters)


def _by_model(sample: str, words: int) -> Language:
    ranked: dict[str, float] = dict(_identifier().rank(sample))
    best = max(ranked, key=lambda name: ranked[name])
    german, english = ranked.get("de", 0.0), ranked.get("en", 0.0)
    is_other = ranked[best] >= _SURE_OF_OTHER and german + english < _ROOM_FOR_DE_EN
    if best not in ("de", "en") and is_other and words > 2:
        return "other"
    # Figures and names alone tell nothing; German is what most articles are written in.
    least = _SURE_OF_ENGLISH if words <= _FEW_WORDS else 0.0
    return "en" if english > max(_CLEARLY * german, least) and words > 2 else "de"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
