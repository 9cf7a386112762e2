"""Conditional logistic regression: which of a question's candidates is the right one?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


def fit_listwise(
    lists: Sequence[tuple[Matrix, Flags]],
    *,
    penalty: float,
    is_positive: bool = False,
    bounds: Sequence[tuple[float | None, float | None]] | None = None,
) -> Matrix:
    """Weights that make right candidates the most probable of their list.

    Lists without a right or a wrong candidate say nothing and are left out. The ``penalty`` is on
    squared weights of standardised features; ``is_positive`` keeps every weight at 0 or above,
    ``bounds`` keeps each between its own limits (in units of the unscaled feature).
    """
    telling = [(rows, right) for rows, right in lists if right.any() and not right.all()]
    longest = max(len(right) for _, right in telling)
    width = telling[0][0].shape[1]
    features = np.zeros((len(telling), longest, width), dtype=np.float32)
    present = np.zeros((len(telling), longest), dtype=bool)
    targets = np.zeros_like(present)
    for index, (rows, right) in enumerate(telling):
        features[index, : len(right)] = rows
        present[index, : len(right)] = True
        targets[index, : len(right)] = right
    flat = features[present]
    spread = flat.std(axis=0) + 1e-6
    scaled = (features - flat.mean(axis=0)) / spread * present[:, :, None]
    stacked = scaled.reshape(-1, width)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        scores = np.where(
            present, (stacked @ weights.astype(np.float32)).reshape(present.shape), -1e9
        )
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        mass = (chances * targets).sum(axis=1) + 1e-12
        residual = chances - chances * targets / mass[:, None]
        slope = stacked.T @ residual.reshape(-1).astype(np.float32)
        value = float(-np.log(mass).sum() + penalty * (weights @ weights) / 2)
        return value, slope.astype(np.float64) + penalty * weights

    limits = list(bounds) if bounds else [(0.0 if is_positive else None, None)] * width
    scaled_limits = [
        tuple(None if limit is None else limit * own for limit in pair)
        for pair, own in zip(limits, spread, strict=True)
    ]
    start = np.array([max(low or 0.0, 0.0) for low, _ in scaled_limits])
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=scaled_limits, options={"maxiter": 80}
    )
    weights: Matrix = found.x / spread
    return weights


def interval(hits: Sequence[float], *, seed: int = 0, rounds: int = 2000) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean."""
    values = np.asarray(hits, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(values), size=(rounds, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def shown(name: str, hits: Sequence[float]) -> str:
    """A line of a report: name, mean, interval and n."""
    low, high = interval(hits)
    return f"| {name} | {np.mean(hits):.3f} | {low:.3f}-{high:.3f} | {len(hits)} |"
