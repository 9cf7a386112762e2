"""The same question as people also type it: lower case, ae for ä, typing errors, other words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

_SPELLED_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
_LONG_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{6,}")
TYPO_SHARE = 0.25


def lower(question: str, seed: int) -> str:
    """All in lower case."""
    return question.lower()


def spelled_out(question: str, seed: int) -> str:
    """Umlauts as two letters."""
    return "".join(_SPELLED_OUT.get(letter, letter) for letter in question)


def typing_errors(question: str, seed: int) -> str:
    """Two letters inside about a quarter of the longer words, at least one, change places."""
    chance = random.Random(f"{seed}:{question}")
    long_words = list(_LONG_WORD.finditer(question))
    if not long_words:
        return question
    count = max(1, round(len(long_words) * TYPO_SHARE))
    letters = list(question)
    for word in chance.sample(long_words, count):
        place = chance.randrange(word.start() + 1, word.end() - 2)
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def other_words(question: str, seed: int) -> str:
    """Every word that the list of synonyms has, replaced."""
    table = _synonyms()
    if not table:
        return question
    longest_first = sorted(table, key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b")
    return pattern.sub(lambda found: table[found[1]], question)


VARIANTS: Mapping[str, Callable[[str, int], str]] = {
    "lower": lower,
    "spelled_out": spelled_out,
    "typing_errors": typing_errors,
    "other_words": other_words,
}


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, str]:
    content = (files("evals") / "data" / "synonyms.yaml").read_text(encoding="utf-8")
    table: dict[str, str] = yaml.safe_load(content)["de"]
    return table
