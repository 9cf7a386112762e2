"""Compares words of two languages by the table of concepts."""

from __future__ import annotations

from rag.compare.frame import same_word
from rag.compare.same import concepts_of
from rag.compare.verdict import Verdict


def across_languages(first: frozenset[str], second: frozenset[str]) -> Verdict:
    """Whether folded words in two languages may mean one thing."""
    if any(same_word(word, second) for word in first):
        return Verdict("same", 0.8, "a word or name is shared")
    one, other = concepts_of(first), concepts_of(second)
    if not one or not other:
        return Verdict("unknown", 0.0, "named in two languages, not in the table of concepts")
    if one & other:
        return Verdict("same", 0.8, "one concept in two languages")
    return Verdict("different", 0.7, "different concepts in two languages")
