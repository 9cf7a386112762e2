"""Sixth stage: does the evidence answer the question, in part, or not at all?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answer.model import linear_model, load_model_data, logistic
from rag.retrieve.retrieve import Retrieval
from rag.settings import AnswerSettings
from rag.types import AnswerStatus, Evidence, Question

_TOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether the sources answer; ``missing`` names words of the question they do not hold."""

    status: AnswerStatus
    confidence: float
    missing: tuple[str, ...] = ()


def decide(
    question: Question,
    evidence: Sequence[Evidence],
    retrieval: Retrieval,
    settings: AnswerSettings | None = None,
) -> Decision:
    """The status with the calibrated probability that the best evidence answers."""
    if not evidence:
        return Decision(status="not_in_sources", confidence=0.0)
    data = load_model_data("abstain")
    confidence = logistic(linear_model(data).score(abstention_features(evidence)))
    threshold = float(data["threshold"])
    if settings and settings.min_confidence is not None:
        threshold = settings.min_confidence
    status: AnswerStatus = "answered" if confidence >= threshold else "not_in_sources"
    return Decision(status=status, confidence=confidence)


def abstention_features(evidence: Sequence[Evidence]) -> Mapping[str, float]:
    """What the decision is made from."""
    best = evidence[0].features
    top = [each.features for each in evidence[:_TOP]]
    features = {f"best_{name}": value for name, value in best.items()}
    features.update(
        {
            "top_coverage": max(each["coverage_title"] for each in top),
            "top_similarity": max(each["similarity"] for each in top),
            "margin": best["score"] - (evidence[1].features["score"] if len(evidence) > 1 else 0.0),
        }
    )
    return features
