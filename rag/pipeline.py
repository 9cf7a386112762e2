"""The map of the program: what happens to articles and to a question, in order.

Each stage is imported when it runs, so that a command pays for its own stages only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.types import (
    Answer,
    Briefing,
    BriefingLength,
    Comparison,
    Evidence,
    Language,
    Question,
    Run,
    Turn,
)
from rag.wiring import Deps, preparing

if TYPE_CHECKING:
    from rag.answer.grouping import Statement
    from rag.compare.matrix import Matrix
    from rag.index.build import BuildReport, Report
    from rag.retrieve.retrieve import Retrieval


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was found for a question, before an answer is written."""

    question: Question
    retrieval: Retrieval
    evidence: tuple[Evidence, ...]
    comparison: Comparison
    seconds: dict[str, float]
    notes: tuple[str, ...] = ()
    overview: tuple[Statement, ...] = ()
    """The statements of the answer where an overview is asked for; else they are yet to be chosen.
    """


def ingest(
    paths: Sequence[Path],
    deps: Deps,
    *,
    prune: bool = False,
    on_progress: Report = lambda stage, done, total: None,
    ray: str | None = None,
) -> BuildReport:
    """Files → index; with ``ray`` on the machines of the cluster at that address."""
    from rag.index.build import build

    with preparing(deps, ray) as prepare_all:
        return build(
            paths,
            store=deps.store,
            embedder=deps.embedder,
            settings=deps.settings,
            prune=prune,
            on_progress=on_progress,
            prepare_all=prepare_all,
        )


def search(question: Question, deps: Deps) -> Retrieval:
    """Question → ranked passages, for the question as it is written."""
    from rag.index.following import in_one_space
    from rag.retrieve.retrieve import retrieve

    return in_one_space(
        deps.store,
        lambda: retrieve(question, deps.store, deps.embedder, deps.settings.retrieve),
    )


def compare(question: Question, deps: Deps, *, explain: bool = False) -> Matrix:
    """Question → what each article answers, and where the answers differ."""
    from rag.answer.evidence import score_evidence
    from rag.compare.matrix import answer_matrix
    from rag.compare.sureness import keep_sure
    from rag.retrieve.spelling import as_meant

    question, _ = as_meant(question, deps.store)
    retrieval = search(question, deps)
    matrix = answer_matrix(
        question,
        retrieval.passages,
        score_evidence(question, retrieval),
        language=question.language,
        explain=explain,
    )
    return replace(matrix, comparison=keep_sure(matrix.comparison, question.language))


def compare_store(
    question: Question, deps: Deps, *, most: int, explain: bool = False
) -> tuple[Comparison, Language]:
    """All conflicts among the articles that pass the question's filters, and their language."""
    from rag.compare.whole_store import compare_articles

    allowed = deps.store.article_ids(
        outlets=question.outlets or None,
        published_from=question.published_from,
        published_to=question.published_to,
    )
    articles = [a for one in sorted(allowed) if (a := deps.store.article(one)) is not None]
    german = sum(article.language == "de" for article in articles)
    return (
        compare_articles(articles, limit=most, explain=explain),
        "de" if 2 * german >= len(articles) else "en",
    )


def read(question: Question, deps: Deps, *, only_sure: bool = True) -> Reading:
    """Question → passages → evidence → disagreements."""
    from rag.answer.evidence import score_evidence
    from rag.compare.engine import compare_passages
    from rag.compare.sureness import keep_sure
    from rag.retrieve.spelling import as_meant

    started = time.perf_counter()
    question, notes = as_meant(question, deps.store)
    retrieval = search(question, deps)
    retrieved = time.perf_counter()
    evidence = score_evidence(question, retrieval)
    scored = time.perf_counter()
    comparison = compare_passages(
        question, retrieval.passages, evidence, language=question.language
    )
    if only_sure:
        comparison = keep_sure(comparison, question.language)
    compared = time.perf_counter()
    return Reading(
        question=question,
        notes=notes,
        retrieval=retrieval,
        evidence=evidence,
        comparison=comparison,
        seconds={
            "retrieve": retrieved - started,
            "evidence": scored - retrieved,
            "compare": compared - scored,
        },
    )


def read_overview(question: Question, deps: Deps) -> Reading | None:
    """The same where an overview is asked for ("Worum geht es?") of what the articles hold."""
    from rag.language.overview import overview_topic

    topic = overview_topic(question.text, question.language)
    if topic is None:
        return None
    from rag.briefing.overview import overview
    from rag.index.following import in_one_space

    started = time.perf_counter()
    found = in_one_space(
        deps.store,
        lambda: overview(topic, question, deps.store, deps.embedder, deps.settings.retrieve),
    )
    if found is None:
        return None
    return Reading(
        question=question,
        retrieval=found.retrieval,
        evidence=found.evidence,
        comparison=found.comparison,
        seconds={"overview": time.perf_counter() - started},
        overview=found.statements,
    )


def ask(
    question: Question,
    deps: Deps,
    *,
    history: Sequence[Turn] = (),
    on_draft: Callable[[str], None] | None = None,
) -> Answer:
    """Question → cited answer with the disagreements that touch it.

    ``history`` are the turns before it, oldest first. ``on_draft`` sees what a language model has
    written so far, unchecked.
    """
    from rag.answer.abstain import Decision, decide
    from rag.answer.coverage import coverage
    from rag.answer.extractive import compose
    from rag.answer.single_source import single_source_note
    from rag.answer.writing import standing_alone, write
    from rag.index.memory import settle

    started = time.perf_counter()
    question, notes = standing_alone(question, history, deps.model, deps.settings)
    reading = read_overview(question, deps) or read(question, deps)
    before = time.perf_counter()
    meant = reading.question
    if reading.overview:
        decision = Decision(status="answered", confidence=1.0)
    else:
        decision = decide(
            meant,
            reading.evidence,
            reading.retrieval,
            deps.settings.answer,
            deps.store.article_terms,
        )
    composed = compose(
        meant,
        reading.evidence,
        decision,
        reading.comparison.disagreements,
        reading.retrieval.passages,
        deps.settings.answer,
        statements=reading.overview,
    )
    written = None
    if deps.model is not None and decision.status != "not_in_sources":
        written = write(
            meant, reading.evidence, composed, deps.model, deps.settings, deps.embedder, on_draft
        )
        composed = written.composed
    single = single_source_note(
        composed.citations, (passage.article for passage in reading.retrieval.passages)
    )
    ended = time.perf_counter()
    settle()
    return Answer(
        question=question,
        status=decision.status,
        text=composed.text,
        sentences=composed.sentences,
        citations=composed.citations,
        disagreements=composed.disagreements,
        coverage=coverage(
            reading.retrieval,
            reading.comparison,
            {citation.article_id for citation in composed.citations},
        ),
        run=Run(
            mode=written.mode if written else "extractive",
            llm=written.model_name if written else None,
            embedding_model=deps.embedder.model_name,
            index_fingerprint=deps.fingerprint,
            prompt_hashes=written.prompt_hashes if written else {},
            seconds={**reading.seconds, "answer": ended - before, "total": ended - started},
            notes=(
                *notes,
                *reading.notes,
                *reading.retrieval.notes,
                *reading.comparison.notes,
                *composed.notes,
                *((single,) if single else ()),
            ),
            usage=written.usage if written else {},
        ),
        passages=reading.retrieval.passages,
    )


def brief(
    topic: Question | str | None,
    deps: Deps,
    *,
    length: BriefingLength = "normal",
    language: Language | None = None,
    filters: Question | None = None,
    on_progress: Report = lambda stage, done, total: None,
) -> Briefing:
    """Topic → briefing; without a topic the main events of the store, within the filters.

    A language model, where there is one, words the sections; each sentence is checked.
    """
    from rag.briefing.author_open import open_author
    from rag.briefing.brief import brief_topic
    from rag.language.detect import detect_language

    if isinstance(topic, str):
        topic = Question(text=topic, language=detect_language(topic))
    return brief_topic(
        topic,
        deps.store,
        deps.embedder,
        deps.fingerprint,
        length=length,
        language=language,
        filters=filters,
        on_progress=on_progress,
        author=open_author(deps.model, deps.embedder, deps.settings) if deps.model else None,
    )
