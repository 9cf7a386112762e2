"""Figures that count only some of what another counts, by what they are counted under."""

from __future__ import annotations

from rag.compare.answers import Answer
from rag.compare.figures import Figure
from rag.compare.frame import Frame, mentions
from rag.language.folding import fold


def part_by_kind(part: Answer, whole: Answer, frame: Frame) -> str | None:
    """„140 Sozialwohnungen“ of „460 Wohnungen“, „480 Bewerberinnen“: some of what is asked for."""
    values = (part.content.value, whole.content.value)
    if not (isinstance(values[0], Figure) and isinstance(values[1], Figure)):
        return None
    one, other = values[0].quantity, values[1].quantity
    if not (one.counted and other.counted and one.high < other.low):
        return None
    narrow, wide = fold(one.counted), fold(other.counted)
    is_kind = narrow.endswith(wide) and len(narrow) > len(wide) + 2
    is_women = narrow.endswith("innen") and not wide.endswith("innen")
    if (is_kind or is_women) and not mentions(narrow, frame.topic):
        return f"{one.counted} / {other.counted}"
    return None
