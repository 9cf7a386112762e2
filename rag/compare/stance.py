"""Which side a sentence takes on what is asked: yes or no, won or lost, open or closed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rag.compare.asked import asked_sides, topics_of_field
from rag.compare.frame import Frame, mentions, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.phrases import tag
from rag.compare.predicate import is_elsewhere, predicate
from rag.compare.side import Side, sides_of, topic_closeness
from rag.compare.sources import source_clauses
from rag.compare.subject import clause_at, subject_share, tells_only_of_another
from rag.language.folding import fold
from rag.language.polarity import Negation, negations
from rag.types import Language

_OTHER_CLAUSE = 0.8
"""A side in a clause that names nobody asked about, where another clause does."""
_OFF_FIELD = 0.5
_OR = re.compile(r"\b(?:oder|or)\b", re.IGNORECASE)
_LEFT_OPEN = re.compile(r"\b(?:ob|whether)\b", re.IGNORECASE)
_OPINIONS = frozenset({"mood", "necessity", "place", "ownfault", "knowledge"})
_STEM = 5
_ON_SUBJECT = 0.4
"""How much surer a "not" is of what is asked where the sentence names all the question names."""
_CLEAR = 0.6
_FATES_OF_THINGS = frozenset({"existence"})
"""What became of a castle: it lies abandoned."""


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
    if frame.kind == "outcome":
        sides = tuple(
            _in_field(side, frame)
            for side in sides
            if not _repeats(side, sentence, frame)
            and not tells_only_of_another(sentence, side.start_char, side.end_char, frame, language)
        )
    relevant = [side for side in sides if side.weight >= 0.5]
    if frame.kind == "outcome":
        relevant = [side for side in relevant if not _is_named(side, sentence, frame)]
    if not answer and not relevant:
        return None
    main = decisive or (max(relevant, key=lambda side: side.weight) if relevant else None)
    asked = asked_sides(frame)
    field = topics_of_field(frame) if frame.kind == "outcome" else frozenset()
    on_topic = any(side.topic in asked or side.topic in field for side in relevant)
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
    silent = _silent_topics(frame)
    sides = tuple(side for side in sides if side.topic not in silent)
    tails = source_clauses(sentence, language)
    return tuple(
        side
        for side in sides
        if side.topic in asked or not any(a <= side.start_char < b for a, b in tails)
    )


@lru_cache(maxsize=512)
def _silent_topics(frame: Frame) -> frozenset[str]:
    """Topics that say nothing here: neither asked for, nor near to what is, nor of the field."""
    heard = set(asked_sides(frame))
    if frame.kind == "outcome":
        heard |= _FATES_OF_THINGS | topics_of_field(frame)
    return frozenset(
        topic
        for topic in word_set("asked_topics", "all")
        if topic not in heard and not any(topic_closeness(topic, near) for near in heard)
    )


def _repeats(side: Side, sentence: str, frame: Frame) -> bool:
    """The question's own verb, which each answer repeats: „beschloss“, „endete“."""
    if frame.asked.alternatives or _OR.search(frame.question.text):
        return False
    word = fold(sentence[side.start_char : side.end_char])
    return " " not in word and word in word_bag(frame.question.text)


def _in_field(side: Side, frame: Frame) -> Side:
    """Less weight where the question is on a match and the side is on, say, a rise."""
    field = topics_of_field(frame)
    if not field or side.topic in field or side.topic in asked_sides(frame):
        return side
    return replace(side, weight=side.weight * _OFF_FIELD)


def _is_named(side: Side, sentence: str, frame: Frame) -> bool:
    """„Gestartet ist sie …“ is not how the start asked about turned out."""
    word = fold(sentence[side.start_char : side.end_char])
    if " " in word:
        return False
    stem = stem_of(word.removeprefix("ge"))[:_STEM]
    return len(stem) == _STEM and any(name.startswith(stem) for name in frame.names)


def is_probable(sentence: str) -> bool:
    """Whether a sentence takes something for probable or imminent, not for a fact."""
    return any(pattern.search(sentence) for pattern in _probable())


@cache
def _probable() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b{words}\b", re.IGNORECASE) for words in rules()["probable"])


def _answer(
    sentence: str, sides: tuple[Side, ...], frame: Frame, language: Language
) -> tuple[int, float, Side | None]:
    """Yes or no to the question, how sure, and by which words."""
    asked = asked_sides(frame)
    on_topic = [
        (
            side.weight * abs(close) * _on_names(side, sentence, frame),
            side.sign * sign * (1 if close > 0 else -1),
            side,
        )
        for side in sides
        for topic, sign in asked.items()
        if (close := topic_closeness(side.topic, topic))
    ]
    if on_topic:
        told = [
            (sign, weight * _share_of_subject(side, sentence, frame, language), side)
            for weight, sign, side in on_topic
        ]
        return _surest(told, is_english=language == "en" and len(asked) > 1)
    confirming = [side for side in sides if side.topic == "confirmation"]
    shared = predicate(sentence, frame, language)
    if shared is not None:
        sign, start, end = shared
        share = subject_share(sentence, start, frame, language, end)
        return sign, 0.75 * share, Side("predicate", sign, 0.75, start, end)
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
        and not _denies_another_noun(scope, sentence, frame)
    ]
    if negated:
        first = negated[0]
        sure = 0.35 + _ON_SUBJECT * _share_named(sentence, frame)
        return -1, sure, Side("negation", -1, sure, first.start_char, first.end_char)
    if _LEFT_OPEN.search(sentence):
        return 0, 0.0, None
    return 1, 0.3, None


def _surest(told: list[tuple[int, float, Side]], *, is_english: bool) -> tuple[int, float, Side]:
    """The clearest side; of an English question on two topics the one that denies it.

    "Did he die in poverty?" is denied by "died a wealthy man", though it affirms that he died.
    """
    against = [item for item in told if item[0] < 0 and item[1] >= _CLEAR]
    return max(against if is_english and against else told, key=lambda item: item[1])


def _denies_another_noun(scope: Negation, sentence: str, frame: Frame) -> bool:
    """„ohne Schaden“ denies its noun alone."""
    denied = word_bag(sentence[scope.start_char : scope.scope_end])
    is_alone = scope.text.lower() in ("ohne", "without")
    return is_alone and not any(mentions(word, denied) for word in frame.topic)


def _share_of_subject(side: Side, sentence: str, frame: Frame, language: Language) -> float:
    return subject_share(sentence, side.start_char, frame, language, side.end_char)


def _on_names(side: Side, sentence: str, frame: Frame) -> float:
    """Less where another clause has the name: „Sie war angereist, während Osterloh fernblieb“."""
    start, end = clause_at(sentence, side.start_char)
    inside, outside = word_bag(sentence[start:end]), word_bag(sentence[:start] + sentence[end:])
    asked = frame.proper or frame.names
    is_apart = any(mentions(name, outside) for name in asked) and not any(
        mentions(name, inside) for name in asked
    )
    return _OTHER_CLAUSE if is_apart else 1.0


def _share_named(sentence: str, frame: Frame) -> float:
    """Share of the question's nouns and names that the sentence has."""
    bag = word_bag(sentence)
    return sum(mentions(name, bag) for name in frame.names) / max(1, len(frame.names))
