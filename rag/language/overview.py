"""Whether a question asks for an overview ("Worum geht es?"), and on what.

A fact stands in one sentence, and the best one is looked for; an overview wants the sentences that
matter most. Patterns are data: ``rag/data/overview.yaml``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

from rag.types import Language

_LONGEST = 200
"""Characters of a question that is looked at."""
_MOST_WORDS = 4
"""Words of a topic; who says more about it asks for a fact."""
_MARKS = " \t\n?!.…:,;"
_QUOTES = "„“”\"»«‚‘’'"
_ARTICLES = re.compile(r"^(?:der|die|das|den|dem|des|the|an?)\s+", re.IGNORECASE)


def overview_topic(question: str, language: Language) -> str | None:
    """What an overview is asked on: ``""`` for all there is; ``None``: a fact is asked for."""
    text = " ".join(question.split()).strip(_MARKS)
    if not text or len(text) > _LONGEST:
        return None
    fillers, patterns = _patterns("en" if language == "en" else "de")
    bare = " ".join(fillers.sub(" ", text).split())
    for pattern in patterns:
        if match := pattern.fullmatch(bare):
            topic = match.groupdict().get("topic") or ""
            topic = _ARTICLES.sub("", topic.strip(_MARKS + _QUOTES))
            return topic if len(topic.split()) <= _MOST_WORDS else None
    return None


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    text = resources.files("rag").joinpath("data/overview.yaml").read_text(encoding="utf-8")
    raw = yaml.safe_load(text)[language]
    parts = {name: raw[name] for name in ("texts", "in_texts", "of_texts") if name in raw}
    patterns = []
    for pattern in raw["patterns"]:
        for name, part in parts.items():
            pattern = pattern.replace("{" + name + "}", part)
        patterns.append(re.compile(pattern, re.IGNORECASE))
    return re.compile(rf"\b(?:{raw['fillers']})\b", re.IGNORECASE), tuple(patterns)
