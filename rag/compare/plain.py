"""Whether two sentences contradict each other when no question says what matters."""

from __future__ import annotations

from dataclasses import dataclass

from rag.compare.amounts import compare_quantities, same_measure
from rag.compare.claims import SentenceClaims, sides_in
from rag.compare.frame import same_word
from rag.compare.verdict import Verdict
from rag.language.dates import DateMention, compatible_dates
from rag.language.quantity_values import Quantity
from rag.types import DisagreementKind

MIN_SHARED = 0.5
_MIN_SHARED_FOR_SIDES = 0.6
_MIN_WORDS = 3
_CLEAR_SIDE = 0.8
_MOST_TIMES_APART = 4


@dataclass(frozen=True, slots=True)
class PlainDifference:
    """Two sentences that say the same but for one value."""

    kind: DisagreementKind
    first: str
    second: str
    confidence: float


def compare_claims(
    first: SentenceClaims, second: SentenceClaims, *, min_shared: float = MIN_SHARED
) -> PlainDifference | None:
    """The one typed value in which two otherwise alike sentences differ, if there is one."""
    if first.language != second.language or first.text == second.text:
        return None
    shared = shared_words(first, second)
    if shared < min_shared or len(first.words & second.words) < _MIN_WORDS:
        return None
    if _names_differ(first, second) or _dates_differ(first, second):
        return None
    if _sides_differ(first, second):
        return _sides(first, second, shared) if shared >= _MIN_SHARED_FOR_SIDES else None
    return _figures(first, second, shared)


def shared_words(first: SentenceClaims, second: SentenceClaims) -> float:
    """Share of the smaller sentence's words that the other one has, too."""
    smaller = min(len(first.words), len(second.words))
    return len(first.words & second.words) / smaller if smaller else 0.0


def _names_differ(first: SentenceClaims, second: SentenceClaims) -> bool:
    """Each names something the other does not: two events, two groups, two places."""
    only_first = [name for name in first.names if not same_word(name, second.names)]
    only_second = [name for name in second.names if not same_word(name, first.names)]
    return bool(only_first) and bool(only_second)


def _dates_differ(first: SentenceClaims, second: SentenceClaims) -> bool:
    days = [[d for d in claims.dates if d.precision != "time"] for claims in (first, second)]
    if not days[0] and not days[1]:
        return False
    return not any(_agree(one, other) for one in days[0] for other in days[1]) and bool(
        days[0] and days[1]
    )


def _agree(first: DateMention, second: DateMention) -> bool:
    return compatible_dates(first, second) in ("equal", "compatible")


def _sides_differ(first: SentenceClaims, second: SentenceClaims) -> bool:
    signs: dict[str, set[int]] = {}
    for side in (*sides_in(first), *sides_in(second)):
        if side.weight >= _CLEAR_SIDE:
            signs.setdefault(side.topic, set()).add(side.sign)
    return any(len(found) > 1 for found in signs.values())


def _figures(
    first: SentenceClaims, second: SentenceClaims, shared: float
) -> PlainDifference | None:
    """One figure each of one measure that differs, while every other figure agrees."""
    pairs = [
        (one, other)
        for one in first.figures
        for other in second.figures
        if same_measure(one, other)
    ]
    if not pairs or len(first.figures) != len(second.figures):
        return None
    differing = [
        (one, other) for one, other in pairs if compare_quantities(one, other) == "different"
    ]
    agreeing = {
        quantity
        for one, other in pairs
        if compare_quantities(one, other) in ("same", "compatible")
        for quantity in (one, other)
    }
    left = [(one, other) for one, other in differing if not {one, other} & agreeing]
    if len(left) != 1:
        return None
    one, other = left[0]
    if not _plausible(one, other):
        return None
    kind: DisagreementKind = "duration" if one.kind == "duration" else "number"
    return PlainDifference(kind, one.text, other.text, shared)


def _plausible(first: Quantity, second: Quantity) -> bool:
    """Figures many times apart measure different things far more often than they contradict."""
    low, high = sorted((abs(first.value), abs(second.value)))
    return 0 < high <= _MOST_TIMES_APART * low


def _sides(first: SentenceClaims, second: SentenceClaims, shared: float) -> PlainDifference | None:
    """Opposite sides on one topic in the same words, or one of two equal sentences negated."""
    for one in sides_in(first):
        if any(side.topic == one.topic and side.sign == one.sign for side in sides_in(second)):
            continue
        for other in sides_in(second):
            if one.topic != other.topic or min(one.weight, other.weight) < _CLEAR_SIDE:
                continue
            if any(side.topic == one.topic and side.sign == other.sign for side in sides_in(first)):
                continue
            return PlainDifference(
                "negation",
                first.text[one.start_char : one.end_char],
                second.text[other.start_char : other.end_char],
                shared * min(one.weight, other.weight),
            )
    return None


def as_verdict(difference: PlainDifference | None) -> Verdict:
    """A difference in the words of ``align``."""
    if difference is None:
        return Verdict("unknown", 0.0, "no typed difference in equal words")
    return Verdict("different", difference.confidence, f"the {difference.kind} differs")
