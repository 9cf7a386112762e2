"""Runs retrieval and evidence for gold questions against a store in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing import get_context
from random import Random
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from evals.fit.memory_store import MemoryChunk, MemoryStore
from evals.fit.squad import GoldCorpus, GoldQuestion
from rag.answer.features import ScoredSentence, score_sentences
from rag.protocols import FloatArray, Progress
from rag.retrieve.matching import QuestionWords, question_words
from rag.retrieve.retrieve import retrieve
from rag.settings import RetrieveSettings
from rag.types import Passage, Question

T = TypeVar("T")
_TWINNED = 0.6
"""Share of small stores that hold each paragraph twice, as two outlets that report the same."""
Setting = Literal["full", "paragraph", "article"]
"""What is left out of the store: nothing, the paragraph that answers, or its whole article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question against one store, with its sentences and which of them answer it."""

    question: GoldQuestion
    setting: Setting
    words: QuestionWords
    passages: tuple[Passage, ...]
    sentences: tuple[ScoredSentence, ...]
    answers: NDArray[np.bool_]
    holds_span: NDArray[np.bool_]


class KnownVectors:
    """An embedder that knows the vectors of the gold questions already."""

    model_name = fingerprint = "known"

    def __init__(self, vectors: Mapping[str, FloatArray]) -> None:
        self._vectors = vectors

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return len(next(iter(self._vectors.values())))

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """The stored vectors."""
        return np.stack([self._vectors[text] for text in texts])

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Never asked for: the store has its vectors."""
        raise NotImplementedError


class Examiner:
    """Asks gold questions of one language of a corpus in another, whole or with parts missing."""

    def __init__(
        self,
        corpus: GoldCorpus,
        questions: Sequence[GoldQuestion],
        twins: Sequence[MemoryChunk] = (),
    ) -> None:
        self._chunks = corpus.chunks
        self._twins = [_renamed(stored) for stored in twins]
        self._store = MemoryStore(corpus.chunks)
        self._spans = {q.question_id: q for q in corpus.questions}
        self._embedder = KnownVectors({q.text: q.vector for q in questions})
        self._ids = sorted({stored.article.article_id for stored in corpus.chunks})
        self._reduced: dict[str, MemoryStore] = {}

    def ask(self, question: GoldQuestion, setting: Setting, *, is_small: bool) -> Case:
        """The case; a small store holds the question's article and one or three others."""
        store = self._small(question, setting) if is_small else self._large(question, setting)
        found = retrieve(
            Question(text=question.text, language=question.language),
            store,
            self._embedder,
            RetrieveSettings(),
        )
        words = question_words(question.text, question.language)
        sentences = score_sentences(words, found.passages)
        gold = self._spans[question.question_id]
        spans = [_plain(span) for span in gold.spans]
        holds = np.array([any(s in _plain(row.quote) for s in spans) for row in sentences], bool)
        own = np.array([r.passage.article.article_id == gold.article_id for r in sentences], bool)
        starts = np.array(
            [
                any(r.span.start_char <= at < r.span.end_char for at in gold.starts)
                for r in sentences
            ],
            bool,
        )
        answers = own & holds if (own & holds).any() else own & starts
        return Case(
            question=question,
            setting=setting,
            words=words,
            passages=found.passages,
            sentences=sentences,
            answers=answers,
            holds_span=holds,
        )

    def _large(self, question: GoldQuestion, setting: Setting) -> MemoryStore:
        if setting == "full":
            return self._store
        place = question.article_id.split("p")[1]
        key = f"p{place}" if setting == "paragraph" else f"a{question.group % 6}"
        if key not in self._reduced:
            gone = {
                each
                for each in self._ids
                if (
                    each.endswith(key)
                    if setting == "paragraph"
                    else _group(each) % 6 == int(key[1:])
                )
            }
            self._reduced[key] = self._store.without(gone)
        return self._reduced[key]

    def _small(self, question: GoldQuestion, setting: Setting) -> MemoryStore:
        random = Random(question.question_id)
        groups = sorted({_group(each) for each in self._ids} - {question.group})
        same_half = [group for group in groups if group % 2 == question.group % 2]
        kept = {*random.sample(same_half, random.choice([1, 3]))}
        if setting != "article":
            kept.add(question.group)
        gone = question.article_id[1:] if setting == "paragraph" else ""
        chunks = [*self._chunks, *(self._twins if random.random() < _TWINNED else [])]
        return MemoryStore(
            [
                stored
                for stored in chunks
                if _group(stored.article.article_id) in kept
                and stored.article.article_id[1:] != gone
            ]
        )


def _renamed(stored: MemoryChunk) -> MemoryChunk:
    """The same paragraph in another language as another article: "a3p1" becomes "t3p1"."""
    article = replace(
        stored.article,
        article_id=f"t{stored.article.article_id[1:]}",
        source=f"{stored.article.source} twin",
    )
    chunk = replace(
        stored.chunk,
        article_id=article.article_id,
        chunk_id=f"{article.article_id}:{stored.chunk.position}",
    )
    return replace(stored, article=article, chunk=chunk)


def in_parallel(work: Callable[[int], T], count: int, processes: int = 2) -> list[T]:
    """``work`` for 0..count-1 in forked processes, in order."""
    _WORK[:] = [work]
    with get_context("fork").Pool(processes) as pool:
        return pool.map(_run, range(count), chunksize=20)


def _run(index: int) -> Any:
    return _WORK[0](index)


_WORK: list[Callable[[int], Any]] = []
"""What forked processes run: a function cannot be sent to them, but they inherit this."""


def _group(article_id: str) -> int:
    return int(article_id[1:].split("p")[0])


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
