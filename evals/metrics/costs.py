"""Time, tokens and memory."""

from __future__ import annotations

import math
import resource
import sys
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile: the smallest value that ``share`` of the values do not pass."""
    if not values:
        return None
    if not 0 < share <= 1:
        raise ValueError(f"a share lies in (0, 1], not {share!r}")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def token_count(text: str) -> int:
    """Tokens as whitespace-separated pieces: comparable between systems, whatever the model."""
    return len(text.split())


def peak_memory_mb() -> float:
    """The most memory this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1024
