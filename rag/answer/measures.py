"""Which amounts could answer: money for "Was kostete", a count for "Wie viele Soldaten"."""

from __future__ import annotations

from functools import lru_cache

from rag.language.quantities import Quantity, QuantityKind, quantities
from rag.language.questions import Asked
from rag.types import Language

_OTHER_KIND = 0.2
"""What an amount of another kind is still worth: units are left out, and read wrongly at times."""
_NEAR_KIND = 0.6
_NEAR: frozenset[tuple[QuantityKind, QuantityKind]] = frozenset(
    {
        ("count", "count"),  # how often? 6 million times, without "times"
        ("count", "share"),  # how many people? two thirds
        ("count", "score"),
        ("money", "count"),  # "14 Millionen" without the currency
        ("age", "duration"),
        ("age", "count"),
        ("share", "count"),
        ("measure", "count"),
    }
)


def fit_of_amount(amount: Quantity, asked: Asked, language: Language) -> float:
    """0..1: how well an amount's kind is the one asked for; 1 where the question does not say."""
    wanted = _wanted(asked.units, language)
    if not wanted:
        return 1.0
    if (amount.kind, _unit(amount)) in wanted:
        return 1.0
    kinds = {kind for kind, _ in wanted}
    is_near = _unit(amount) != "times" and any((kind, amount.kind) in _NEAR for kind in kinds)
    return _NEAR_KIND if is_near else _OTHER_KIND


@lru_cache(maxsize=512)
def _wanted(
    units: frozenset[str], language: Language
) -> frozenset[tuple[QuantityKind, str | None]]:
    """The kinds of amounts, with the unit of a measure, that the words of ``units`` measure."""
    found = {
        (amount.kind, _unit(amount))
        for unit in units
        for amount in (*quantities(f"5 {unit}", language), *quantities(f"5-{unit}", language))
        if not amount.is_weak and amount.kind != "ordinal"
    }
    measured = {each for each in found if each != ("count", None)}
    # "Euro" also stands beside counted nouns ("Millionen"); a unit decides where there is one.
    return frozenset(measured or found)


def _unit(amount: Quantity) -> str | None:
    """Only a measure's unit, and "times", tell what is measured: 2 km is no answer to how warm."""
    return amount.unit if amount.kind == "measure" or amount.unit == "times" else None
