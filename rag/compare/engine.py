"""Compares the passages of one question: the disagreements that touch its answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from rag.compare.align import align
from rag.compare.answers import MIN_RELEVANCE, Answer, ArticleAnswers, read_answers
from rag.compare.casing import as_printed
from rag.compare.frame import Frame, read_frame
from rag.compare.framing import framings
from rag.compare.inside import contradiction_inside
from rag.compare.office import is_office
from rag.compare.positions import Difference, disagreements
from rag.compare.reconcile import Reconciled, days_between, reconcile
from rag.compare.strength import shared_words, strength, strength_features
from rag.compare.twins import twins
from rag.compare.verdict import Verdict
from rag.types import Comparison, Evidence, Language, Passage, Question

MAX_DAYS_APART = 120
_UNDATED = 0.85
_SURELY_RELATED = 0.5
_ALTERNATIVES = 3
_SURE = 0.75
"""An agreement less sure than this takes nothing away from a difference."""
_ALTERNATIVE_SHARE = 0.25
_TWINS = 0.6
"""Share of words from which two sentences are versions of one."""
_TWINS_DIFFER = 0.9
_ONE_STRETCH = "equal words but for what is asked"
_NOT_BY_CHANCE = 0.97
"""How strong a difference is that no badly chosen sentence can bring about."""
_AS_LIKELY = 0.25
_WORSE = 0.1
"""By how much less a value must fit to be no answer beside one that both articles give."""
_NEARLY_AS_LIKELY = 0.8
_ALTERNATIVE_FIT = 0.7


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles' answers with the verdict on them; ``strength`` 0..1 of a difference."""

    first: Answer
    second: Answer
    verdict: Verdict
    outcome: Reconciled | None
    strength: float
    features: tuple[float, ...] = ()


def compare_passages(
    question: Question,
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    *,
    language: Language,
    explain: bool = False,
) -> Comparison:
    """Where the articles among the passages give different answers to the question."""
    frame = read_frame(as_printed(question, passages), language)
    read = read_answers(frame, passages, evidence)
    found = compare_read(frame, read, explain=explain)
    reporting = {item.article.article_id for item in read if item.relevance >= MIN_RELEVANCE}
    named = framings(frame, [e for e in evidence if e.article.article_id in reporting])
    return replace(found, disagreements=(*found.disagreements, *named))


def compare_read(
    frame: Frame, read: Sequence[ArticleAnswers], *, explain: bool = False
) -> Comparison:
    """The same for articles whose answers have been read."""
    reporting = [item for item in read if item.relevance >= MIN_RELEVANCE]
    eligible = [item for item in reporting if item.answers]
    pairs, trace, skipped = [], [], 0
    for first, second in combinations(distinct_texts(reporting), 2):
        pair = compare_articles_answers(first, second, frame)
        if pair is None and not (first.answers and second.answers):
            continue  # silent: not compared, and no chance for a false alarm either
        if pair is None or pair.verdict.relation == "unknown":
            skipped += 1
        if pair is not None:
            pairs.append(pair)
        if explain:
            trace.append(_trace(first, second, pair))
    differences = [_difference(pair) for pair in pairs if pair.outcome]
    inside = [
        found for item in distinct_texts(eligible) if (found := contradiction_inside(item, frame))
    ]
    return Comparison(
        disagreements=disagreements(frame, eligible, differences, inside),
        pairs_compared=len(pairs) - sum(pair.verdict.relation == "unknown" for pair in pairs),
        pairs_not_compared=skipped,
        trace=tuple(trace),
    )


def distinct_texts(read: Sequence[ArticleAnswers]) -> tuple[ArticleAnswers, ...]:
    """One article of each wording, the first: a letter-perfect copy says nothing new."""
    return tuple({item.article.text: item for item in reversed(read)}.values())[::-1]


def compare_articles_answers(
    first: ArticleAnswers, second: ArticleAnswers, frame: Frame
) -> Pair | None:
    """The best answers of two articles against each other; ``None`` when they cannot be."""
    gap = days_between(first.article, second.article)
    if gap is not None and gap > MAX_DAYS_APART:
        return None
    first, second = _without_shared(first, second)
    if found := twins(first, second, frame):
        verdict = Verdict("different", _TWINS_DIFFER, _ONE_STRETCH)
        return _differing(first, second, (found.first, found.second), verdict, frame)
    if not (first.answers and second.answers):
        return None
    one, other, verdict = _chosen(first, second, frame)
    if verdict.relation != "different":
        return Pair(one, other, verdict, None, 0.0)
    if agreeing := _agreeing(first, second, frame, _AS_LIKELY * _joint(one, other)):
        return Pair(*agreeing, Verdict("compatible", 0.5, "other answers agree"), None, 0.0)
    return _differing(first, second, (one, other), verdict, frame)


def _differing(
    first: ArticleAnswers,
    second: ArticleAnswers,
    answers: tuple[Answer, Answer],
    verdict: Verdict,
    frame: Frame,
) -> Pair:
    one, other = answers
    gap = days_between(first.article, second.article)
    outcome = reconcile(one, other, frame)
    features = strength_features(one, other, verdict.confidence)
    related = min(1.0, math.sqrt(first.relevance * second.relevance) / _SURELY_RELATED)
    share = strength(features) * related * (_UNDATED if gap is None else 1.0)
    is_version = verdict.confidence >= _TWINS_DIFFER and shared_words(one, other) >= _TWINS
    if is_version or verdict.reason == _ONE_STRETCH or is_office(one.content.value):
        share = max(share, _NOT_BY_CHANCE * related)
    return Pair(one, other, verdict, outcome, share, features)


def _without_shared(
    first: ArticleAnswers, second: ArticleAnswers
) -> tuple[ArticleAnswers, ArticleAnswers]:
    """Both without the sentences they have in common, where others are left.

    „Das bestätigte das Gericht“ under two opposite reports tells nothing of what was confirmed.
    """
    common = {a.quote for a in first.answers} & {b.quote for b in second.answers}
    kept = [
        tuple(answer for answer in item.answers if answer.quote not in common)
        for item in (first, second)
    ]
    if not common or not all(kept):
        return first, second
    shared = [answer for answer in first.answers if answer.quote in common]
    likely = max(answer.likelihood for answer in shared)
    fits = max(answer.fit for answer in shared)
    if any(
        max(answer.likelihood for answer in rest) < _AS_LIKELY * likely
        or max(answer.fit for answer in rest) < fits - _WORSE
        for rest in kept
    ):
        return first, second  # both give the same answer; what is left answers something else
    return replace(first, answers=kept[0]), replace(second, answers=kept[1])


def _chosen(
    first: ArticleAnswers, second: ArticleAnswers, frame: Frame
) -> tuple[Answer, Answer, Verdict]:
    """The likeliest pair of answers: sentences that share their wording speak of one thing.

    One nearly as likely takes its place where its values can be compared and the first's cannot.
    """
    pairs = [(one, other) for one in _likely(first) for other in _likely(second)]
    pairs += [
        (one, other)
        for one in first.answers
        for other in second.answers
        if shared_words(one, other) >= _TWINS
    ]
    ranked = sorted(pairs, key=lambda pair: -_joint(*pair))
    best = align(*ranked[0], frame)
    if best.relation == "unknown":
        least = _NEARLY_AS_LIKELY * _joint(*ranked[0])
        for one, other in ranked[1:]:
            verdict = align(one, other, frame)
            if _joint(one, other) >= least and verdict.relation != "unknown":
                return one, other, verdict
    return *ranked[0], best


def _joint(one: Answer, other: Answer) -> float:
    return _jointly(one.likelihood, other.likelihood, one, other)


def _jointly(one: float, other: float, first: Answer, second: Answer) -> float:
    """That both sentences answer the question: surer where they share their other words."""
    return float(math.sqrt(one * other) ** (1 - shared_words(first, second)))


def _agreeing(
    first: ArticleAnswers, second: ArticleAnswers, frame: Frame, least: float
) -> tuple[Answer, Answer] | None:
    """Likely answers of the two articles that agree after all: the best were badly chosen.

    ``least``: how likely both must answer, beside those that differ.
    """
    for one in _likely(first):
        for other in _likely(second):
            if _joint(one, other) < least:
                continue
            verdict = align(one, other, frame)
            if verdict.relation in ("same", "compatible") and verdict.confidence >= _SURE:
                return one, other
    return None


def _likely(answers: ArticleAnswers) -> tuple[Answer, ...]:
    least = _ALTERNATIVE_SHARE * answers.answers[0].likelihood
    fit = _ALTERNATIVE_FIT * answers.answers[0].fit
    return tuple(
        answer
        for answer in answers.answers[:_ALTERNATIVES]
        if answer.likelihood >= least and answer.fit >= fit
    )


def _difference(pair: Pair) -> Difference:
    assert pair.outcome is not None
    return Difference(pair.first, pair.second, pair.outcome, pair.strength)


def _shown(answer: Answer) -> str:
    return f"{answer.value!r} ({answer.probability:.2f}, fit {answer.fit:.2f})"


def _trace(first: ArticleAnswers, second: ArticleAnswers, pair: Pair | None) -> str:
    names = f"{first.article.article_id} / {second.article.article_id}"
    if pair is None:
        return f"{names}: not compared, too far apart in time"
    status = pair.outcome.status if pair.outcome else pair.verdict.relation
    reason = pair.outcome.reason if pair.outcome else pair.verdict.reason
    values = f"{_shown(pair.first)} / {_shown(pair.second)}"
    return f"{names}: {status} {pair.strength:.2f}, {values}: {reason}"
