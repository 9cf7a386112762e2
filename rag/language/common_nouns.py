"""Whether a capitalised German word is a common noun: German capitalises them all."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.language.lexicon import word_set

_DERIVED = (
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen",
    "tät", "täten", "ismus", "ment", "mente", "nis", "nisse", "nissen", "tum", "ling", "linge",
    "chen", "lein", "erei", "ereien", "enz", "anz", "ität", "logie", "graphie", "grafie", "ierung",
    "erin", "erinnen", "istin", "ährige", "ähriger", "ährigen", "sion", "sionen",
)  # fmt: skip
_INFLECTIONS = ("", "s", "es", "e", "n", "en", "er", "ern", "in", "innen", "nen")


@cache
def _simple_words() -> frozenset[str]:
    text = (resources.files("rag") / "data" / "compound_parts_de.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and line[-1] not in "+#")


@lru_cache(maxsize=65536)
def is_common_noun(word: str) -> bool:
    """Whether a word is a known German noun or a compound or derivation of known words.

    Of „Holmgard-Werft“ the last part decides. Surnames made of words (Sommerkorn) are common
    nouns by this test; a first name or office before them tells otherwise.
    """
    last = word.rpartition("-")[2]
    lower = last.lower()
    if lower in word_set("offices", "de") or lower in word_set("offices", "persons"):
        return True
    if len(lower) > 5 and lower.endswith(_DERIVED):
        return True
    folded = fold(last)
    for ending in _INFLECTIONS:
        stem = folded.removesuffix(ending) if ending else folded
        if folded.endswith(ending) and len(stem) > 2 and stem in _simple_words():
            return True
    return bool(german_splitter().parts(folded))
