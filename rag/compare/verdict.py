"""How two answers relate, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relation = Literal["same", "compatible", "different", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two answers relate; ``confidence`` 0..1 that it is so; ``reason`` for the trace."""

    relation: Relation
    confidence: float
    reason: str
