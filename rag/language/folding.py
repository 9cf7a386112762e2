"""One spelling for each word: case, umlauts and their transcriptions ("Muenchen") fall together."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UMLAUTS = str.maketrans("äöü", "aou")
# "ae" and "oe" stand for umlauts in nearly every word; "ue" does not in "Quelle", "neue", "Bauer".
_TRANSCRIBED = (("ae", "a"), ("oe", "o"))
_TRANSCRIBED_UE = re.compile(r"(?<![aeq])ue")


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """The word without case, umlauts and accents: "München" and "MUENCHEN" give "munchen"."""
    folded = (word if word.isascii() else unicodedata.normalize("NFKC", word)).casefold()
    if not folded.isascii():
        folded = _without_accents(folded.translate(_UMLAUTS))
    for pair, vowel in _TRANSCRIBED:
        folded = folded.replace(pair, vowel)
    return _TRANSCRIBED_UE.sub("u", folded)


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
