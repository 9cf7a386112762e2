"""Compares the passages of one question: the disagreements that touch its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.compare.align import Verdict, align
from rag.compare.answers import Answer, ArticleAnswers, read_answers
from rag.compare.frame import Frame, read_frame
from rag.compare.positions import Difference, disagreements
from rag.compare.reconcile import Reconciled, days_between, reconcile
from rag.types import Comparison, Evidence, Language, Passage, Question

MIN_RELEVANCE = 0.15
MAX_DAYS_APART = 120
_ALTERNATIVES = 3
_ALTERNATIVE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles' answers with the verdict on them; ``strength`` 0..1 of a difference."""

    first: Answer
    second: Answer
    verdict: Verdict
    outcome: Reconciled | None
    strength: float


def compare_passages(
    question: Question,
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    *,
    language: Language,
    explain: bool = False,
) -> Comparison:
    """Where the articles among the passages give different answers to the question."""
    frame = read_frame(question, language)
    read = [item for item in read_answers(frame, passages, evidence)]
    eligible = [item for item in read if item.relevance >= MIN_RELEVANCE and item.answers]
    pairs, trace, skipped = [], [], 0
    for first, second in combinations(eligible, 2):
        pair = compare_articles_answers(first, second, frame)
        if pair is None or pair.verdict.relation == "unknown":
            skipped += 1
        if pair is not None:
            pairs.append(pair)
        if explain:
            trace.append(_trace(first, second, pair))
    found = disagreements(frame, eligible, [_difference(pair) for pair in pairs if pair.outcome])
    return Comparison(
        disagreements=found,
        pairs_compared=len(pairs) - sum(pair.verdict.relation == "unknown" for pair in pairs),
        pairs_not_compared=skipped,
        trace=tuple(trace),
    )


def compare_articles_answers(
    first: ArticleAnswers, second: ArticleAnswers, frame: Frame
) -> Pair | None:
    """The best answers of two articles against each other; ``None`` when they cannot be."""
    gap = days_between(first.article, second.article)
    if gap is not None and gap > MAX_DAYS_APART:
        return None
    one, other = first.answers[0], second.answers[0]
    verdict = align(one, other, frame)
    if verdict.relation != "different":
        return Pair(one, other, verdict, None, 0.0)
    if agreeing := _agreeing(first, second, frame):
        return Pair(*agreeing, Verdict("compatible", 0.5, "other answers agree"), None, 0.0)
    outcome = reconcile(one, other, frame)
    strength = _strength(one) * _strength(other) * verdict.confidence
    return Pair(one, other, verdict, outcome, strength)


def _strength(answer: Answer) -> float:
    return min(1.0, answer.probability * 1.0) * min(1.0, 0.4 + answer.fit * 0.8)


def _agreeing(
    first: ArticleAnswers, second: ArticleAnswers, frame: Frame
) -> tuple[Answer, Answer] | None:
    """Likely answers of the two articles that agree after all: the best were badly chosen."""
    for one in _likely(first):
        for other in _likely(second):
            if align(one, other, frame).relation in ("same", "compatible"):
                return one, other
    return None


def _likely(answers: ArticleAnswers) -> tuple[Answer, ...]:
    least = _ALTERNATIVE_SHARE * answers.answers[0].probability
    return tuple(a for a in answers.answers[:_ALTERNATIVES] if a.probability >= least)


def _difference(pair: Pair) -> Difference:
    assert pair.outcome is not None
    return Difference(pair.first, pair.second, pair.outcome, pair.strength)


def _trace(first: ArticleAnswers, second: ArticleAnswers, pair: Pair | None) -> str:
    names = f"{first.article.article_id} / {second.article.article_id}"
    if pair is None:
        return f"{names}: not compared, too far apart in time"
    status = pair.outcome.status if pair.outcome else pair.verdict.relation
    reason = pair.outcome.reason if pair.outcome else pair.verdict.reason
    values = f"{pair.first.value!r} ({pair.first.probability:.2f}, fit {pair.first.fit:.2f}) / {pair.second.value!r} ({pair.second.probability:.2f}, fit {pair.second.fit:.2f})"
    return f"{names}: {status} {pair.strength:.2f}, {values}: {reason}"
