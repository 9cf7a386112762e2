"""How sure a figure is: bootstrap over cases, deterministic for a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evals.metrics.tally import Tally

RESAMPLES = 2_000
CONFIDENCE = 0.95
MIN_COMPARED = 5
"""With fewer scored cases in either run, a difference says nothing."""
Statistic = Literal["ratio", "p50", "p95"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its interval; ``n`` cases were scored. No case: no value."""

    value: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """This run minus the baseline over the cases both scored."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    verdict: Literal["better", "worse", "no difference shown", "not comparable"]


def estimate(
    tallies: Sequence[Tally], *, statistic: Statistic = "ratio", seed: int = 0
) -> Estimate:
    """The metric over the cases with its percentile bootstrap interval."""
    pairs = _scored(tallies)
    if not len(pairs):
        return Estimate(value=None, low=None, high=None, n=0)
    figure = _FIGURES[statistic]
    drawn = figure(pairs[_draws(len(pairs), seed)])
    low, high = _interval(drawn)
    return Estimate(value=float(figure(pairs[None])[0]), low=low, high=high, n=len(pairs))


def compare(
    ours: Mapping[str, Tally],
    theirs: Mapping[str, Tally],
    *,
    higher_is_better: bool,
    statistic: Statistic = "ratio",
    seed: int = 0,
) -> Difference:
    """Paired bootstrap over the cases that both runs scored, drawn together.

    The verdict is *better* or *worse* only when the interval of the difference leaves out zero
    and both runs scored enough cases.
    """
    shared = sorted(
        case
        for case in ours.keys() & theirs.keys()
        if ours[case].denominator or theirs[case].denominator
    )
    one, other = (_array([run[case] for case in shared]) for run in (ours, theirs))
    if not shared or not one[:, 1].any() or not other[:, 1].any():
        return Difference(value=None, low=None, high=None, n=0, verdict="not comparable")
    figure = _FIGURES[statistic]
    draws = _draws(len(shared), seed)
    difference = float(figure(one[None])[0] - figure(other[None])[0])
    drawn = figure(one[draws]) - figure(other[draws])
    low, high = _interval(drawn[~np.isnan(drawn)])
    scored = min(np.count_nonzero(one[:, 1]), np.count_nonzero(other[:, 1]))
    return Difference(
        value=difference,
        low=low,
        high=high,
        n=len(shared),
        verdict="no difference shown"
        if scored < MIN_COMPARED
        else _verdict(low, high, higher_is_better),
    )


def _verdict(
    low: float, high: float, higher_is_better: bool
) -> Literal["better", "worse", "no difference shown"]:
    if low <= 0 <= high:
        return "no difference shown"
    return "better" if (low > 0) == higher_is_better else "worse"


def _scored(tallies: Sequence[Tally]) -> Floats:
    return _array([tally for tally in tallies if tally.denominator])


def _array(tallies: Sequence[Tally]) -> Floats:
    return np.array([(t.numerator, t.denominator) for t in tallies], dtype=float).reshape(-1, 2)


def _draws(n: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, n, size=(RESAMPLES, n))


def _interval(values: Floats) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def _ratio(pairs: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(pairs[..., 0].sum(axis=1) / pairs[..., 1].sum(axis=1))


def _percentile_of(share: float) -> Callable[[Floats], Floats]:
    def figure(pairs: Floats) -> Floats:
        values = pairs[..., 0] / np.where(pairs[..., 1] > 0, pairs[..., 1], np.nan)
        return np.asarray(np.nanquantile(values, share, axis=1, method="inverted_cdf"))

    return figure


_FIGURES: Mapping[Statistic, Callable[[Floats], Floats]] = {
    "ratio": _ratio,
    "p50": _percentile_of(0.5),
    "p95": _percentile_of(0.95),
}
