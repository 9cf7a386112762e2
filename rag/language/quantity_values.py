"""The value of an amount: what its hedge allows, and whether two amounts agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.language.lexicon import lexicon, word_set
from rag.language.quantity_context import Hedge

QuantityKind = Literal["count", "measure", "duration", "money", "share", "age", "score", "ordinal"]
Agreement = Literal["equal", "compatible", "different", "incomparable"]
_ROUNDING = 0.02
_CONVERSION = 0.04  # „50 miles“ is 80,5 Kilometer, and called 80
_CALENDAR_SLACK = 0.02  # a month is 30.44 days, so „ein Monat“ is about „30 Tage“


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount in ``text[start_char:end_char]`` (hedge, number and unit; not the counted noun).

    ``value`` is the number as written, ``low`` and ``high`` what its hedge allows, all in the base
    unit (2,3 Kilometer: 2300 m; two hours: 120 min; shares in %). ``digits`` are the significant
    digits written. ``counted`` is the noun, ``dimension`` a word such as „hoch“. ``is_weak``: the
    number is only an article or „kein“. ``is_former``: the old value of a change („von 37 auf
    23“). ``is_additional``: „eine weitere Stunde“. ``score`` is set for „3:1“ alone.
    """

    start_char: int
    end_char: int
    text: str
    value: float
    low: float
    high: float
    kind: QuantityKind
    unit: str | None = None
    hedge: Hedge = "exact"
    digits: int = 1
    counted: str | None = None
    counted_stem: str | None = None
    dimension: str | None = None
    is_weak: bool = False
    is_former: bool = False
    is_additional: bool = False
    score: tuple[int, int] | None = None

    @property
    def ordinal(self) -> bool:
        """Whether it is a rank or an ordinal, no amount."""
        return self.kind == "ordinal"


def kind_of(unit: str | None) -> QuantityKind:
    """What an amount of this unit is."""
    if unit is None or unit == "times":
        return "count"
    if unit in lexicon("units")["currencies"]:
        return "money"
    named: dict[str, QuantityKind] = {"%": "share", "pp": "share", "age": "age", "min": "duration"}
    return named.get(unit, "measure")


def bounds(
    low: float, high: float, hedge: Hedge, digits: int, is_just_over: bool = False
) -> tuple[float, float]:
    """What a hedged number allows: „rund 600“ is 550 to 650, „mindestens 30“ has no upper end."""
    if hedge == "about" and low == high:
        slack = tolerance(low, digits)
        return round(low - slack, 6), round(high + slack, 6)
    if is_just_over:
        return low, round(high * 1.2, 6)
    if hedge == "nearly":
        return round(low * 0.85, 6), high
    if hedge in ("at_least", "more_than"):
        return low, float("inf")
    if hedge in ("at_most", "less_than"):
        return 0.0, high
    return low, high


def tolerance(value: float, digits: int) -> float:
    """How far „rund“ may be off: half a unit of the last digit, between 5 % and 10 %."""
    size = abs(value)
    magnitude = len(str(int(size))) if size >= 1 else 0
    half_unit = 10.0 ** max(magnitude - digits, -2) / 2
    return float(min(max(half_unit, 0.05 * size), 0.1 * size))


def compatible(first: Quantity, second: Quantity) -> Agreement:
    """Whether two amounts can both be right; says nothing on whether they measure the same.

    „49.870“ and „rund 50.000“ are equal, „mindestens 30“ and „34“ compatible, „rund 600“ and
    „etwa 1.800“ different, metres and euros incomparable; „50 miles“ is „80 Kilometer“.
    """
    found = _as_written(first, second)
    return "equal" if found == "different" and _is_converted(first, second) else found


def _as_written(first: Quantity, second: Quantity) -> Agreement:
    if first.kind != second.kind or first.unit != second.unit:
        return "incomparable"
    if first.score is not None and second.score is not None:
        # The same result is written from either side's view.
        same = sorted(first.score) == sorted(second.score)
        return "equal" if same else "different"
    if (first.value, first.low, first.high) == (second.value, second.low, second.high):
        return "equal"
    if first.hedge == "exact" and second.hedge == "exact":
        return "equal" if _is_rounding(first, second) else "different"
    if first.hedge == "about" and second.hedge == "about":
        return "equal" if _near(first, second) else "different"
    if first.low > second.high or second.low > first.high:
        return "different"
    is_point = {first.hedge, second.hedge} <= {"exact", "about", "nearly"}
    return "equal" if is_point else "compatible"


def _near(first: Quantity, second: Quantity) -> bool:
    reach = max(first.high - first.value, second.high - second.value)
    return abs(first.value - second.value) <= reach


def _is_rounding(first: Quantity, second: Quantity) -> bool:
    """Whether one number is the other one rounded: 2.314 m and 2,3 km, not 12 and 13."""
    gap = abs(first.value - second.value)
    largest = max(abs(first.value), abs(second.value))
    if first.kind == "duration" and gap <= _CALENDAR_SLACK * largest:
        return True
    coarse, fine = sorted((first, second), key=lambda quantity: quantity.digits)
    if coarse.digits == fine.digits:
        return False
    return gap <= _ROUNDING * largest and (coarse.unit is not None or largest >= 100)


def _is_converted(first: Quantity, second: Quantity) -> bool:
    """One is told in miles, feet, pounds and the like, and the other is near it."""
    converted = word_set("units", "converted")
    told = [set(q.text.lower().replace("-", " ").split()) & converted for q in (first, second)]
    gap = abs(first.value - second.value)
    largest = max(abs(first.value), abs(second.value))
    return bool(told[0]) != bool(told[1]) and gap <= _CONVERSION * largest
