"""Clauses that only name who says the rest: „…, wie das Amt einräumte“, „…, so die Polizei“."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from rag.compare.lexicon import word_set
from rag.compare.phrases import Tagged, tag
from rag.types import Language

_AS = frozenset({"wie", "so", "as", "das"})
_MARK = re.compile(r"[,–—]")


@lru_cache(maxsize=16384)
def source_clauses(sentence: str, language: Language) -> tuple[tuple[int, int], ...]:
    """Clauses behind a comma that open with a verb of saying, or with "wie" and hold one."""
    tongue: Language = "en" if language == "en" else "de"
    says = word_set("verbs_of_saying", tongue)
    inverted = says | word_set("inverted_sayings", tongue)
    marks = [match.start() for match in _MARK.finditer(sentence)]
    found_words = tag(sentence, tongue) if marks else ()
    found = []
    for start, end in pairwise([*marks, len(sentence)]):
        words = [w for w in found_words if start < w.start_char < end]
        if not words:
            continue
        first = words[0].text.lower()
        is_inverted = words[0].category in ("verb", "other") and words[0].lemma in inverted
        is_bare = first == "so" and not any(w.category in ("verb", "aux") for w in words)
        if is_inverted or is_bare or (first in _AS and _says(words, says)):
            found.append((start, end))
    return tuple(found)


def _says(words: Sequence[Tagged], says: frozenset[str]) -> bool:
    return any(w.category in ("verb", "part", "other") and w.lemma in says for w in words)
