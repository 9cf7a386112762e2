"""How probable a difference between two answers is a contradiction: a fitted logistic model.

Fitted by ``python -m evals.fit.compare_strength`` on the development clusters.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from importlib.resources import files

from rag.compare.answers import Answer
from rag.compare.frame import word_bag

_LEAST = 0.02
_FIT_BASE, _FIT_SHARE = 0.4, 0.8
STRENGTH_FEATURES = ("likelihood", "fit", "confidence")


def strength_features(first: Answer, second: Answer, confidence: float) -> tuple[float, ...]:
    """The values of ``STRENGTH_FEATURES`` for two answers that differ, in that order.

    ``confidence`` that the values differ.
    """
    fits = (min(1.0, _FIT_BASE + _FIT_SHARE * answer.fit) for answer in (first, second))
    alike = shared_words(first, second)
    likelihood = math.sqrt(first.probability * second.probability) ** (1 - alike)
    return (
        math.log(max(likelihood, _LEAST)),
        math.log(math.prod(fits)),
        math.log(max(confidence, _LEAST)),
    )


def strength(values: tuple[float, ...]) -> float:
    """Probability 0..1 of a contradiction."""
    weights, intercept = _model()
    total = intercept + sum(w * v for w, v in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def shared_words(first: Answer, second: Answer) -> float:
    """Share of the sentences' words without their values that both have."""
    one, other = _frame_words(first), _frame_words(second)
    return len(one & other) / max(1, len(one | other))


def _frame_words(answer: Answer) -> frozenset[str]:
    value = answer.content.value
    rest = answer.quote[: value.start_char] + " " + answer.quote[value.end_char :]
    return word_bag(rest)


@lru_cache(maxsize=1)
def _model() -> tuple[tuple[float, ...], float]:
    text = (files("rag") / "data" / "compare_strength.json").read_text(encoding="utf-8")
    loaded = json.loads(text)
    return (
        tuple(float(loaded["weights"][name]) for name in STRENGTH_FEATURES),
        float(loaded["intercept"]),
    )
