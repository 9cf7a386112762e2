"""One case and one answer → the tallies of every metric, and what was lost, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from evals.metrics import disagreements as dis
from evals.metrics import refusals
from evals.metrics.citations import (
    Quoted,
    Statement,
    citation_precision,
    citation_recall,
    coverage,
    evidence_precision,
    evidence_recall,
    quote_exists,
)
from evals.metrics.costs import token_count
from evals.metrics.retrieval import ndcg_at, recall_at, reciprocal_rank
from evals.metrics.tally import Tally, mean
from evals.metrics.texts import (
    bare_answer,
    matches,
    nugget_recall,
    opening,
    token_f1,
    violations,
)
from evals.schema import Case, ExpectedDisagreement, Nugget
from rag.types import Answer, Disagreement, Position

Tallies = dict[str, Tally]
OPENING_WORDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What scoring needs to know of the articles. ``known`` are all true conflicts in them."""

    texts: Mapping[str, str]
    outlets: Mapping[str, str]
    known: tuple[dis.Wanted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The tallies of one case and why points were lost."""

    tallies: Tallies
    lost: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sheet:
    tallies: Tallies = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    def lose(self, reason: str) -> None:
        if reason not in self.lost:
            self.lost.append(reason)


def score_answer(case: Case, answer: Answer, collection: Collection, seconds: float) -> Scored:
    """Every metric that this case has something to count for."""
    sheet = _Sheet()
    _score_text(case, answer, sheet)
    _score_citations(case, answer, collection, sheet)
    _score_disagreements(case, answer, collection, sheet)
    _score_status(case, answer, sheet)
    sheet.tallies.update(score_ranking(case, answer, collection))
    sheet.tallies["seconds"] = mean(seconds)
    sheet.tallies["completed"] = mean(1.0)
    if answer.status != refusals.REFUSED:
        sheet.tallies["answer_words"] = mean(token_count(bare_answer(answer.text, "")))
    if usage := answer.run.usage:
        spent = usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)
        sheet.tallies["llm_tokens"] = mean(spent)
    return Scored(tallies=sheet.tallies, lost=tuple(sheet.lost))


def score_ranking(case: Case, answer: Answer, collection: Collection) -> Tallies:
    """Ranking metrics by article; a wire copy with the same words is as good as the original."""
    canonical = _canonical(case, collection.texts)
    ranked = [
        canonical.get(p.article.article_id, p.article.article_id)
        for p in sorted(answer.passages, key=lambda passage: passage.rank)
    ]
    relevant = {canonical.get(e.article_id, e.article_id) for e in case.evidence}
    return {
        "recall@1": mean(recall_at(ranked, relevant, 1)),
        "recall@5": mean(recall_at(ranked, relevant, 5)),
        "recall@10": mean(recall_at(ranked, relevant, 10)),
        "mrr": mean(reciprocal_rank(ranked, relevant)),
        "ndcg@10": mean(ndcg_at(ranked, relevant, 10)),
    }


def wanted(expected: ExpectedDisagreement) -> dis.Wanted:
    """The expectation as the metrics take it."""
    return dis.Wanted(
        kind=expected.kind,
        status=expected.status,
        sides=tuple(
            dis.WantedSide(pattern=side.pattern, article_ids=frozenset(side.article_ids))
            for side in expected.sides
        ),
    )


def known_conflicts(cases: Sequence[Case]) -> tuple[dis.Wanted, ...]:
    """All true conflicts that any of the cases lists."""
    return tuple(
        wanted(expected)
        for case in cases
        for expected in case.disagreements
        if expected.status == dis.COUNTED
    )


def found(disagreement: Disagreement) -> dis.Found:
    """A disagreement as the metrics take it."""
    return dis.Found(
        kind=disagreement.kind,
        status=disagreement.status,
        positions=tuple(
            dis.FoundPosition(
                text=_position_text(position),
                article_ids=frozenset(claim.article_id for claim in position.claims),
            )
            for position in disagreement.positions
        ),
    )


def _score_text(case: Case, answer: Answer, sheet: _Sheet) -> None:
    text = bare_answer(answer.text, case.question)
    asserted = "" if answer.status == refusals.REFUSED else text
    shown = " ".join([asserted, *_shown_texts(answer)])
    vital = [n.patterns for n in case.nuggets if n.importance == "vital"]
    everything = [n.patterns for n in case.nuggets]
    first = bare_answer(answer.sentences[0].text, case.question) if answer.sentences else ""
    forbidden = violations(case.must_not, text)
    sheet.tallies |= {
        "nugget_recall_vital": mean(nugget_recall(vital, asserted)),
        "nugget_recall_vital@60": mean(nugget_recall(vital, opening(asserted, OPENING_WORDS))),
        "nugget_recall_all": mean(nugget_recall(everything, asserted)),
        "nugget_recall_shown": mean(nugget_recall(vital, shown)),
        "first_sentence_vital": mean(
            float(any(matches(patterns, first) for patterns in vital)) if vital else None
        ),
        "token_f1": mean(
            token_f1(asserted, case.reference_answer)
            if case.reference_answer and case.expected_status != refusals.REFUSED
            else None
        ),
        "must_not_rate": mean(None if forbidden is None else float(forbidden > 0)),
    }
    for reason in _missing_nuggets(case.nuggets, asserted, shown):
        sheet.lose(reason)
    for pattern in case.must_not:
        if matches([pattern], text):
            sheet.lose(f"says what it must not: {pattern}")


def _missing_nuggets(nuggets: Sequence[Nugget], asserted: str, shown: str) -> Iterator[str]:
    for nugget in nuggets:
        if not matches(nugget.patterns, asserted):
            beside = ", only among the disagreements" if matches(nugget.patterns, shown) else ""
            yield f"{nugget.importance} fact missing: {nugget.text}{beside}"


def _score_citations(case: Case, answer: Answer, collection: Collection, sheet: _Sheet) -> None:
    statements = statements_of(answer)
    cited = [quoted for statement in statements for quoted in statement.quotes]
    all_quotes = [*_citations(answer).values(), *_claims(answer)]
    places = _evidence_places(case, collection.texts)
    patterns = [pattern for nugget in case.nuggets for pattern in nugget.patterns]
    outlets = {collection.outlets[e.article_id] for e in case.evidence}
    shown = {collection.outlets.get(quoted.article_id, quoted.article_id) for quoted in all_quotes}
    existing = quote_exists(all_quotes, collection.texts)
    sheet.tallies |= {
        "quote_exists": existing,
        "citation_precision": citation_precision(statements, collection.texts),
        "citation_recall": citation_recall(statements, collection.texts),
        "evidence_recall": evidence_recall(cited, places),
        "evidence_precision": evidence_precision(cited, places, patterns),
        "outlet_coverage": mean(coverage(shown, outlets)),
    }
    if existing.numerator < existing.denominator:
        sheet.lose("a quote does not exist as shown")
    if places and not sheet.tallies["evidence_recall"].numerator:
        sheet.lose("no known evidence is cited")


def _score_disagreements(case: Case, answer: Answer, collection: Collection, sheet: _Sheet) -> None:
    outcome = dis.judge(
        [found(one) for one in answer.disagreements],
        [wanted(expected) for expected in case.disagreements],
        known=collection.known,
        may_flag=not case.no_conflict,
    )
    sheet.tallies |= {
        "disagreement_precision": outcome.precision,
        "disagreement_recall": outcome.recall,
        "disagreement_f1": outcome.f1,
        "false_alarm_rate": outcome.false_alarm,
    }
    for missed in outcome.missed:
        sides = " / ".join(side.pattern for side in missed.sides)
        sheet.lose(f"disagreement missed ({missed.kind}): {sides}")
    for false in outcome.false:
        sides = " / ".join(position.text[:60] for position in false.positions)
        sheet.lose(f"false alarm ({false.kind}): {sides}")


def _score_status(case: Case, answer: Answer, sheet: _Sheet) -> None:
    sheet.tallies |= {
        "refusal_precision": refusals.refusal_precision(case.expected_status, answer.status),
        "refusal_recall": refusals.refusal_recall(case.expected_status, answer.status),
        "false_refusal_rate": refusals.false_refusal(case.expected_status, answer.status),
        "status_accuracy": refusals.status_right(case.expected_status, answer.status),
    }
    if case.expected_status != answer.status:
        sheet.lose(f"status {answer.status}, expected {case.expected_status}")


def statements_of(answer: Answer) -> list[Statement]:
    """The sentences of an answer with their quotes; a refusal asserts none."""
    if answer.status == refusals.REFUSED:
        return []
    quotes = _citations(answer)
    sources = [c.source or c.article_id for c in answer.citations]
    origins = [p.article.origin for p in answer.passages if p.article.origin]
    framing = (*_wordings(), *dict.fromkeys([*sources, *origins]))
    return [
        Statement(
            text=bare_answer(sentence.text, answer.question.text),
            quotes=tuple(quotes[m] for m in sentence.citations if m in quotes),
            framing=framing,
        )
        for sentence in answer.sentences
    ]


@lru_cache(maxsize=1)
def _wordings() -> tuple[str, ...]:
    """What the program itself writes around quotes, without its blanks."""
    content = (files("rag") / "data" / "answer_wording.json").read_text(encoding="utf-8")
    return tuple(re.sub(r"\{\w*\}", " ", text) for text in _strings(json.loads(content)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _citations(answer: Answer) -> dict[int, Quoted]:
    return {
        c.marker: Quoted(c.article_id, c.quote, c.start_char, c.end_char) for c in answer.citations
    }


def _claims(answer: Answer) -> list[Quoted]:
    return [
        Quoted(c.article_id, c.quote, c.start_char, c.end_char)
        for one in answer.disagreements
        for position in one.positions
        for c in position.claims
    ]


def _shown_texts(answer: Answer) -> list[str]:
    return [_position_text(p) for one in answer.disagreements for p in one.positions]


def _position_text(position: Position) -> str:
    return " ".join([position.value, *(claim.quote for claim in position.claims)])


def _evidence_places(case: Case, texts: Mapping[str, str]) -> list[list[Quoted]]:
    """For each evidence quote every article that holds the same words, at the place it does."""
    return [
        [
            Quoted(article_id, e.quote, start, start + len(e.quote))
            for article_id, text in texts.items()
            if (start := text.find(e.quote)) >= 0
        ]
        for e in case.evidence
    ]


def _canonical(case: Case, texts: Mapping[str, str]) -> dict[str, str]:
    named = {e.article_id for e in case.evidence}
    return {
        article_id: e.article_id
        for e in case.evidence
        for article_id, text in texts.items()
        if article_id not in named and e.quote in text
    }
