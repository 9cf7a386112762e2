"""Joins amounts that belong together: „zwei Stunden und 15 Minuten“, „von 37 auf 23“."""

from __future__ import annotations

from dataclasses import replace

from rag.language.lexicon import lexicon
from rag.language.numerals import Numeral
from rag.language.quantity_context import UnitFound
from rag.language.quantity_values import Quantity, kind_of
from rag.language.words import Word, lower_at

_AND_A_HALF = ["and", "a", "half"]


def append_joined(
    text: str, found: tuple[Word, ...], listed: list[Quantity], quantity: Quantity
) -> None:
    """Adds a quantity; joins composite times and marks the old value of a change."""
    if listed:
        before = listed[-1]
        between = text[before.end_char : quantity.start_char].strip().lower()
        if between in ("und", "", ",", "and") and _is_smaller_unit(before, quantity):
            listed[-1] = _composite(text, before, quantity)
            return
        if between in ("auf", "to") and _is_announced(found, before):
            unit = before.unit or quantity.unit
            listed[-1] = replace(
                before,
                is_former=True,
                unit=unit,
                kind=kind_of(unit),
                counted=before.counted or quantity.counted,
                counted_stem=before.counted_stem or quantity.counted_stem,
            )
    listed.append(quantity)


def _is_announced(found: tuple[Word, ...], quantity: Quantity) -> bool:
    before = [word.lower for word in found if word.end_char <= quantity.start_char]
    return bool(before) and before[-1] in ("von", "from")


def _is_smaller_unit(first: Quantity, second: Quantity) -> bool:
    """Whether „15 Minuten“ goes on with „zwei Stunden“: time, a smaller unit, no new hedge."""
    is_time = first.unit == second.unit == "min" and second.hedge == "exact"
    if not is_time or first.hedge == "range" or second.is_additional:
        return False
    return _unit_minutes(second) < _unit_minutes(first)


def _unit_minutes(quantity: Quantity) -> float:
    minutes = lexicon("units")["units"]["min"]
    sizes = [minutes[word] for word in quantity.text.lower().split() if word in minutes]
    return float(sizes[-1]) if sizes else 0.0


def _composite(text: str, first: Quantity, second: Quantity) -> Quantity:
    return replace(
        first,
        end_char=second.end_char,
        text=text[first.start_char : second.end_char],
        value=first.value + second.value,
        low=first.low + second.value,
        high=first.high + second.value,
        digits=max(first.digits + 1, second.digits),
    )


def with_half_behind(
    found: tuple[Word, ...], numeral: Numeral, unit: UnitFound
) -> tuple[Numeral, UnitFound]:
    """The half that English puts behind the unit: "an hour and a half"."""
    if [lower_at(found, unit.last + at) for at in range(3)] != _AND_A_HALF:
        return numeral, unit
    value = numeral.value + 0.5
    return numeral._replace(value=value, low=value, high=value), unit._replace(last=unit.last + 3)
