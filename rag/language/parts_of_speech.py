"""The words of a sentence and what HanTa takes each for.

German is tagged with HanTa's German model, everything else with its English one. What the index
has kept of a sentence, parts of speech and lemmas, is told here and not worked out again.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import takewhile
from typing import TYPE_CHECKING

from rag.types import Language

if TYPE_CHECKING:
    from rag.language.tagging import QuickTagger

LONGEST_WORD = 80
"""The tagger's work grows with the square of a word's length, and no word is that long."""
UNTAGGED = 0
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\S")
_KEPT_SENTENCES = 8192
_LEMMAS_FOLLOW = b"\xfe"
"""No part of speech has this number, and it does not occur in UTF-8."""
_NO_LETTER = "0"


def word_matches(sentence: str) -> list[re.Match[str]]:
    """Where the words, figures and signs of a sentence stand."""
    return list(_WORD.finditer(sentence))


def parts_of_speech(sentence: str, language: Language) -> bytes:
    """The tagger's number for each word, ``UNTAGGED`` where it finds none."""
    return _analysed(sentence, language != "en")[0]


def lemma_codes(sentence: str, language: Language) -> list[str]:
    """What was kept of the lemma of each word (``lemma_from``); none where none were."""
    numbers, kept = _analysed(sentence, language != "en")
    codes = kept.decode("utf-8", "surrogatepass").split(" ")
    return codes if kept and len(codes) == len(numbers) else []


def lemma(word: str, number: int, *, german: bool) -> str:
    """The lemma of a word with a part of speech, in lower case."""
    cut = word[:LONGEST_WORD]
    found = cut if number == UNTAGGED else tagger_of(german=german).lemma(cut, number)
    return found.lower()


def lemma_from(word: str, code: str) -> str:
    """The lemma that a code tells of a word: how many letters to take off, and what to put on."""
    lower = word[:LONGEST_WORD].lower()
    return lower[: len(lower) + ord(_NO_LETTER) - ord(code[0])] + code[1:] if code else lower


def to_keep(sentence: str, language: Language) -> bytes:
    """What the index keeps of a sentence: parts of speech, then the codes of the lemmas."""
    numbers = parts_of_speech(sentence, language)
    codes = (
        _code(word, lemma(word, number, german=language != "en"))
        for word, number in zip(_WORD.findall(sentence), numbers, strict=True)
    )
    return numbers + _LEMMAS_FOLLOW + " ".join(codes).encode("utf-8", "surrogatepass")


def remember(sentence: str, language: Language, found: bytes) -> None:
    """Takes what was kept of a sentence."""
    key = (sentence, language != "en")
    _remembered[key] = found
    _analysed(*key)
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
def _analysed(sentence: str, german: bool) -> tuple[bytes, bytes]:
    """The parts of speech of a sentence, and what was kept of its lemmas."""
    words = [word[:LONGEST_WORD] for word in _WORD.findall(sentence)]
    numbers, _, lemmas = _remembered.get((sentence, german), b"").partition(_LEMMAS_FOLLOW)
    if len(numbers) == len(words):
        return numbers, lemmas
    try:
        return bytes(tagger_of(german=german).tag_sent_viterbi(words)), b""
    except KeyError:
        # No way through the sentence has a probability above 0: a "word" of accents alone.
        return bytes([UNTAGGED]) * len(words), b""


def _code(word: str, found: str) -> str:
    lower = word[:LONGEST_WORD].lower()
    if found == lower:
        return ""
    shared = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(lower, found, strict=False))
    )
    return chr(ord(_NO_LETTER) + len(lower) - shared) + found[shared:]
