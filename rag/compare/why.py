"""Why: the causes a sentence names, and how two named causes relate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rag.compare.assumed import CONSEQUENCE_FIT, assumed_fit
from rag.compare.cause_groups import CauseGroups, asks_death, groups_in
from rag.compare.effect import is_asked
from rag.compare.frame import Frame, mentions, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.phrases import tag
from rag.compare.sources import source_clauses
from rag.language.folding import fold
from rag.types import Language

_CAUSE_NOUN = re.compile(
    r"\b(?:grund|gründe|ursachen?|auslöser|anlass|schuld|ausgelöst|verursach\w*|hervorgerufen|entfacht\w*|"
    r"zurückzuführen|anzulasten|zuzuschreiben|geschuldet|verantwortlich|scheiter\w*|gescheitert|erlag\w*|gestorben|starb\w*|leben|daher|deshalb|deswegen|darum|"
    r"reason|cause[ds]?|trigger\w*|blamed?|sparked|responsible)\b|\b(?:geht|gehen|ging|führt\w*|löst\w*)\b"
    r".*\b(?:zurück|aus)\b",
    re.IGNORECASE,
)
_OFF_TOPIC = 0.4
_STRONG_FIT = 0.9
_WEAK_FIT = 0.55
_KNOWN_CAUSE, _NO_KNOWN_CAUSE = 0.3, 0.1
_ANY_WORDS = re.compile(r"\(\?P<\w+>\[\^[^\]]+\]\+\?\)")
_OF_DEATH = re.compile(r"\b(?:erlag\w*|starb\w*|gestorben|verendet\w*)\b", re.IGNORECASE)
_BEHIND_CAUSE = re.compile(
    r"\b(?:wegen|aufgrund|infolge|auf\s+grund|durch|nach|because\s+of|due\s+to|after)\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause; ``words`` are its nouns, names and verbs (folded) beyond the question's."""

    start_char: int
    end_char: int
    words: frozenset[str]
    nouns: frozenset[str]
    fit: float
    groups: CauseGroups


def causes(sentence: str, before: str, frame: Frame, language: Language) -> tuple[Cause, ...]:
    """The causes a sentence names, best first; the whole sentence when it names none outright."""
    tongue: Language = "en" if language == "en" else "de"
    found = []
    for strength, usual in (("strong", _STRONG_FIT), ("weak", _WEAK_FIT)):
        for pattern, tail in _patterns(tongue, strength):
            match = pattern.search(sentence) if tail is None or tail.search(sentence) else None
            span = _span(match) if match else None
            if not span:
                continue
            fit = usual
            effect = f"{before} {sentence[: span[0]]} {sentence[span[1] :]}"
            on_topic = _names_cause(sentence) or _speaks_of(effect, frame)
            fit = fit if on_topic else fit * _OFF_TOPIC
            if _is_effect(sentence, span, frame, tongue) or _is_death(match, frame):
                fit = CONSEQUENCE_FIT
            cause = _cause(sentence, span, frame, tongue, fit)
            if cause:
                found.append(cause)
    if not found:
        fit = assumed_fit(sentence, frame, tongue)
        whole = _cause(sentence, (0, len(sentence)), frame, tongue, fit)
        found = [whole] if whole else []
    return tuple(sorted(found, key=lambda cause: (-cause.fit, cause.start_char)))


def _is_effect(sentence: str, span: tuple[int, int], frame: Frame, language: Language) -> bool:
    """„Wegen des Aufnahmestopps springt ein anderes Haus ein“: it is what is to be explained."""
    if not _BEHIND_CAUSE.search(sentence[: span[0]]):
        return False
    nouns = (
        word
        for word in tag(sentence, language)
        if word.start_char >= span[0] and word.category in ("noun", "name")
    )
    first = next(nouns, None)
    return (
        first is not None
        and is_asked(fold(first.lemma), frame)
        and fold(first.text) not in frame.proper
    )


def _is_death(match: re.Match[str] | None, frame: Frame) -> bool:
    """„Zwei starben an Rauchgas“: no cause of the fire asked about."""
    found = match and _OF_DEATH.search(match.group())
    return bool(found) and not asks_death(frame.question.text)


def _names_cause(sentence: str) -> bool:
    return bool(_CAUSE_NOUN.search(sentence))


def _speaks_of(text: str, frame: Frame) -> bool:
    """Whether the effect, or the sentence before, is what the question asks about."""
    bag = word_bag(text)
    return any(mentions(word, bag) for word in frame.topic)


@cache
def _patterns(
    language: Language, strength: Literal["strong", "weak"]
) -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]:
    """Each pattern, and what must stand behind the cause it begins with.

    A pattern that begins with any words tries them from each letter on. What stands behind them is
    found in one go, and is missing in nearly every sentence.
    """
    listed: list[str] = rules()["cause_patterns"][language][strength]
    return tuple(
        (
            re.compile(pattern, re.IGNORECASE),
            re.compile(pattern[begins.end() :], re.IGNORECASE) if begins else None,
        )
        for pattern in listed
        for begins in [_ANY_WORDS.match(pattern)]
    )


def _span(match: re.Match[str]) -> tuple[int, int] | None:
    for name, text in match.groupdict().items():
        if text and text.strip():
            return match.span(name)
    return None


def _cause(
    sentence: str, span: tuple[int, int], frame: Frame, language: Language, fit: float
) -> Cause | None:
    start, end = span
    words, nouns = _words_of(sentence, span, frame, language)
    if not words:
        return None
    while start < end and sentence[start].isspace():
        start += 1
    groups = groups_in(sentence[start:end], frame.question.text)
    if not groups.held:
        groups = groups_in(sentence, frame.question.text)
    fit = _weighed(fit if nouns else fit * 0.8, groups)
    return Cause(start, end, frozenset(words), frozenset(nouns), fit, groups)


def _words_of(
    sentence: str, span: tuple[int, int], frame: Frame, language: Language
) -> tuple[set[str], set[str]]:
    """The folded words of a cause beyond the question's, and the nouns and names among them."""
    words, nouns = set(), set()
    sources = source_clauses(sentence, language)
    for word in tag(sentence, language):
        inside = span[0] <= word.start_char and word.end_char <= span[1]
        if not inside or any(one <= word.start_char < two for one, two in sources):
            continue
        if word.category not in ("noun", "name", "verb", "adj"):
            continue
        if word.category == "verb" and word.lemma in word_set("light_verbs", language):
            continue
        if word.category == "noun" and word.lemma in word_set("time_nouns", language):
            continue
        folded = fold(word.lemma if word.category != "name" else word.text)
        if is_asked(folded, frame) or len(folded) < 3:
            continue
        words.add(folded)
        if word.category in ("noun", "name"):
            nouns.add(folded)
    return words, nouns


def _weighed(fit: float, groups: CauseGroups) -> float:
    """Surer where it is what newspapers report as a cause, less sure where it is not."""
    if fit <= CONSEQUENCE_FIT:
        return fit
    if groups.held:
        return min(1.0, fit + _KNOWN_CAUSE)
    return fit - _NO_KNOWN_CAUSE


@lru_cache(maxsize=4096)
def fields(words: frozenset[str]) -> frozenset[str]:
    """The kinds of cause that some words belong to."""
    listed: dict[str, list[str]] = rules()["cause_fields"]
    return frozenset(
        name
        for name, parts in listed.items()
        if any(_has_part(word, fold(part)) for word in words for part in parts)
    )


def is_general(cause: Cause) -> bool:
    """Whether it only names a kind of cause ("technischer Defekt"), which an exact one may be."""
    general: list[str] = rules()["general_causes"]
    return all(any(_has_part(noun, fold(part)) for part in general) for noun in cause.nouns)


def _has_part(word: str, part: str) -> bool:
    return word.startswith(part) or (len(part) >= 4 and part in word) or word == part
