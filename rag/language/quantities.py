"""Amounts a sentence states, with unit, hedge and what they count."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rag.language.dates import dates
from rag.language.lexicon import lexicon, word_set
from rag.language.number_labels import COMPACT_SCALES, is_label
from rag.language.numerals import Numeral, read_numeral
from rag.language.quantity_adjectives import AdjectiveAmount, after_digits, in_word
from rag.language.quantity_context import (
    Hedge,
    UnitFound,
    counted_after,
    counted_before,
    currency_before,
    hedge_after,
    hedge_before,
    stem,
    unit_after,
)
from rag.language.quantity_joins import append_joined, with_half_behind
from rag.language.quantity_values import (
    Agreement,
    Quantity,
    QuantityKind,
    bounds,
    compatible,
    kind_of,
)
from rag.language.words import Word, lower_at, words
from rag.types import Language

__all__ = ["Agreement", "Hedge", "Quantity", "QuantityKind", "compatible", "quantities"]


_SCORE = re.compile(r"(\d{1,3}):(\d{1,3})$")


class _Amount(NamedTuple):
    """A number with its unit, before hedge and counted noun are looked for."""

    numeral: Numeral
    first: int
    last: int
    unit: str | None
    factor: float
    dimension: str | None = None
    counted: str | None = None
    is_range: bool = False


@lru_cache(maxsize=4096)
def quantities(text: str, language: Language) -> tuple[Quantity, ...]:
    """All amounts of a sentence in order; no dates, years, clock times or paragraph numbers."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    blocked = [(mention.start_char, mention.end_char) for mention in dates(text, language)]
    listed: list[Quantity] = []
    index = 0
    while index < len(found):
        if any(start <= found[index].start_char < end for start, end in blocked):
            index += 1
            continue
        quantity, index = _quantity_at(text, found, index, tongue)
        if quantity is not None:
            append_joined(text, found, listed, quantity)
    return tuple(listed)


def _quantity_at(
    text: str, found: tuple[Word, ...], index: int, tongue: str
) -> tuple[Quantity | None, int]:
    word = found[index]
    if _SCORE.match(word.text):
        return _score(text, word), index + 1
    numeral = read_numeral(found, index, "en" if tongue == "en" else "de")
    adjective = in_word(found, index, tongue) if numeral is None else None
    if numeral is not None:
        adjective = after_digits(found, numeral, tongue)
    if adjective is not None:
        return _finished(text, found, _from_adjective(adjective), tongue), adjective.last
    if numeral is None:
        return None, index + 1
    if is_label(found, numeral):
        return None, numeral.last
    if numeral.form == "ordinal" or lower_at(found, index - 1) in word_set("labels", "rank"):
        return _ordinal(text, found, numeral, tongue), numeral.last
    amount = _measured(found, numeral, tongue)
    if amount is None:
        return None, numeral.last
    return _finished(text, found, amount, tongue), max(numeral.last, amount.last)


def _from_adjective(adjective: AdjectiveAmount) -> _Amount:
    digits = 1 if adjective.value.is_integer() else 2
    numeral = Numeral(adjective.first, adjective.last, adjective.value, adjective.value,
                      adjective.value, digits, "number")  # fmt: skip
    return _Amount(numeral, adjective.first, adjective.last, adjective.unit, adjective.factor,
                   counted=adjective.counted)  # fmt: skip


def _measured(found: tuple[Word, ...], numeral: Numeral, tongue: str) -> _Amount | None:
    money = currency_before(found, numeral.first)
    span = _range(found, numeral, tongue)
    numeral = span or numeral
    last, scale = numeral.last, 1.0
    if money is not None:
        if lower_at(found, last) in COMPACT_SCALES:
            scale, last = COMPACT_SCALES[lower_at(found, last)], last + 1
        return _Amount(numeral, money.last, last, money.unit, money.factor * scale,
                       is_range=span is not None)  # fmt: skip
    unit = unit_after(found, last, found[last - 1].is_number)
    if numeral.form in ("article", "zero") and not _is_meant(found, numeral, unit, tongue):
        return None
    if numeral.form == "share":
        return _Amount(numeral, numeral.first, last, "%", 1.0)
    if unit is None:
        is_age = _is_bare_age(found, numeral.first)
        return _Amount(numeral, numeral.first, last, "age" if is_age else None, 1.0,
                       is_range=span is not None)  # fmt: skip
    numeral, unit = with_half_behind(found, numeral, unit)
    return _Amount(numeral, numeral.first, unit.last, unit.unit, unit.factor, unit.dimension,
                   is_range=span is not None)  # fmt: skip


def _is_meant(
    found: tuple[Word, ...], numeral: Numeral, unit: UnitFound | None, tongue: str
) -> bool:
    """Whether „ein“, „kein“ or „halb“ is an amount here: before a unit or a person."""
    if unit is not None and numeral.form == "article":
        return True
    if _is_nobody(found, numeral.first, tongue):
        return True
    noun = counted_after(found, numeral.last, tongue)
    is_person = noun is not None and noun.text.lower() in word_set("functions", "persons")
    return is_person and numeral.value in (0.0, 1.0)


def _is_bare_age(found: tuple[Word, ...], index: int) -> bool:
    """„im Alter von 38“, „at the age of 38“, „aged 38“."""
    before, noun = lower_at(found, index - 1), lower_at(found, index - 2)
    return before == "aged" or (before in ("von", "of") and noun in ("alter", "age", "ages"))


def _is_nobody(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    pair = (found[index].lower, lower_at(found, index + 1))
    return pair[0] in lexicon("numbers")[f"{tongue}_nobody"] or pair == ("no", "one")


def _range(found: tuple[Word, ...], low: Numeral, tongue: str) -> Numeral | None:
    """„3 bis 5 Millionen“, „zwischen 10 und 12“: the first number takes the second one's scale."""
    if low.form != "number" or low.last + 1 >= len(found):
        return None
    before, between = lower_at(found, low.first - 1), found[low.last].lower
    is_between = (before, between) in (("zwischen", "und"), ("between", "and"))
    is_change = before == "from" and any(
        word.lower in word_set("hedges", "english_changes") for word in found
    )
    if is_change or not (is_between or between in ("bis", "-", "–", "to", "oder", "or")):
        return None
    at = low.last + 1 + (lower_at(found, low.last + 1) == "zu")
    high = read_numeral(found, at, "en" if tongue == "en" else "de") if at < len(found) else None
    if high is None or high.form != "number":
        return None
    value = low.value * _scale_left_out(found, low, high, tongue)
    if not value < high.value:
        return None
    first = low.first - 1 if is_between else low.first
    return Numeral(first, high.last, value, value, high.value, max(low.digits, high.digits),
                   "number")  # fmt: skip


def _scale_left_out(found: tuple[Word, ...], low: Numeral, high: Numeral, tongue: str) -> float:
    """What „3“ lacks in „3 bis 5 Millionen“."""
    if low.last - low.first > 1:
        return 1.0
    bare = read_numeral(found[high.first : high.first + 1], 0, "en" if tongue == "en" else "de")
    scale = high.value / bare.value if bare is not None and bare.value else 1.0
    return scale if low.value * scale < high.value else 1.0


def _finished(text: str, found: tuple[Word, ...], amount: _Amount, tongue: str) -> Quantity:
    numeral = amount.numeral
    is_negative = amount.unit is not None and lower_at(found, amount.first - 1) == "minus"
    if is_negative:
        amount = amount._replace(first=amount.first - 1)
    before = hedge_before(found, amount.first, tongue, is_measured=amount.unit is not None)
    behind = None if before else hedge_after(found, amount.last)
    hedge = before.hedge if before else behind[0] if behind else _own_hedge(found, amount)
    inside: dict[str, Hedge] = lexicon("hedges")["between_hedges"]
    if hedge == "exact" and amount.unit == "min":
        hedge = inside.get(lower_at(found, numeral.last), hedge)
    first, last = before.first if before else amount.first, behind[1] if behind else amount.last
    start, end = found[first].start_char, found[last - 1].end_char
    low, high = bounds(
        round(numeral.low * amount.factor, 6),
        round(numeral.high * amount.factor, 6),
        hedge,
        numeral.digits,
        bool(before and before.is_just_over),
    )
    value = round(numeral.value * amount.factor, 6)
    if is_negative:
        value, low, high = -value, *_mirrored(low, high, hedge)
    counted = amount.counted or _counted(found, amount, tongue)
    additional = word_set("hedges", "additional")
    return Quantity(
        start_char=start,
        end_char=end,
        text=text[start:end],
        value=value,
        low=low,
        high=high,
        kind=kind_of(amount.unit),
        unit=amount.unit,
        hedge=hedge,
        digits=numeral.digits,
        counted=counted,
        counted_stem=stem(counted, tongue) if counted else None,
        dimension=amount.dimension,
        is_weak=numeral.form in ("article", "zero") and amount.unit is None,
        is_additional=lower_at(found, amount.first - 1) in additional
        or lower_at(found, numeral.last) in additional,
    )


def _mirrored(low: float, high: float, hedge: Hedge) -> tuple[float, float]:
    """Below zero: „unter minus 20 Grad“ is anything colder."""
    if hedge in ("at_most", "less_than"):
        return float("-inf"), -high
    if hedge in ("at_least", "more_than"):
        return -low, float("inf")
    return -high, -low


def _own_hedge(found: tuple[Word, ...], amount: _Amount) -> Hedge:
    """The hedge a number carries itself: „Hunderte“, „zwei Dutzend“, „ein Drittel“."""
    if amount.is_range or amount.numeral.form == "vague":
        return "range"
    spoken = {found[at].lower for at in range(amount.first, amount.last)}
    is_fraction = amount.numeral.form == "share" and not amount.numeral.value.is_integer()
    return "about" if is_fraction or spoken & {"dutzend", "dozen"} else "exact"


def _counted(found: tuple[Word, ...], amount: _Amount, tongue: str) -> str | None:
    if kind_of(amount.unit) in ("money", "age", "duration") or amount.unit == "times":
        return None
    at = amount.last
    if amount.numeral.form == "vague" and lower_at(found, at) in ("von", "an"):
        at += 1
    if amount.numeral.form == "zero" and _is_nobody(found, amount.first, tongue):
        return None
    noun = counted_after(found, at, tongue)
    if noun is None and amount.unit is None:
        noun = counted_before(found, amount.first)
    return noun.text if noun else None


def _ordinal(text: str, found: tuple[Word, ...], numeral: Numeral, tongue: str) -> Quantity | None:
    first, after = found[numeral.first], found[min(numeral.last, len(found) - 1)]
    is_name = first.is_capitalised or (after.text.isupper() and 1 < len(after.text) <= 4)
    if is_name or numeral.first == 0:
        return None
    noun = counted_after(found, numeral.last, tongue)
    start, end = first.start_char, found[numeral.last - 1].end_char
    return Quantity(
        start_char=start,
        end_char=end,
        text=text[start:end],
        value=numeral.value,
        low=numeral.value,
        high=numeral.value,
        kind="ordinal",
        digits=numeral.digits,
        counted=noun.text if noun else None,
        counted_stem=stem(noun.text, tongue) if noun else None,
    )


def _score(text: str, word: Word) -> Quantity | None:
    match = _SCORE.match(word.text)
    if match is None:
        return None
    goals = (int(match[1]), int(match[2]))
    return Quantity(
        start_char=word.start_char,
        end_char=word.end_char,
        text=text[word.start_char : word.end_char],
        value=goals[0],
        low=goals[0],
        high=goals[0],
        kind="score",
        score=goals,
    )
