"""Fourth stage: Question → Passages. Search twice, fuse, spread over outlets."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from rag.language.terms import query_terms
from rag.protocols import Embedder, FloatArray
from rag.retrieve.candidates import Candidate, PassageStore, load_candidates
from rag.retrieve.chain import run_chain
from rag.retrieve.fusion import rank
from rag.retrieve.matching import question_words
from rag.retrieve.spread import spread
from rag.settings import RetrieveSettings
from rag.types import Passage, Question, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """The passages for a question, best first, and how they were found."""

    passages: tuple[Passage, ...]
    query_vector: FloatArray
    seconds: float
    notes: tuple[str, ...] = ()


def retrieve(
    question: Question, store: PassageStore, embedder: Embedder, settings: RetrieveSettings
) -> Retrieval:
    """The passages of the store that fit the question and its filters."""
    started = time.perf_counter()
    vector = embedder.embed_queries([question.text])[0]
    allowed = None
    if question.outlets or question.published_from or question.published_to:
        allowed = store.article_ids(
            outlets=question.outlets or None,
            published_from=question.published_from,
            published_to=question.published_to,
        )
        if not allowed:
            note = "No article in the store passes the filters for outlet and date."
            return Retrieval(
                passages=(),
                query_vector=vector,
                seconds=time.perf_counter() - started,
                notes=(note,),
            )
    words = question_words(question.text, question.language)
    wanted = query_terms(question.text, question.language)
    ranked: dict[str, tuple[Candidate, float]] = {}

    def rank_found(query: FloatArray, chunk_ids: Sequence[str]) -> list[tuple[str, float]]:
        found = rank(words, load_candidates(store, chunk_ids, query, wanted))
        ranked.update({c.chunk.chunk_id: (c, score) for c, score in found})
        return [(candidate.chunk.chunk_id, score) for candidate, score in found]

    order = run_chain(
        question.text,
        vector,
        searches=(
            lambda query: store.search_dense(query, settings.candidates, allowed),
            lambda query: store.search_lexical(wanted, settings.candidates, allowed),
        ),
        rank=rank_found,
    )
    chosen = spread(
        [ranked[chunk_id] for chunk_id, _ in order],
        top_k=settings.top_k,
        per_outlet=settings.per_outlet,
        per_origin=settings.per_origin,
    )
    return Retrieval(
        passages=tuple(_passage(place, *found) for place, found in enumerate(chosen, start=1)),
        query_vector=vector,
        seconds=time.perf_counter() - started,
    )


def _passage(place: int, candidate: Candidate, fused: float) -> Passage:
    return Passage(
        chunk=candidate.chunk,
        article=candidate.article,
        rank=place,
        scores=Scores(
            dense=candidate.dense,
            lexical=candidate.lexical,
            fused=fused,
            best_sentence=candidate.best_sentence,
        ),
        sentence_similarities=candidate.sentence_similarities,
    )
