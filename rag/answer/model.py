"""Evaluates the small models that ``evals/fit`` writes as JSON, without any learning library."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A weighted sum of named features."""

    weights: Mapping[str, float]
    bias: float

    def score(self, features: Mapping[str, float]) -> float:
        """The sum; a feature that is absent counts as 0."""
        return self.bias + sum(
            weight * features.get(name, 0.0) for name, weight in self.weights.items()
        )


@lru_cache(maxsize=8)
def load_model_data(name: str) -> dict[str, Any]:
    """The file ``rag/data/<name>.json``."""
    text = (files("rag") / "data" / f"{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def linear_model(data: Mapping[str, Any]) -> LinearModel:
    """The model that ``data`` holds."""
    return LinearModel(dict(data["weights"]), float(data["bias"]))


def logistic(score: float) -> float:
    """The probability a log-odds stands for; safe for any size."""
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-min(score, 60.0)))
    grown = math.exp(max(score, -60.0))
    return grown / (1.0 + grown)
