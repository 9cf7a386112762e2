"""Baselines to beat, in the same run: what a user would have without this program.

``llama-index`` is its default chunker and vector retriever with the same embedding model, cut
into citable pieces as CitationQueryEngine does; without an LLM the best piece is the answer.
``bm25`` shows the best passage of a plain BM25, ``lead`` the opening of the best article.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from evals.metrics.texts import words
from evals.systems import System, extractive_answer
from rag.types import Answer, Article, Chunk, Passage, Question, Scores, Span, Turn

if TYPE_CHECKING:
    from rag.wiring import Deps

SHOWN = 1
"""Pieces an answer shows; more would hold more facts in an answer nobody reads to its end."""
RANKED = 10
CHUNK_TOKENS = 1024
CITATION_TOKENS = 512
"""llama-index's defaults: SentenceSplitter, and CitationQueryEngine's citation_chunk_size."""
LEAD_CHARS = 400
_K1, _B = 1.2, 0.75


def peers_of(deps: Deps) -> list[System]:
    """All baselines over the articles in the store."""
    articles = deps.store.articles()
    pieces = [piece for article in articles for piece in cut(article, CHUNK_TOKENS)]
    smaller = [piece for article in articles for piece in cut(article, CITATION_TOKENS)]
    return [
        LlamaIndex(smaller, deps),
        Bm25(pieces),
        Lead(articles),
    ]


class LlamaIndex:
    """llama-index's chunker, vector index and retriever with our embedding model."""

    name = "llama-index"
    takes_history = False

    def __init__(self, pieces: Sequence[tuple[Article, Chunk]], deps: Deps) -> None:
        from llama_index.core import VectorStoreIndex
        from llama_index.core.schema import TextNode

        self._model = deps.embedder.model_name
        self._pieces = {chunk.chunk_id: (article, chunk) for article, chunk in pieces}
        vectors = deps.embedder.embed_passages([chunk.text for _, chunk in pieces])
        nodes = [
            TextNode(id_=chunk.chunk_id, text=chunk.text, embedding=[float(v) for v in vector])
            for (_, chunk), vector in zip(pieces, vectors, strict=True)
        ]
        index = VectorStoreIndex(nodes, embed_model=_adapter(deps.embedder))
        self._retriever = index.as_retriever(similarity_top_k=RANKED)

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """The best pieces, as its citation engine would hand them to a model."""
        found = self._retriever.retrieve(question.text)
        ranked = [
            _passage(*self._pieces[node.node.node_id], rank, float(node.score or 0.0))
            for rank, node in enumerate(found, 1)
        ]
        return extractive_answer(question, ranked[:SHOWN], ranked, self._model)


class Bm25:
    """Okapi BM25 over lower-case words, no stems and no compounds."""

    name = "bm25"
    takes_history = False

    def __init__(self, pieces: Sequence[tuple[Article, Chunk]]) -> None:
        self._pieces = list(pieces)
        self._scorer = Bm25Scorer(chunk.text for _, chunk in pieces)

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """The best passages; a question that shares no word with any is refused."""
        scores = self._scorer.scores(question.text)
        order = [place for place in best_places(scores) if scores[place] > 0]
        ranked = [
            _passage(*self._pieces[place], rank, float(scores[place]))
            for rank, place in enumerate(order, 1)
        ]
        return extractive_answer(question, ranked[:SHOWN], ranked, "none")


class Lead:
    """The opening of the article that BM25 finds first: newspapers put the news there."""

    name = "lead"
    takes_history = False

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = list(articles)
        self._scorer = Bm25Scorer(article.text for article in articles)

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """One opening."""
        scores = self._scorer.scores(question.text)
        ranked = []
        for rank, place in enumerate(best_places(scores), 1):
            article = self._articles[place]
            end = _end_of_lead(article.text)
            chunk = _chunk(article, 0, 0, end)
            ranked.append(_passage(article, chunk, rank, float(scores[place])))
        return extractive_answer(question, ranked[:1], ranked, "none")


class Bm25Scorer:
    """The textbook formula over a few thousand texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = [Counter(words(text)) for text in texts]
        self._lengths = np.array([sum(counts.values()) for counts in self._counts], dtype=float)
        self._average = float(self._lengths.mean()) if len(self._lengths) else 0.0
        self._holding = Counter(word for counts in self._counts for word in counts)

    def scores(self, query: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """A score for each text."""
        total = np.zeros(len(self._counts))
        for word in set(words(query)):
            holding = self._holding.get(word, 0)
            if not holding:
                continue
            rarity = math.log(1 + (len(self._counts) - holding + 0.5) / (holding + 0.5))
            counts = np.array([c.get(word, 0) for c in self._counts], dtype=float)
            norm = _K1 * (1 - _B + _B * self._lengths / max(self._average, 1.0))
            total += rarity * counts * (_K1 + 1) / (counts + norm)
        return total


def best_places(scores: np.ndarray[Any, np.dtype[np.float64]]) -> list[int]:
    """The places of the highest scores; ties in the order given."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:RANKED]]


def cut(article: Article, tokens: int) -> list[tuple[Article, Chunk]]:
    """llama-index's SentenceSplitter, with offsets found again in the article."""
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(chunk_size=tokens, chunk_overlap=20)
    pieces, start = [], 0
    for position, piece in enumerate(splitter.split_text(article.text)):
        found = article.text.find(piece, max(0, start - len(piece)))
        if found < 0:
            # It joins with other white space than the article has: no offset, nothing to cite.
            continue
        pieces.append((article, _chunk(article, position, found, found + len(piece))))
        start = found + len(piece)
    return pieces


def _adapter(embedder: Any) -> Any:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    class Adapter(BaseEmbedding):
        """Our embedder under llama-index's name."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(v) for v in embedder.embed_queries([query])[0]]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return [float(v) for v in embedder.embed_passages([text])[0]]

    return Adapter(model_name=embedder.model_name)


def _end_of_lead(text: str) -> int:
    if len(text) <= LEAD_CHARS:
        return len(text)
    space = text.rfind(" ", 0, LEAD_CHARS)
    return space if space > 0 else LEAD_CHARS


def _chunk(article: Article, position: int, start: int, end: int) -> Chunk:
    return Chunk(
        chunk_id=f"{article.article_id}:{position}:{start}",
        article_id=article.article_id,
        position=position,
        text=article.text[start:end],
        start_char=start,
        end_char=end,
        sentences=(Span(start_char=start, end_char=end),),
    )


def _passage(article: Article, chunk: Chunk, rank: int, score: float) -> Passage:
    return Passage(
        chunk=chunk,
        article=article,
        rank=rank,
        scores=Scores(dense=score, lexical=score, fused=score),
    )
