"""Where the articles of a topic contradict each other: questions they answer, asked of all.

Differences are found by the comparison of answers (``rag.compare``); here it is only decided what
to ask: the usual questions on an event, and one for each figure that near-equal sentences give
differently or that several origins give at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.answer.evidence import score_evidence
from rag.briefing.sentences import Sentence
from rag.briefing.statements import Difference, Statement
from rag.compare.engine import compare_passages
from rag.compare.whole_store import compare_articles
from rag.language.quantities import Quantity, quantities
from rag.language.terms import terms
from rag.retrieve.retrieve import Retrieval
from rag.types import Article, Comparison, Disagreement, Language, Question

Search = Callable[[Question], Retrieval]
Asked = tuple[str, Language]
_LEAST_STRENGTH = 0.28
_FIGURE_QUESTIONS = 10
_MOST_ARTICLES = 150
_FEWEST_COUNTED = 4
"""„Die drei Staatschefs“ counts nothing that a reader would ask for."""
_USUAL = {
    "de": (
        "Wo fand {0} statt?",
        "Wie lange dauerte {0}?",
        "Wie viele Tote gab es?",
        "Wie viele Verletzte gab es?",
    ),
    "en": (
        "Where did {0} take place?",
        "How long did {0} last?",
        "How many people were killed?",
        "How many people were injured?",
    ),
}
_HOW_MANY = {"de": "Wie viele {0} {1}?", "en": "How many {0} {1}?"}


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
    found = [each for each in alike.disagreements if _is_worth_showing(each)]
    compared = skipped = 0
    asked = _questions(topic, statements, differences, language)
    for text, tongue in asked:
        comparison = _compare(Question(text=text, language=tongue), search, article_ids, language)
        compared += comparison.pairs_compared
        skipped += comparison.pairs_not_compared
        found += [each for each in comparison.disagreements if _is_worth_showing(each)]
    return Contradictions(tuple(_distinct(found))[:limit], compared, skipped, len(asked))


def _is_worth_showing(found: Disagreement) -> bool:
    """What is explained away is news only where figures differ."""
    return found.strength >= _LEAST_STRENGTH and (
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


def _questions(
    topic: Question | None,
    statements: Sequence[Statement],
    differences: Sequence[Difference],
    language: Language,
) -> list[Asked]:
    asked: dict[Asked, None] = {}
    usual: tuple[str, ...] = ()
    if topic is not None:
        usual = _USUAL["de" if topic.language == "de" else "en"]
        asked.update({(each.format(topic.text), topic.language): None for each in usual})
    pairs = [sentence for each in differences for sentence in (each.first, each.second)]
    figures = [*pairs, *(each.best for each in statements)]
    for question in _figure_questions(figures):
        if len(asked) >= _FIGURE_QUESTIONS + len(usual):
            break
        asked.setdefault(question)
    return list(asked)


def _figure_questions(sentences: Iterable[Sentence]) -> Iterable[Asked]:
    """One question for each thing that is counted, in the words of its sentence."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for sentence in sentences:
        for quantity in quantities(sentence.quote, sentence.article.language):
            if quantity.kind not in ("count", "money") or not quantity.counted or quantity.is_weak:
                continue
            if quantity.value < _FEWEST_COUNTED:
                continue
            text = _how_many(sentence, quantity)
            key = (str(quantity.counted_stem), frozenset(terms(text, sentence.article.language)))
            if any(key[0] == known and _alike(key[1], words) for known, words in seen):
                continue
            seen.add(key)
            yield text, sentence.article.language


def _how_many(sentence: Sentence, quantity: Quantity) -> str:
    """„Wie viele Nordkoreaner …“ with the clause around the figure."""
    from rag.briefing.dated import clause_around

    start, end = clause_around(sentence.quote, quantity.start_char, quantity.end_char)
    before = sentence.quote[start : quantity.start_char].strip(' ,;:–—„“"')
    after = sentence.quote[quantity.end_char : end].strip(' ,;:–—„“".')
    after = after.removeprefix(str(quantity.counted)).strip()
    template = _HOW_MANY["de" if sentence.article.language == "de" else "en"]
    return template.format(quantity.counted, f"{after} {before}".strip())


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) >= 0.6 * max(1, min(len(first), len(second)))


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
