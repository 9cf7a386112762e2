"""Which side a sentence takes on what is asked: yes or no, won or lost, open or closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.compare.frame import Frame, mentions, stem_of, word_bag
from rag.compare.lexicon import rules
from rag.compare.phrases import tag
from rag.compare.predicate import is_elsewhere, predicate
from rag.compare.sources import source_clauses
from rag.compare.stance_patterns import turns_in
from rag.compare.subject import subject_share
from rag.language.folding import fold
from rag.language.polarity import Modality, OutcomeMention, negations, outcomes
from rag.types import Language

_AGAINST = re.compile(r"\b(?:gegen|against|to)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_TIME_BEFORE = re.compile(
    r"\b(?:vor|nach|seit|bei|beim|während|before|after|since|during)\s+(?:de[rmn]|the|seiner|ihrer)?\s*$",
    re.IGNORECASE,
)
_UNSAID: frozenset[Modality] = frozenset({"possible", "open"})
_CLAUSE_STOP = re.compile(r"[,.;:]")
_OPINIONS = frozenset({"mood", "necessity", "place", "ownfault", "knowledge"})
_STEM = 5
_ON_SUBJECT = 0.4
"""How much surer a "not" is of what is asked where the sentence names all the question names."""
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


@dataclass(frozen=True, slots=True)
class Stance:
    """The sides a sentence takes; ``answer`` to a yes-no question: +1 yes, -1 no, 0 not said."""

    sides: tuple[Side, ...]
    answer: int
    certainty: float
    start_char: int
    end_char: int
    fit: float


def stance(sentence: str, frame: Frame, language: Language) -> Stance | None:
    """The sides a sentence takes on the question, ``None`` where it takes none."""
    sides = _told(sides_of(sentence, language, frame), sentence, frame, language)
    answer, certainty, decisive = 0, 0.0, None
    if frame.kind == "yes_no":
        answer, certainty, decisive = _answer(sentence, sides, frame, language)
    relevant = [side for side in sides if side.weight >= 0.5]
    if frame.kind == "outcome":
        relevant = [side for side in relevant if not _is_named(side, sentence, frame)]
    if not answer and not relevant:
        return None
    main = decisive or (max(relevant, key=lambda side: side.weight) if relevant else None)
    asked = asked_sides(frame)
    on_topic = any(side.topic in asked for side in relevant)
    fit = max(certainty, 0.75 if on_topic else 0.55 if relevant else 0.0)
    return Stance(
        sides=tuple(sides),
        answer=answer,
        certainty=certainty,
        start_char=main.start_char if main else 0,
        end_char=main.end_char if main else len(sentence),
        fit=min(1.0, fit),
    )


def _told(
    sides: tuple[Side, ...], sentence: str, frame: Frame, language: Language
) -> tuple[Side, ...]:
    """Without those of a clause that only names who says it: „…, wie das Amt einräumte“."""
    asked = asked_sides(frame)
    if all(side.topic in asked for side in sides):
        return sides
    tails = source_clauses(sentence, language)
    return tuple(
        side
        for side in sides
        if side.topic in asked or not any(a <= side.start_char < b for a, b in tails)
    )


def _is_named(side: Side, sentence: str, frame: Frame) -> bool:
    """„Gestartet ist sie …“ is not how the start asked about turned out."""
    word = fold(sentence[side.start_char : side.end_char])
    stem = stem_of(word.removeprefix("ge"))[:_STEM]
    return len(stem) == _STEM and any(name.startswith(stem) for name in frame.names)


def is_probable(sentence: str) -> bool:
    """Whether a sentence takes something for probable or imminent, not for a fact."""
    return any(pattern.search(sentence) for pattern in _probable())


@cache
def _probable() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b{words}\b", re.IGNORECASE) for words in rules()["probable"])


@lru_cache(maxsize=512)
def asked_sides(frame: Frame) -> dict[str, int]:
    """The side a "yes" would take, by topic; nouns of time ("vor der Schließung") are left out."""
    text = frame.question.text
    return {
        side.topic: side.sign
        for side in sides_of(text, frame.language, None)
        if not _TIME_BEFORE.search(text[: side.start_char])
    }


def sides_of(text: str, language: Language, frame: Frame | None) -> tuple[Side, ...]:
    """Every side the words of a text take, by topic."""
    found = [
        Side(
            topic=mention.topic,
            sign=mention.result * _turned(text, mention, frame),
            weight=_weight(mention),
            start_char=mention.start_char,
            end_char=mention.end_char,
        )
        for mention in outcomes(text, language)
        if mention.modality not in _UNSAID
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
    return weight


def _turned(text: str, mention: OutcomeMention, frame: Frame | None) -> int:
    """-1 where the winner is the other party: "verlor gegen Seeheim", "die Gegner siegten"."""
    before = text[: mention.start_char].lower()
    opponents: list[str] = rules()["opponents"]
    if mention.topic in ("win", "success") and any(word in before for word in opponents):
        return -1
    if frame is None or mention.topic != "win":
        return 1
    asked = frame.proper - _opponents(frame)
    for match in re.finditer(r"\w[\w-]*", text):
        if mentions(fold(match.group()), asked) and _AGAINST.search(text[: match.start()]):
            return -1
    return 1


@lru_cache(maxsize=512)
def _opponents(frame: Frame) -> frozenset[str]:
    """The names behind "gegen" in the question: whom the side asked about played or sued."""
    text = frame.question.text
    return frozenset(
        fold(match.group())
        for match in re.finditer(r"\w[\w-]*", text)
        if _AGAINST.search(text[: match.start()])
    )


def _answer(
    sentence: str, sides: tuple[Side, ...], frame: Frame, language: Language
) -> tuple[int, float, Side | None]:
    """Yes or no to the question, how sure, and by which words."""
    asked = asked_sides(frame)
    on_topic = [
        (side.weight * abs(close), side.sign * sign * (1 if close > 0 else -1), side)
        for side in sides
        for topic, sign in asked.items()
        if (close := topic_closeness(side.topic, topic))
    ]
    if on_topic:
        weight, sign, side = max(on_topic, key=lambda item: item[0])
        return sign, weight * subject_share(sentence, side.start_char, frame, language), side
    confirming = [side for side in sides if side.topic == "confirmation"]
    shared = predicate(sentence, frame, language)
    if shared is not None:
        sign, start, end = shared
        return sign, 0.75, Side("predicate", sign, 0.75, start, end)
    if confirming:
        return confirming[0].sign, 0.6, confirming[0]
    clear = [side for side in sides if side.weight >= 0.6 and side.topic not in _OPINIONS]
    if clear:
        best = max(clear, key=lambda side: side.weight)
        return best.sign, 0.5, best
    words = tag(sentence, "en" if language == "en" else "de")
    negated = [
        scope
        for scope in negations(sentence, language)
        if not is_elsewhere(scope.start_char, words, sentence, frame)
    ]
    if negated:
        first = negated[0]
        sure = 0.35 + _ON_SUBJECT * _share_named(sentence, frame)
        return -1, sure, Side("negation", -1, sure, first.start_char, first.end_char)
    return 1, 0.3, None


def _share_named(sentence: str, frame: Frame) -> float:
    """Share of the question's nouns and names that the sentence has."""
    bag = word_bag(sentence)
    return sum(mentions(name, bag) for name in frame.names) / max(1, len(frame.names))


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
