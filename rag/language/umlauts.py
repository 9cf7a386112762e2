"""Umlauts typed as two letters ("fuer", "Praesident") → as they are written.

Index terms are the same either way (``rag.language.folding``); the embedding model and the rules
that read questions are not as forgiving. Words that truly have the two letters ("Israel",
"aktuell", "Michael") are listed in ``rag/data/two_vowels.json``.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

_PAIR = re.compile(r"(?P<ae>[Aa]e)|(?P<oe>[Oo]e)|(?<![aeqAEQ])(?P<ue>[Uu]e)")
_UMLAUTS = {"ae": "ä", "Ae": "Ä", "oe": "ö", "Oe": "Ö", "ue": "ü", "Ue": "Ü"}
_WRITTEN = re.compile(r"[äöüßÄÖÜ]")
_WORD = re.compile(r"[^\W\d_]+")
_NO_WORD = 2
"""Letters of which no word with an umlaut consists: "Kim Ju Ae" is a name."""


def with_umlauts(text: str) -> str:
    """The text with its umlauts; unchanged where it has one, as then its author can type them."""
    if _WRITTEN.search(text):
        return text
    return _WORD.sub(lambda word: _spelled(word[0]), text)


def _spelled(word: str) -> str:
    kept, sharp = _data()
    lower = word.lower()
    if lower in sharp:
        written = sharp[lower]
        first = written[0].upper() if word[0].isupper() else written[0].lower()
        return first + written[1:]
    if kept.search(lower) or len(word) <= _NO_WORD:
        return word
    return _PAIR.sub(lambda pair: _UMLAUTS[pair[0]], word)


@lru_cache(maxsize=1)
def _data() -> tuple[re.Pattern[str], dict[str, str]]:
    raw = json.loads((files("rag") / "data" / "two_vowels.json").read_text(encoding="utf-8"))
    sharp: dict[str, str] = raw["sharp"]
    return re.compile("|".join(raw["kept"])), sharp
