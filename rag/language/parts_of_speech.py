"""The words of a sentence and what HanTa takes each for.

German is tagged with HanTa's German model, everything else with its English one. What the index
has kept of a sentence is told here and not worked out again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from rag.types import Language

if TYPE_CHECKING:
    from rag.language.tagging import QuickTagger

LONGEST_WORD = 80
"""The tagger's work grows with the square of a word's length, and no word is that long."""
UNTAGGED = 0
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\S")
_KEPT_SENTENCES = 8192


def word_matches(sentence: str) -> list[re.Match[str]]:
    """Where the words, figures and signs of a sentence stand."""
    return list(_WORD.finditer(sentence))


def parts_of_speech(sentence: str, language: Language) -> bytes:
    """The tagger's number for each word, ``UNTAGGED`` where it finds none."""
    return _parts_of_speech(sentence, language != "en")


def remember_parts_of_speech(sentence: str, language: Language, found: bytes) -> None:
    """Takes the numbers of a sentence from where they were kept."""
    key = (sentence, language != "en")
    _remembered[key] = found
    _parts_of_speech(*key)
    _remembered.pop(key, None)


def tagger_of(*, german: bool) -> QuickTagger:
    """The tagger; loaded when first asked for."""
    from rag.language.tagging import tagger

    return tagger("morphmodel_ger.pgz" if german else "morphmodel_en.pgz")


@cache
def tagged_with(language: Language) -> str:
    """What the numbers depend on beside the sentence: with another tagger they mean nothing."""
    return f"HanTa {version('HanTa')}, {language != 'en'}, {LONGEST_WORD}, {_WORD.pattern}"


_remembered: dict[tuple[str, bool], bytes] = {}


@lru_cache(maxsize=_KEPT_SENTENCES)
def _parts_of_speech(sentence: str, german: bool) -> bytes:
    words = [word[:LONGEST_WORD] for word in _WORD.findall(sentence)]
    remembered = _remembered.get((sentence, german))
    if remembered is not None and len(remembered) == len(words):
        return remembered
    if not words:
        return b""
    try:
        return bytes(tagger_of(german=german).tag_sent_viterbi(words))
    except KeyError:
        # No way through the sentence has a probability above 0: a "word" of accents alone.
        return bytes([UNTAGGED]) * len(words)
