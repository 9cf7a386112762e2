"""Compares figures, durations, dates and times of day that answer one question."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from rag.compare.answers import Answer
from rag.compare.contents import Content
from rag.compare.figures import Figure, is_vague
from rag.compare.frame import Frame
from rag.compare.implied import UNTIL
from rag.compare.verdict import Relation, Verdict
from rag.compare.when import Moment
from rag.language.dates import DateMention, compatible_dates
from rag.language.quantities import quantities
from rag.language.quantity_values import Quantity, compatible

_FROM_AGREEMENT: dict[str, Relation] = {
    "equal": "same",
    "compatible": "compatible",
    "different": "different",
    "incomparable": "unknown",
}
_SOON = timedelta(days=42)
_LONG, _SOON_OF_ERAS = timedelta(days=300), timedelta(days=5500)
"""„nach dem Zweiten Weltkrieg“ is soon enough fifteen years later."""
_AGREEING: tuple[Relation, ...] = ("same", "compatible")
_FAR_BEYOND_A_BOUND = 2.5
_UNSAID_START = 2.0
_TIMES_APART = ((100.0, 0.3), (20.0, 0.55), (10.0, 0.8))
_LIKELY_ALTERNATIVE = 0.85
_PART_OF_SUM = 0.5
_ONLY_COMPATIBLE = 0.7
"""„kommende Woche“ holds Monday and Wednesday alike."""
_SEQUEL = re.compile(
    r"\b(?:danach|anschließend|im anschluss|dann|darauf|then|afterwards|followed by)\b",
    re.IGNORECASE,
)
"""„zunächst anderthalb Stunden, danach eine Stunde unter vier Augen“ adds up."""


def align_figures(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """Whether the figures of two answers can both be right."""
    relations = [
        (one, other, compare_quantities(one, other))
        for one in _candidate_quantities(first)
        for other in _candidate_quantities(second)
    ]
    for wanted in _AGREEING:
        if any(
            relation == wanted and is_vague(one) == is_vague(other)
            for one, other, relation in relations
        ):
            return Verdict(wanted, 1.0, "the figures agree")
    one, other, relation = relations[0]
    if relation != "different" and (is_vague(one) or is_vague(other)):
        return Verdict("unknown", 0.0, "one figure is too vague")
    return Verdict(relation, _by_size(one, other), "the figures differ")


def _by_size(first: Quantity, second: Quantity) -> float:
    """How sure figures that differ are of one thing: less where one is many times the other."""
    low, high = sorted((abs(first.value), abs(second.value)))
    if not low:
        return 1.0
    return next((sure for times, sure in _TIMES_APART if high > times * low), 1.0)


def _candidate_quantities(answer: Answer) -> tuple[Quantity, ...]:
    """The value, near-equal candidates of its sentence, and the sum where parts are added up."""
    content = answer.content
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
    elif content.kind == "duration" and _SEQUEL.search(answer.quote):
        parts = [f.quantity for f in found if isinstance(f, Figure) and f.fit >= _PART_OF_SUM]
        likely += [_sum(parts)] if len(parts) > 1 else []
    return tuple(likely)


def _sum(parts: list[Quantity]) -> Quantity:
    return replace(
        parts[0],
        value=sum(part.value for part in parts),
        low=sum(part.low for part in parts),
        high=sum(part.high for part in parts),
    )


def compare_quantities(first: Quantity, second: Quantity) -> Relation:
    """As ``compatible``; a bound that is exceeded many times over no longer covers a figure."""
    if (first.dimension == UNTIL) != (second.dimension == UNTIL):
        return _by_its_end(first, second)
    relation = _FROM_AGREEMENT[compatible(first, second)]
    if relation == "compatible" and _far_beyond(first, second):
        return "different"
    is_one_measure = _times_counted(first, second) or (
        first.kind != second.kind and _both_sums(first, second)
    )
    if relation == "unknown" and is_one_measure:
        return _ratio(first, second)
    return relation


def _by_its_end(first: Quantity, second: Quantity) -> Relation:
    """„bis Ende August“ against „sechs Wochen“: when it began is not said."""
    if first.unit != second.unit:
        return "unknown"
    low, high = sorted((first, second), key=lambda quantity: quantity.value)
    return "different" if low.high * _UNSAID_START < high.low else "compatible"


def _both_sums(first: Quantity, second: Quantity) -> bool:
    """Money named once with and once without its currency."""
    return {first.kind, second.kind} == {"money", "count"}


def _times_counted(first: Quantity, second: Quantity) -> bool:
    """„Fünf Medaillen“, „achtmal standen sie auf dem Treppchen“: both count."""
    return {first.unit, second.unit} == {None, "times"}


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


def align_numbers_asked(first: Answer, second: Answer, frame: Frame) -> Verdict | None:
    """A yes-no question about a figure ("Did six trains …?"): the figures of its measure decide."""
    asked = [q for q in quantities(frame.question.text, frame.language) if not q.ordinal]
    if not asked:
        return None
    pairs = [
        compare_quantities(one, other)
        for one in quantities(first.quote, first.article.language)
        for other in quantities(second.quote, second.article.language)
        if same_measure(one, asked[0]) and same_measure(other, asked[0])
    ]
    if pairs and all(relation == "different" for relation in pairs):
        return Verdict("different", 0.9, "the figures asked about differ")
    return None


def align_moments(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """Whether the dates and the times of day of two answers can both be right."""
    clocks = _dates_of(first.content, clock=True), _dates_of(second.content, clock=True)
    days = _dates_of(first.content, clock=False), _dates_of(second.content, clock=False)
    by_clock, by_day = _best_relation(*clocks), _best_relation(*days)
    if "different" in (by_clock, by_day):
        vague = by_clock != "different" and _is_vague(days)
        return Verdict("different", 0.6 if vague else 1.0, "the dates differ")
    known = (
        by_day or by_clock or _best_relation(*(a + b for a, b in zip(clocks, days, strict=True)))
    )
    sure = 1.0 if known == "same" else _ONLY_COMPATIBLE if known else 0.0
    return Verdict(known or "unknown", sure, "the dates compared")


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
    found = {
        _FROM_AGREEMENT[compatible_dates(_bounded(one), _bounded(other))]
        for one in first
        for other in second
    } - {"unknown"}
    return next((wanted for wanted in _FROM_AGREEMENT.values() if wanted in found), None)


def _bounded(mention: DateMention) -> DateMention:
    """„ab Mai“ says when it begins, „nach Ostern“ soon after: neither leaves later days open."""
    if mention.start is None or mention.end is None:
        return mention
    first, last = date.fromisoformat(mention.start), date.fromisoformat(mention.end)
    if mention.bound == "from":
        return replace(mention, bound="at")
    soon = _SOON if last - first < _LONG else _SOON_OF_ERAS
    if mention.bound == "after":
        return replace(mention, bound="at", end=(last + soon).isoformat())
    if mention.bound == "before":
        return replace(mention, bound="at", start=(first - soon).isoformat())
    return mention


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


def same_measure(first: Quantity, second: Quantity) -> bool:
    """Whether two figures measure in one unit, or count the same things."""
    if first.unit != second.unit or first.kind != second.kind:
        return False
    if first.unit is not None:
        return first.dimension == second.dimension or not (first.dimension and second.dimension)
    if not first.counted_stem or not second.counted_stem:
        return False
    return first.counted_stem == second.counted_stem
