"""Where the articles of a topic contradict each other: questions they answer, asked of all.

Differences are found by the comparison of answers (``rag.compare``); here it is only decided what
to ask: the usual questions on an event, and one for each figure that near-equal sentences give
differently or that several origins give at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.answer.evidence import score_evidence
from rag.briefing.questions import figure_questions, natural_questions, usual_questions
from rag.briefing.statements import Difference, Statement
from rag.compare.engine import compare_passages
from rag.compare.sureness import keep_sure
from rag.compare.texts import aspect_of
from rag.compare.whole_store import compare_articles
from rag.language.quantities import quantities
from rag.retrieve.retrieve import Retrieval
from rag.types import Article, Comparison, Disagreement, Language, Question

Search = Callable[[Question], Retrieval]
_LEAST_STRENGTH = 0.28
_LEAST_CONFLICT = 0.45
_MOST_ARTICLES = 150
_LEAST_PIECED = 0.93
"""Strength of a conflict that a pieced question finds. Of 15 surely shown in the clusters of
development, 5 of 5 above it were true and none of 10 below (docs/decisions/0007)."""


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The disagreements on a topic and how many pairs of articles were compared."""

    disagreements: tuple[Disagreement, ...]
    pairs_compared: int
    pairs_not_compared: int
    questions: int


def find_contradictions(
    topic: Question | None,
    statements: Sequence[Statement],
    differences: Sequence[Difference],
    search: Search,
    articles: Sequence[Article],
    language: Language,
    limit: int,
) -> Contradictions:
    """What the articles contradict each other in, strongest first, each matter once."""
    article_ids = frozenset(each.article_id for each in articles)
    # Copies of one text cannot contradict each other unless edited, and that is seen here, too.
    alike = compare_articles(articles[:_MOST_ARTICLES], limit=limit)
    found = [_with_its_noun(each, language) for each in alike.disagreements
             if _is_worth_showing(each)]  # fmt: skip
    compared = skipped = 0
    natural = natural_questions(topic, statements)
    made_up = figure_questions(statements, differences)
    asked = list(dict.fromkeys([*usual_questions(topic), *natural, *made_up]))
    for text, tongue in asked:
        question = Question(text=text, language=tongue)
        comparison = _compare(question, search, article_ids, language)
        # The more is asked, the more chance alone would show.
        comparison = keep_sure(comparison, tongue)
        least = _LEAST_PIECED if (text, tongue) in made_up else 0.0
        compared += comparison.pairs_compared
        skipped += comparison.pairs_not_compared
        worth = [
            each
            for each in comparison.disagreements
            if _is_worth_showing(each) and (each.status != "conflict" or each.strength >= least)
        ]
        if (text, tongue) in natural and tongue == language:
            # „Wo war Kim im Jahr 2023?“ says what „Ort“ does not.
            worth = [
                each if each.status == "framing" else replace(each, aspect=text) for each in worth
            ]
        found += worth
    kept = tuple(_named_apart(tuple(_distinct(found))[:limit]))
    return Contradictions(kept, compared, skipped, len(asked))


def _with_its_noun(found: Disagreement, language: Language) -> Disagreement:
    """„Zahl“ as „Zahl: Soldaten“, where all sides count one thing."""
    if found.kind != "number" or ": " in found.aspect:
        return found
    counted = [
        next((q.counted for q in quantities(c.quote, language) if q.text in p.value
              or p.value in q.text), None)
        for p in found.positions for c in p.claims[:1]
    ]  # fmt: skip
    if not counted or None in counted or len(set(counted)) > 1:
        return found
    return replace(found, aspect=aspect_of("number", counted[0], language))


def _named_apart(found: Sequence[Disagreement]) -> Iterable[Disagreement]:
    """Two matters of one name get a number: what is said of one must not stand under the other."""
    seen: Counter[str] = Counter()
    for each in found:
        seen[each.aspect] += 1
        number = seen[each.aspect]
        yield replace(each, aspect=f"{each.aspect} ({number})") if number > 1 else each


def _is_worth_showing(found: Disagreement) -> bool:
    """What is explained away is news only where figures differ."""
    least = _LEAST_CONFLICT if found.status == "conflict" else _LEAST_STRENGTH
    return found.strength >= least and (
        found.status in ("conflict", "framing") or found.kind == "number"
    )


def _compare(
    question: Question, search: Search, article_ids: frozenset[str], language: Language
) -> Comparison:
    retrieval = search(question)
    passages = tuple(p for p in retrieval.passages if p.article.article_id in article_ids)
    if len({p.article.article_id for p in passages}) < 2:
        return Comparison(disagreements=(), pairs_compared=0, pairs_not_compared=0)
    narrowed = Retrieval(
        passages=passages, query_vector=retrieval.query_vector, seconds=retrieval.seconds
    )
    evidence = score_evidence(question, narrowed)
    return compare_passages(question, passages, evidence, language=language)


def _distinct(found: Sequence[Disagreement]) -> Iterable[Disagreement]:
    """Contradictions before what is explained, the strongest first; none on sentences shown."""
    order = {"conflict": 0, "framing": 1, "update": 2, "scope": 3, "reported": 4}
    ranked = sorted(found, key=lambda each: (order[each.status], -each.strength, each.aspect))
    shown: set[tuple[str, int]] = set()
    for each in ranked:
        quotes = {(c.article_id, c.start_char) for p in each.positions for c in p.claims}
        if len(quotes & shown) < 1:
            shown |= quotes
            yield each
