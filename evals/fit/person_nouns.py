"""Writes ``rag/data/lexicon/persons_de.txt``: German nouns for persons, from Wiktionary.

A masculine noun with a feminine in "-in" ("Angler", "Anglerin") names a person. The nouns come from
the package ``german-nouns`` (CC BY-SA 4.0), which need not be installed to run the program::

    python -m evals.fit.person_nouns NOUNS.csv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "rag" / "data" / "lexicon" / "persons_de.txt"
HEADER = """\
# German nouns for persons (masculine ones; a feminine in "-in" needs no entry), lower case.
# Selected by evals/fit/person_nouns.py from german-nouns 1.2.5, which was compiled from
# WiktionaryDE (https://github.com/gambolputty/german-nouns), CC BY-SA 4.0. Under the same licence.
"""
_UMLAUTS = str.maketrans("aou", "äöü")
_SHORTEST = 3
# fmt: off
NOT_PERSONS = frozenset([
    "hund", "wolf", "bär", "löwe", "esel", "affe", "hase", "fuchs", "tiger", "elefant", "gott",
    "teufel", "drache", "wal", "spatz", "ober", "rat", "tor", "pol", "roman", "same", "lake",
    "lappe", "wart", "wende", "wespe", "weps", "wepse", "dachs", "elch", "barsch",
])
# fmt: on
"""Animals and homonyms that are mostly something else."""


def person_nouns(rows: list[dict[str, str]]) -> list[str]:
    """The masculine person nouns among dictionary rows."""
    feminine = {
        row["lemma"].lower() for row in rows if row["lemma"].endswith("in") and _is(row, "f")
    }
    out: set[str] = set()
    for row in rows:
        word = row["lemma"].lower()
        if len(word) < _SHORTEST or row["pos"] != "Substantiv" or not _is(row, "m"):
            continue
        if _has_feminine(word, feminine) and word not in NOT_PERSONS:
            out.add(word)
    return sorted(out)


def _is(row: dict[str, str], genus: str) -> bool:
    return genus in (row["genus"], row["genus 1"])


def _has_feminine(word: str, feminine: set[str]) -> bool:
    stem = word.removesuffix("e")
    at = max((stem.rfind(vowel) for vowel in "aou"), default=-1)
    turned = stem[:at] + stem[at].translate(_UMLAUTS) + stem[at + 1 :] if at >= 0 else stem
    return bool({f"{stem}in", f"{turned}in"} & feminine)


def main(path: str) -> None:
    """Reads the dictionary and writes the list."""
    with Path(path).open(encoding="utf-8") as file:
        words = person_nouns(list(csv.DictReader(file)))
    TARGET.write_text(HEADER + "\n".join(words) + "\n", encoding="utf-8")
    print(len(words))


if __name__ == "__main__":
    main(sys.argv[1])
