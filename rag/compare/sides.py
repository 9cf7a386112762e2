"""Compares the sides two answers take, and the words somebody is given."""

from __future__ import annotations

from rag.compare.amounts import align_numbers_asked
from rag.compare.answers import Answer
from rag.compare.attitudes import opposition
from rag.compare.choice import Choice
from rag.compare.frame import Frame
from rag.compare.lexicon import word_set
from rag.compare.member import Member, is_shared, member_relation
from rag.compare.named import Named
from rag.compare.said import Said
from rag.compare.side import Side, topic_closeness
from rag.compare.stance import Stance
from rag.compare.term import Term, related
from rag.compare.verdict import Verdict

_MOODS = 0.35
_CLEAR = 0.6
_CLOSED_KIND, _SHARED_KIND = 0.9, 0.5
_APART = 3
"""From so many words that each has alone, they say it in other words: „keine gestrichen“, „alle
behalten ihren Platz“."""
_SHARED = 2
"""Fewer common words („das Angebot“) only name what both speak of."""
_ALIKE = 0.3
"""Share of all words from which one "not" turns a statement around."""


def align_stances(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """Whether one affirms what the other denies."""
    one, other = first.content.value, second.content.value
    if alike := _of_one_type(first, second):
        return alike
    if isinstance(one, Named | Stance) and isinstance(other, Named | Stance):
        mixed = _named_and_stance(one, other)
        if mixed:
            return mixed
    if not (isinstance(one, Stance) and isinstance(other, Stance)):
        return Verdict("unknown", 0.0, "no side taken")
    if by_value := align_numbers_asked(first, second, frame):
        return by_value
    if one.answer and other.answer:
        certainty = min(one.certainty, other.certainty)
        if one.answer != other.answer:
            return Verdict("different", certainty, "one says yes, one says no")
        return Verdict("same", certainty, "both say the same")
    return compare_sides(one.sides, other.sides)


def _of_one_type(first: Answer, second: Answer) -> Verdict | None:
    """Two alternatives, phrases, listed things or names; ``None`` for anything else."""
    one, other = first.content.value, second.content.value
    if isinstance(one, Choice) and isinstance(other, Choice):
        same = one.taken == other.taken
        return Verdict("same" if same else "different", 0.9, "the alternatives offered")
    if isinstance(one, Term) and isinstance(other, Term):
        return _align_terms(one, other, first, second)
    if isinstance(one, Member) and isinstance(other, Member):
        relation = member_relation(one, other, first.article.text, second.article.text)
        sure = _SHARED_KIND if is_shared(one.kind) else _CLOSED_KIND
        return Verdict(relation, sure, f"what they name of the kind asked for: {one.kind}")
    if isinstance(one, Named) and isinstance(other, Named):
        same = one.answer == other.answer
        return Verdict("same" if same else "different", 0.9, "the name asked about, or another")
    return None


def _named_and_stance(one: Named | Stance, other: Named | Stance) -> Verdict | None:
    """One names what is asked about, the other affirms or denies it in so many words."""
    if isinstance(one, Named) == isinstance(other, Named) or not (one.answer and other.answer):
        return None
    sure = min(each.certainty for each in (one, other) if isinstance(each, Stance))
    if sure < _CLEAR:
        return None
    same = one.answer == other.answer
    return Verdict("same" if same else "different", sure, "the name asked about, or yes or no")


def _align_terms(one: Term, other: Term, first: Answer, second: Answer) -> Verdict:
    if first.article.language != second.article.language:
        return Verdict("unknown", 0.0, "phrases of two languages")
    if related(one, other, first.article.text, second.article.text):
        return Verdict("compatible", 0.7, "one phrase is named by both articles")
    return Verdict("different", min(one.fit, other.fit, 0.9), "the phrases share nothing")


def compare_sides(first: tuple[Side, ...], second: tuple[Side, ...]) -> Verdict:
    """Opposite sides on one topic; agreement on another topic takes the sureness away."""
    opposed, agreed = 0.0, 0.0
    for one in first:
        for other in second:
            closeness = topic_closeness(one.topic, other.topic)
            if not closeness:
                continue
            weight = min(one.weight, other.weight) * abs(closeness)
            if (one.sign != other.sign) == (closeness > 0):
                opposed = max(opposed, weight)
            else:
                agreed = max(agreed, weight)
    if opposed > agreed:
        return Verdict("different", opposed - agreed / 2, "opposite sides on one topic")
    if agreed:
        return Verdict("same", agreed, "the same side on one topic")
    return _compare_moods(first, second)


def _compare_moods(first: tuple[Side, ...], second: tuple[Side, ...]) -> Verdict:
    """Without a shared topic: good news against bad news, which is a hint at most."""
    silent = word_set("asked_topics", "all")
    signs = [
        {side.sign for side in sides if side.weight >= 0.6 and side.topic not in silent}
        for sides in (first, second)
    ]
    if len(signs[0]) == 1 and len(signs[1]) == 1 and signs[0] != signs[1]:
        return Verdict("different", _MOODS, "one turns out well, one badly")
    return Verdict("unknown", 0.0, "sides on different topics")


def align_said(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """Whether two renderings of somebody's words mean the same."""
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Said) and isinstance(other, Said)):
        return Verdict("unknown", 0.0, "nobody is quoted")
    shared = len(one.content & other.content) / max(1, min(len(one.content), len(other.content)))
    by_side = compare_sides(one.sides, other.sides)
    if by_side.relation == "different" and by_side.confidence > _MOODS:
        return Verdict("different", by_side.confidence, "the words take opposite sides")
    if opposed := opposition(one.attitudes, other.attitudes):
        return Verdict("different", opposed, "opposite attitudes")
    alike = len(one.content & other.content) / max(1, len(one.content | other.content))
    apart = min(len(one.content - other.content), len(other.content - one.content))
    enough = len(one.content & other.content) >= _SHARED
    is_close = enough and shared >= 0.5 and alike >= _ALIKE and apart < _APART
    if one.language == other.language and is_close:
        if one.negations % 2 != other.negations % 2:
            return Verdict("different", 0.9, "equal words, one negated")
        return _same_beginning(one, other)
    return Verdict("same", 0.4, "other words, no opposite meaning found")


def _same_beginning(first: Said, second: Said) -> Verdict:
    """Equal words up to a point where both go on with other words."""
    common = 0
    while (
        common < min(len(first.words), len(second.words))
        and first.words[common] == second.words[common]
    ):
        common += 1
    rest = first.words[common:], second.words[common:]
    if common >= 3 and all(rest) and not set(rest[0]) & set(rest[1]):
        return Verdict("different", 0.7, "equal beginning, other ending")
    return Verdict("same", 0.8, "nearly equal words")
