"""Questions to ask next: from what articles hold, each tried on the store before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rag.pipeline import Reading, read
from rag.types import Article, Question
from rag.wiring import Deps


def next_questions(
    articles: Iterable[Article],
    deps: Deps,
    *,
    filters: Question,
    known: Sequence[str] = (),
    most: int = 3,
    may_go_on: Callable[[], bool] = lambda: True,
) -> tuple[str, ...]:
    """Questions in the filters' language that the store answers, from what these articles hold.

    Each was asked before it is returned; ``known`` are questions that were asked already.
    """
    from rag.answer.next_questions import candidate_questions
    from rag.language.sentences import split_sentences

    language = filters.language
    sentences = [
        (article.article_id, article.text[span.start_char : span.end_char])
        for article in articles
        if article.language == language
        for span in split_sentences(article.text, language)
    ]
    found: list[str] = []
    for text in candidate_questions(sentences, language, known=known)[: 3 * most]:
        if len(found) == most or not may_go_on():
            break
        candidate = replace(filters, text=text, original=None)
        reading = read(candidate, deps)
        if _is_answered(candidate, reading, deps):
            found.append(text)
    return tuple(found)


def _is_answered(question: Question, reading: Reading, deps: Deps) -> bool:
    from rag.answer.abstain import decide

    decision = decide(
        question,
        reading.evidence,
        reading.retrieval,
        deps.settings.answer,
        deps.store.article_terms,
    )
    return decision.status == "answered"
