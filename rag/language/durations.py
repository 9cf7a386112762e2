"""Lengths of time a sentence states, as minutes, and their sum."""

from __future__ import annotations

from dataclasses import replace

from rag.language.quantities import Quantity, quantities
from rag.types import Language


def durations(text: str, language: Language) -> tuple[Quantity, ...]:
    """The lengths of time of a sentence in minutes; no ages and no „vor zwei Jahren“."""
    return tuple(quantity for quantity in quantities(text, language) if quantity.kind == "duration")


def total_duration(parts: tuple[Quantity, ...]) -> Quantity | None:
    """The sum of a length of time and those added to it („danach weitere eine Stunde“).

    ``None`` where nothing is added: then each stands for itself.
    """
    if not parts or not any(part.is_additional for part in parts[1:]):
        return None
    summed = [parts[0], *(part for part in parts[1:] if part.is_additional)]
    is_open = any(part.high == float("inf") for part in summed)
    return replace(
        parts[0],
        value=sum(part.value for part in summed),
        low=sum(part.low for part in summed),
        high=float("inf") if is_open else sum(part.high for part in summed),
        digits=max(part.digits for part in summed),
    )
