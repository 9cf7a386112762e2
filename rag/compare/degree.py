"""Yes or no to a rank or a quantifier: "Is it the longest …?", "Are all …?" (English).

What is second-longest is not the longest; where most are, not all are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rag.compare.capitals import share_of
from rag.compare.frame import Frame, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.named import Named
from rag.language.folding import fold
from rag.language.number_words import ordinal_word
from rag.language.polarity import negations
from rag.types import Language

_RANKED = re.compile(
    r"\b(?:(?P<ordinal>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:nd|rd|th))"
    r"[\s-]+)?(?P<superlative>most\s+\w+|least\s+\w+|\w{2,}est)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?P<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)\s+"
    r"(?P<noun>[a-z]{3,})\b"
)
_DIGITS = re.compile(r"\d+")
_ONE_OF = re.compile(r"\b(?:one\s+of|among)\s+(?:the\s+|its\s+)?$", re.IGNORECASE)
_LAST = -1.0
_COVERED = 0.5
_SHORTEST = 3
_FIT = 0.85
_QUANTIFIED = 0.75

Ranks = dict[str, tuple[float, int, int]]


@lru_cache(maxsize=4096)
def ranks(text: str) -> Ranks:
    """Rank and place of everything ranked: {"longest": (2, …)} of "the second-longest"."""
    found: Ranks = {}
    for key, rank, start, end in _read(text):
        found.setdefault(key, (rank, start, end))
    return found


def _read(text: str) -> Iterator[tuple[str, float, int, int]]:
    for match in _RANKED.finditer(text):
        word = " ".join(match["superlative"].lower().split())
        if word in word_set("no_superlatives", "en") or _ONE_OF.search(text[: match.start()]):
            continue
        yield word, _rank(match["ordinal"]), match.start(), match.end()
    for match in _PLACED.finditer(text):
        noun = stem_of(fold(match["noun"]))
        if not _ONE_OF.search(text[: match.start()]) and not noun.endswith("est"):
            rank = _LAST if match["ordinal"] == "last" else _rank(match["ordinal"])
            yield f"th {noun}", rank, match.start(), match.end()


def _rank(ordinal: str | None) -> float:
    if ordinal is None:
        return 1.0
    if digits := _DIGITS.match(ordinal):
        return float(digits.group())
    return ordinal_word(ordinal.lower(), "en") or 1.0


@cache
def _contraries() -> dict[str, str]:
    pairs: list[list[str]] = rules()["contrary_superlatives"]
    return {one: other for a, b in pairs for one, other in ((a, b), (b, a))}


def degree(sentence: str, frame: Frame, language: Language) -> Named | None:
    """Whether a sentence gives what is asked about the rank or the quantifier asked for."""
    if frame.kind != "yes_no" or language != "en" or frame.language != "en":
        return None
    rest = _rest(frame)
    if not rest or share_of(rest, word_bag(sentence)) < _COVERED:
        return None
    if negations(sentence, language):
        return None
    return _by_rank(sentence, frame) or _by_quantifier(sentence, frame)


def _by_rank(sentence: str, frame: Frame) -> Named | None:
    asked, told = ranks(frame.question.text), ranks(sentence)
    for key, (rank, _, _) in asked.items():
        if key in told:
            other, start, end = told[key]
            return Named(1 if other == rank else -1, start, end, _FIT)
        if (contrary := told.get(_contraries().get(key, ""))) and rank == contrary[0] == 1:
            return Named(-1, contrary[1], contrary[2], _FIT)
    return None


@lru_cache(maxsize=512)
def _rest(frame: Frame) -> frozenset[str]:
    """The question's words beside those of rank and of quantity."""
    ranked = frozenset(
        word for key in ranks(frame.question.text) for word in map(fold, key.split())
    )
    return frozenset(
        word
        for word in frame.topic - ranked
        if len(word) >= _SHORTEST and ordinal_word(word, "en") is None
    )


@cache
def _quantifiers() -> tuple[tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            re.compile(entry["asked"], re.IGNORECASE),
            re.compile(rf"\b(?:{entry['affirms']})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{entry['denies']})\b", re.IGNORECASE),
        )
        for entry in rules()["quantifiers"]
    )


def _by_quantifier(sentence: str, frame: Frame) -> Named | None:
    for asked, yes, no in _quantifiers():
        if not asked.search(frame.question.text):
            continue
        denied, affirmed = no.search(sentence), yes.search(sentence)
        if denied and not affirmed:
            return Named(-1, denied.start(), denied.end(), _QUANTIFIED)
        if affirmed and not denied:
            return Named(1, affirmed.start(), affirmed.end(), _QUANTIFIED)
    return None
