"""What a briefing says in its own words, and its sizes (``rag/data/briefing.yaml``)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from rag.language.lexicon import read_yaml
from rag.types import BriefingLength, Language

_FILE = Path(__file__).resolve().parent.parent / "data" / "briefing.yaml"


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded


def say(key: str, language: Language, *values: object) -> str:
    """The text of ``key``, German for German, else English, with values filled in."""
    texts = _data()["texts"]["de" if language == "de" else "en"]
    return str(texts[key]).format(*values)


def counted(key: str, language: Language, count: int) -> str:
    """„ein Artikel“, „3 Artikel“."""
    one, many = _data()["texts"]["de" if language == "de" else "en"][f"counted_{key}"]
    return str(one if count == 1 else many.format(count))


def size(part: str, length: BriefingLength) -> int:
    """How many statements a part may hold."""
    return int(_data()["sizes"][length][part])


@cache
def not_news() -> tuple[re.Pattern[str], ...]:
    """Patterns of sentences that are not news."""
    return tuple(re.compile(each, re.IGNORECASE) for each in _data()["not_news"])


@cache
def appended() -> re.Pattern[str]:
    """The heading of an appendix that is no news."""
    return re.compile(str(_data()["appended"]), re.IGNORECASE | re.MULTILINE)


@cache
def leaning_words(language: Language) -> frozenset[str]:
    """First words of sentences that lean on the one before."""
    return frozenset(_data()["leaning"]["en" if language == "en" else "de"])


@cache
def pronouns(language: Language) -> frozenset[str]:
    """Pronouns that stand for somebody named before."""
    return frozenset(_data()["pronouns"]["en" if language == "en" else "de"])


@cache
def openers(language: Language) -> frozenset[str]:
    """First words of sentences whose subject comes behind the verb."""
    return frozenset(_data()["openers"]["en" if language == "en" else "de"])


@cache
def impersonal(language: Language) -> re.Pattern[str]:
    """Openings with „es“ or "there" that stand for nothing named before."""
    return re.compile(_data()["impersonal"]["en" if language == "en" else "de"], re.IGNORECASE)


@cache
def leaning_phrases(language: Language) -> re.Pattern[str]:
    """Openings of several words that lean on the sentence before."""
    return re.compile(_data()["leaning_phrases"]["en" if language == "en" else "de"], re.IGNORECASE)


@cache
def addressing_words(language: Language) -> frozenset[str]:
    """Words of one who speaks of himself or to the reader."""
    return frozenset(_data()["addressing"]["en" if language == "en" else "de"])


def question_texts(language: Language, part: str) -> Any:
    """How the articles are asked (``questions`` of the data file)."""
    return _data()["questions"]["de" if language == "de" else "en"][part]
