"""The sides a text takes, by topic, whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rag.compare.contest import turned
from rag.compare.frame import Frame
from rag.compare.lexicon import rules
from rag.compare.stance_patterns import turns_in
from rag.language.polarity import Modality, OutcomeMention, negations, outcomes
from rag.types import Language

_CLAUSE_STOP = re.compile(r"[,.;:]")
_RELATED_TOPICS = 0.75
_WEAK_TOPICS = frozenset({"mood", "delivery", "start", "trend", "commitment", "finding", "success"})


@dataclass(frozen=True, slots=True)
class Side:
    """A side on one topic; ``weight`` 0..1: how clearly the words take it."""

    topic: str
    sign: int
    weight: float
    start_char: int
    end_char: int


def sides_of(
    text: str,
    language: Language,
    frame: Frame | None,
    *,
    unsaid: frozenset[Modality] = frozenset({"possible", "open"}),
) -> tuple[Side, ...]:
    """Every side the words of a text take, by topic; ``unsaid`` are modalities left out."""
    found = [
        Side(
            topic=mention.topic,
            sign=mention.result * turned(text, mention, frame),
            weight=_weight(mention),
            start_char=mention.start_char,
            end_char=mention.end_char,
        )
        for mention in outcomes(text, language)
        if mention.modality not in unsaid
        and not (mention.modality == "intended" and mention.topic == "guilt")
    ]
    scopes = negations(text, language)
    phrased: list[Side] = []
    for turn, start, end in turns_in(text):
        negated = any(
            scope.scope_start <= start < scope.scope_end
            and not (turn.holds_negation and start <= scope.start_char < end)
            for scope in scopes
        )
        phrased.append(Side(turn.topic, -turn.sign if negated else turn.sign, 0.7, start, end))
    return (*_without_parts(found, phrased), *_without_copulas(text, found, phrased))


def _without_copulas(text: str, words: list[Side], phrased: list[Side]) -> Iterator[Side]:
    """Drops „bleibt“ before what it says of the subject: „bleibt vorerst tabu“."""
    for side in phrased:
        stop = _CLAUSE_STOP.search(text, side.end_char)
        end = stop.start() if stop else len(text)
        is_copula = text[side.start_char : side.end_char].lower().startswith("bleib") and any(
            side.end_char <= other.start_char < end
            for other in (*words, *phrased)
            if other is not side
        )
        if not is_copula:
            yield side


def _without_parts(words: list[Side], phrased: list[Side]) -> list[Side]:
    """Drops words inside a phrase on their topic: „Verbot aufgehoben“ decides, not „Verbot“."""
    return [
        word
        for word in words
        if not any(
            phrase.topic == word.topic
            and phrase.start_char <= word.start_char
            and word.end_char <= phrase.end_char
            for phrase in phrased
        )
    ]


def _weight(mention: OutcomeMention) -> float:
    weight = 0.6 if mention.form == "noun" else 0.9
    if mention.topic in _WEAK_TOPICS:
        weight -= 0.3
    if mention.modality == "intended":
        weight -= 0.1
    if mention.form == "participle" and mention.text.endswith("ing"):
        weight -= 0.3  # "hopes of recovering it"
    return weight


@lru_cache(maxsize=4096)
def topic_closeness(first: str, second: str) -> float:
    """1 for one topic, less for two that turn out alike ("opens" and "goes on"), else 0.

    Below 0 for two that turn out contrary: a dismissal that holds is a case lost.
    """
    if first == second:
        return 1.0
    groups: dict[str, str] = rules()["topic_groups"]
    for group in groups.values():
        signs = {name.lstrip("-"): -1 if name[0] == "-" else 1 for name in group.split()}
        if first in signs and second in signs:
            return _RELATED_TOPICS * signs[first] * signs[second]
    return 0.0
