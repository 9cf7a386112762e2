"""Writes ``rag/data/compound_parts_de.txt``: the simple German words that compounds are made of.

The words come from HanTa's lexicon, the list is frozen in the repository: an index made with one
version of a lexicon could not be asked with another one.

    python -m evals.fit.compound_parts
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import yaml

from rag.language.compounds import CompoundSplitter
from rag.language.folding import fold

TARGET = Path(__file__).resolve().parents[2] / "rag" / "data" / "compound_parts_de.txt"
HEADER = """\
# Simple German words that compounds are made of, folded (umlauts to base vowels, ß to ss).
# Selected by evals/fit/compound_parts.py from the lexicon of HanTa (LGPL-3.0-or-later,
# https://github.com/wartaal/HanTa), compounds taken apart. A line "word" may stand anywhere,
# "word+" only before another part.
"""
BY_HAND: Mapping[str, str] = yaml.safe_load(
    Path(__file__).with_name("compound_words_de.yaml").read_text(encoding="utf-8")
)


def main() -> None:
    """Writes the list and says how long it is."""
    nouns, modifiers = _lexicon()
    simple = _without_compounds(nouns)
    modifiers -= simple
    lines = sorted(simple) + [f"{word}+" for word in sorted(modifiers)]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(simple)} words, {len(modifiers)} modifiers -> {TARGET.name}")


def _lexicon() -> tuple[set[str], set[str]]:
    from HanTa.HanoverTagger import HanoverTagger

    tagger = HanoverTagger("morphmodel_ger.pgz")
    number = {name: tag for tag, name in tagger.int2tag.items()}

    def seen(tag: str, times: int) -> set[str]:
        scores: Mapping[str, float] = tagger.LP_m_t.get(tag) or tagger.LP_m_t[number[tag]]
        least = min(scores.values()) + math.log(times) - 0.1
        return {word for word, score in scores.items() if score >= least and word.isalpha()}

    nouns = seen("NN", 2) | seen("NN_VAR", 2) | set(BY_HAND["recent"].split())
    # An "-er" adjective or a participle before a noun is rarely one word with it.
    modifiers = {word for word in seen("ADJ", 6) | seen("VV", 6) if 4 <= len(word) <= 7}
    return _usable(nouns), _usable(modifiers | set(BY_HAND["modifiers"].split()))


def _usable(words: set[str]) -> set[str]:
    short = BY_HAND["short"].split()
    folded = {fold(word) for word in words if len(word) >= 4 or word in short}
    genitives = {
        word for word in folded if word.endswith(("ungs", "ions", "tats", "heits", "keits"))
    }
    return folded - genitives - {fold(word) for word in BY_HAND["not_parts"].split()}


def _without_compounds(nouns: set[str]) -> set[str]:
    """The nouns that are not made of two shorter ones, found from the shortest upwards."""
    simple: set[str] = {fold(word) for word in BY_HAND["short"].split()}
    for noun in sorted(nouns, key=lambda word: (len(word), word)):
        if not CompoundSplitter(frozenset(simple), frozenset()).parts(noun):
            simple.add(noun)
    return simple


if __name__ == "__main__":
    main()
