"""Third step: whether two articles' typed answers agree, differ, or cannot be compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.compare.answers import Answer
from rag.compare.contents import Content
from rag.compare.figures import Figure, is_vague
from rag.compare.frame import Frame, mentions, same_word, stem_of, word_bag
from rag.compare.lexicon import rules
from rag.compare.said import Said
from rag.compare.same import concepts_of, same_agent
from rag.compare.stance import Side, Stance, topic_closeness
from rag.compare.when import Moment
from rag.compare.where import Site
from rag.compare.who import Agent
from rag.compare.why import Cause, fields, is_general
from rag.language.dates import DateMention, compatible_dates
from rag.language.folding import fold
from rag.language.quantity_values import Quantity, compatible
from rag.language.terms import terms

Relation = Literal["same", "compatible", "different", "unknown"]
_FROM_AGREEMENT: dict[str, Relation] = {
    "equal": "same",
    "compatible": "compatible",
    "different": "different",
    "incomparable": "unknown",
}
_FAR_BEYOND_A_BOUND = 2.5
_LIKELY_ALTERNATIVE = 0.85
_NAMED_OUTRIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two answers relate; ``confidence`` 0..1 that it is so; ``reason`` for the trace."""

    relation: Relation
    confidence: float
    reason: str


def align(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """How two answers from different articles relate."""
    if first.quote == second.quote:
        return Verdict("same", 1.0, "equal wording")
    comparer = _COMPARERS.get(first.content.kind)
    if comparer is None or first.content.kind != second.content.kind:
        return Verdict("unknown", 0.0, "nothing typed to compare")
    return comparer(first, second, frame)


def _figures(first: Answer, second: Answer, frame: Frame) -> Verdict:
    relations = [
        (one, other, compare_quantities(one, other))
        for one in _candidate_quantities(first.content)
        for other in _candidate_quantities(second.content)
    ]
    for wanted in ("same", "compatible"):
        if any(
            relation == wanted and is_vague(one) == is_vague(other)
            for one, other, relation in relations
        ):
            return Verdict(wanted, 1.0, "the figures agree")
    one, other, relation = relations[0]
    if relation != "different" and (is_vague(one) or is_vague(other)):
        return Verdict("unknown", 0.0, "one figure is too vague")
    return Verdict(relation, 1.0, "the figures differ")


def _candidate_quantities(content: Content) -> tuple[Quantity, ...]:
    """The value, near-equal candidates of its sentence, and the sum where parts are added up."""
    found = [content.value, *content.others]
    likely = [
        figure.quantity
        for figure in found
        if isinstance(figure, Figure)
        and (figure.fit >= _LIKELY_ALTERNATIVE * content.fit or figure.quantity.is_additional)
    ]
    added = [quantity for quantity in likely if quantity.is_additional]
    if added:
        parts = [
            figure.quantity
            for figure in found
            if isinstance(figure, Figure) and figure.quantity.unit == added[0].unit
        ]
        likely.append(_sum(parts))
    return tuple(likely)


def _sum(parts: list[Quantity]) -> Quantity:
    from dataclasses import replace

    return replace(
        parts[0],
        value=sum(part.value for part in parts),
        low=sum(part.low for part in parts),
        high=sum(part.high for part in parts),
    )


def compare_quantities(first: Quantity, second: Quantity) -> Relation:
    """As ``compatible``; a bound that is exceeded many times over no longer covers a figure."""
    relation = _FROM_AGREEMENT[compatible(first, second)]
    if relation == "compatible" and _far_beyond(first, second):
        return "different"
    if relation == "unknown" and first.kind != second.kind and _both_sums(first, second):
        return _ratio(first, second)
    return relation


def _both_sums(first: Quantity, second: Quantity) -> bool:
    """Money named once with and once without its currency."""
    return {first.kind, second.kind} == {"money", "count"}


def _ratio(first: Quantity, second: Quantity) -> Relation:
    if first.low <= second.high and second.low <= first.high:
        return "compatible"
    return "different"


def _far_beyond(first: Quantity, second: Quantity) -> bool:
    for bound, other in ((first, second), (second, first)):
        is_floor = bound.hedge in ("at_least", "more_than")
        if is_floor and other.hedge not in ("at_most", "less_than", "at_least", "more_than"):
            return other.value > _FAR_BEYOND_A_BOUND * bound.value > 0
    return False


def _moments(first: Answer, second: Answer, frame: Frame) -> Verdict:
    clocks = _dates_of(first.content, clock=True), _dates_of(second.content, clock=True)
    days = _dates_of(first.content, clock=False), _dates_of(second.content, clock=False)
    by_clock, by_day = _best_relation(*clocks), _best_relation(*days)
    if "different" in (by_clock, by_day):
        vague = by_clock != "different" and _is_vague(days)
        return Verdict("different", 0.6 if vague else 1.0, "the dates differ")
    known = (
        by_day or by_clock or _best_relation(*(a + b for a, b in zip(clocks, days, strict=True)))
    )
    return Verdict(known or "unknown", 1.0 if known else 0.0, "the dates compared")


def _is_vague(days: tuple[tuple[DateMention, ...], tuple[DateMention, ...]]) -> bool:
    """One side only names a weekday or the like, which may date something else."""
    return any(
        all(mention.precision in ("weekday", "relative", "part_of_day") for mention in side)
        for side in days
    )


def _best_relation(
    first: tuple[DateMention, ...], second: tuple[DateMention, ...]
) -> Relation | None:
    """The most agreeing relation of any two dates, ``None`` when there are none to compare."""
    found = {_FROM_AGREEMENT[compatible_dates(one, other)] for one in first for other in second} - {
        "unknown"
    }
    return next((wanted for wanted in _FROM_AGREEMENT.values() if wanted in found), None)


def _dates_of(content: Content, *, clock: bool) -> tuple[DateMention, ...]:
    """The likely dates, or the likely times of day, of an answer."""
    found = [content.value, *content.others]
    least = _LIKELY_ALTERNATIVE * (0.5 if clock else 1.0) * content.fit
    return tuple(
        moment.date
        for moment in found
        if isinstance(moment, Moment)
        and moment.fit >= least
        and (moment.date.precision == "time") == clock
    )


def _sites(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = _all_sites(first.content), _all_sites(second.content)
    words = frozenset(word for site in one for word in site.words)
    other_words = frozenset(word for site in other for word in site.words)
    if first.article.language != second.article.language:
        return across_languages(words, other_words)
    if any(mentions(word, other_words) for word in words):
        return Verdict("same", 1.0, "a place is named by both")
    if country := _countries(words, other_words):
        return country
    if all(site.is_wide for site in one) or all(site.is_wide for site in other):
        return Verdict("compatible", 0.7, "a wide place may hold the exact one")
    crossing = _mentioned_in(words, second) or _mentioned_in(other_words, first)
    return Verdict("different", 0.5 if crossing else 1.0, "the places differ")


def _countries(first: frozenset[str], second: frozenset[str]) -> Verdict | None:
    """A country against a town: its own capital agrees, another's does not, others are unknown."""
    capitals: dict[str, str] = rules()["capitals"]
    countries = frozenset(capitals.values())
    for words, others in ((first, second), (second, first)):
        named = countries & words
        if not named or countries & others:
            continue
        homes = {capitals[word] for word in others if word in capitals}
        if not homes or homes & named:
            return Verdict("compatible", 0.7, "a country may hold the town")
        return Verdict("different", 0.9, "a town of another country")
    return None


def across_languages(first: frozenset[str], second: frozenset[str]) -> Verdict:
    """Compares words of two languages by the table of concepts."""
    if any(same_word(word, second) for word in first):
        return Verdict("same", 0.8, "a word or name is shared")
    one, other = concepts_of(first), concepts_of(second)
    if not one or not other:
        return Verdict("unknown", 0.0, "named in two languages, not in the table of concepts")
    if one & other:
        return Verdict("same", 0.8, "one concept in two languages")
    return Verdict("different", 0.7, "different concepts in two languages")


def _all_sites(content: Content) -> tuple[Site, ...]:
    return tuple(site for site in (content.value, *content.others) if isinstance(site, Site))


def _mentioned_in(words: frozenset[str], answer: Answer) -> bool:
    bag = word_bag(answer.article.text)
    return any(mentions(word, bag) for word in words if len(word) > 3)


def _agents(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if isinstance(one, Stance) and isinstance(other, Stance):
        return compare_sides(one.sides, other.sides)
    if not (isinstance(one, Agent) and isinstance(other, Agent)):
        return Verdict("unknown", 0.0, "no person or group")
    relation, confidence = same_agent(one, other, first.article, second.article)
    if relation == "different":
        crossed = _name_in(one, second) + _name_in(other, first)
        confidence *= (1.0, 0.85, 0.5)[crossed]
    return Verdict(relation, confidence, "who did it")


def _name_in(agent: Agent, answer: Answer) -> int:
    bag = word_bag(answer.article.text)
    return int(bool(agent.names) and mentions(fold(agent.names[-1]), bag))


def _causes(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Cause) and isinstance(other, Cause)):
        return Verdict("unknown", 0.0, "no cause")
    if first.article.language != second.article.language:
        return across_languages(one.words, other.words)
    if any(
        _share_stem(cause.words, rest) for cause, rest in ((one, other.words), (other, one.words))
    ):
        return Verdict("same", 0.9, "a word of the cause is shared")
    if is_general(one) or is_general(other):
        return Verdict("compatible", 0.5, "one cause is only named by its kind")
    if fields(one.words) & fields(other.words) and not (_is_exact(one) and _is_exact(other)):
        return Verdict("compatible", 0.5, "causes of one kind")
    named = sum(cause.fit >= _NAMED_OUTRIGHT for cause in (one, other))
    return Verdict("different", (0.4, 0.55, 0.9)[named], "the causes share nothing")


def _is_exact(cause: Cause) -> bool:
    return bool(cause.nouns) and cause.fit >= 0.8


def _share_stem(words: frozenset[str], others: frozenset[str]) -> bool:
    parts = frozenset(part for word in others for part in (word, *terms(word, "de")))
    return any(
        mentions(part, parts) for word in words for part in {stem_of(word), *terms(word, "de")}
    )


def _stances(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Stance) and isinstance(other, Stance)):
        return Verdict("unknown", 0.0, "no side taken")
    if one.answer and other.answer:
        certainty = min(one.certainty, other.certainty)
        if one.answer != other.answer:
            return Verdict("different", certainty, "one says yes, one says no")
        return Verdict("same", certainty, "both say the same")
    return compare_sides(one.sides, other.sides)


def compare_sides(first: tuple[Side, ...], second: tuple[Side, ...]) -> Verdict:
    """Opposite sides on one topic; agreement on another topic takes the sureness away."""
    opposed, agreed = 0.0, 0.0
    for one in first:
        for other in second:
            closeness = topic_closeness(one.topic, other.topic)
            if not closeness:
                continue
            weight = min(one.weight, other.weight) * closeness
            if one.sign != other.sign:
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
    signs = [{side.sign for side in sides if side.weight >= 0.6} for sides in (first, second)]
    if len(signs[0]) == 1 and len(signs[1]) == 1 and signs[0] != signs[1]:
        return Verdict("different", 0.45, "one turns out well, one badly")
    return Verdict("unknown", 0.0, "sides on different topics")


def _said(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Said) and isinstance(other, Said)):
        return Verdict("unknown", 0.0, "nobody is quoted")
    shared = len(one.content & other.content) / max(1, min(len(one.content), len(other.content)))
    by_side = compare_sides(one.sides, other.sides)
    if by_side.relation == "different" and by_side.confidence >= 0.5:
        return Verdict("different", by_side.confidence, "the words take opposite sides")
    if one.language == other.language and shared >= 0.5:
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


_COMPARERS: dict[str, Callable[[Answer, Answer, Frame], Verdict]] = {
    "number": _figures,
    "duration": _figures,
    "date": _moments,
    "place": _sites,
    "who": _agents,
    "cause": _causes,
    "negation": _stances,
    "outcome": _stances,
    "wording": _said,
}
