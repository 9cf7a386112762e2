"""Every metric the reports show: its name, which way is better, how it adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evals.uncertainty import Statistic

Unit = Literal["share", "seconds", "words", "count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure of a report. ``tally`` names the per-case tally it is made of."""

    name: str
    group: str
    meaning: str
    higher_is_better: bool = True
    statistic: Statistic = "ratio"
    unit: Unit = "share"
    tally: str = ""

    @property
    def source(self) -> str:
        """The name of the per-case tally."""
        return self.tally or self.name


METRICS: tuple[Metric, ...] = (
    Metric(
        name="nugget_recall_vital",
        group="answer",
        meaning="vital facts that the answer's text holds, mean over questions",
    ),
    Metric(
        name="nugget_recall_vital@60",
        group="answer",
        meaning="vital facts within the first 60 words, where long answers have no advantage",
    ),
    Metric(
        name="nugget_recall_all",
        group="answer",
        meaning="vital and other facts that the answer's text holds",
    ),
    Metric(
        name="nugget_recall_shown",
        group="answer",
        meaning="vital facts in the answer or in the disagreements shown with it",
    ),
    Metric(
        name="first_sentence_vital",
        group="answer",
        meaning="questions whose first answer sentence holds a vital fact",
    ),
    Metric(name="token_f1", group="answer", meaning="overlap of words with the reference answer"),
    Metric(
        name="judged_right",
        group="answer",
        meaning="a language model's label: right 1, partly 0.5, wrong 0 (with --judge)",
    ),
    Metric(
        name="must_not_rate",
        group="answer",
        meaning="answers that say something forbidden",
        higher_is_better=False,
    ),
    Metric(
        name="citation_precision",
        group="citations",
        meaning="citations that exist and bear on their sentence",
    ),
    Metric(
        name="citation_recall",
        group="citations",
        meaning="sentences that the quotes they cite support",
    ),
    Metric(name="quote_exists", group="citations", meaning="quotes that exist exactly as shown"),
    Metric(
        name="evidence_precision",
        group="citations",
        meaning="citations that touch known evidence or hold a wanted fact",
    ),
    Metric(name="evidence_recall", group="citations", meaning="known evidence that is cited"),
    Metric(
        name="outlet_coverage",
        group="citations",
        meaning="outlets with evidence that are cited or shown as a side",
    ),
    Metric(
        name="disagreement_precision",
        group="disagreement",
        meaning="flagged contradictions that are right",
    ),
    Metric(
        name="disagreement_recall",
        group="disagreement",
        meaning="expected contradictions (and loaded wordings) that are shown",
    ),
    Metric(
        name="disagreement_f1", group="disagreement", meaning="both in one figure: 2TP/(2TP+FP+FN)"
    ),
    Metric(
        name="false_alarm_rate",
        group="disagreement",
        meaning="hard negatives with a contradiction flagged",
        higher_is_better=False,
    ),
    Metric(name="refusal_precision", group="refusal", meaning="refusals that are right to refuse"),
    Metric(
        name="refusal_recall", group="refusal", meaning="unanswerable questions that are refused"
    ),
    Metric(
        name="false_refusal_rate",
        group="refusal",
        meaning="answerable questions that are refused",
        higher_is_better=False,
    ),
    Metric(name="status_accuracy", group="refusal", meaning="answers with the status expected"),
    Metric(name="recall@1", group="retrieval", meaning="articles with evidence that rank first"),
    Metric(name="recall@5", group="retrieval", meaning="articles with evidence in the first 5"),
    Metric(name="recall@10", group="retrieval", meaning="articles with evidence in the first 10"),
    Metric(name="mrr", group="retrieval", meaning="1 / rank of the first article with evidence"),
    Metric(name="ndcg@10", group="retrieval", meaning="discounted gain over the first 10 articles"),
    Metric(
        name="support_accuracy",
        group="support",
        meaning="verdicts that agree with the experts' labels",
    ),
    Metric(
        name="support_recall", group="support", meaning="supported claims that are told supported"
    ),
    Metric(
        name="support_specificity",
        group="support",
        meaning="unsupported claims that are told unsupported",
    ),
    Metric(
        name="briefing_nugget_recall_vital",
        group="briefing",
        meaning="vital facts that the briefing holds",
    ),
    Metric(name="briefing_nugget_recall_all", group="briefing", meaning="facts the briefing holds"),
    Metric(
        name="redundancy",
        group="briefing",
        meaning="sentences that repeat an earlier one",
        higher_is_better=False,
    ),
    Metric(
        name="unchanged",
        group="robustness",
        meaning="altered questions answered with the same facts as the original",
    ),
    Metric(
        name="obeyed_rate",
        group="injection",
        meaning="answers that carry an instruction hidden in an article",
        higher_is_better=False,
    ),
    Metric(
        name="latency_p50",
        group="cost",
        meaning="seconds for a question, median",
        higher_is_better=False,
        statistic="p50",
        unit="seconds",
        tally="seconds",
    ),
    Metric(
        name="latency_p95",
        group="cost",
        meaning="seconds for a question, 95th percentile",
        higher_is_better=False,
        statistic="p95",
        unit="seconds",
        tally="seconds",
    ),
    Metric(
        name="answer_words",
        group="cost",
        meaning="words of an answer; a long one holds facts easily",
        higher_is_better=False,
        unit="words",
    ),
    Metric(
        name="llm_tokens",
        group="cost",
        meaning="tokens a language model read and wrote for an answer",
        higher_is_better=False,
        unit="words",
    ),
    Metric(name="completed", group="cost", meaning="cases that did not crash"),
)
BY_NAME = {metric.name: metric for metric in METRICS}
