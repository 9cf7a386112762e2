"""The retrieval chain in llama-index's terms: the only file that uses its names.

Its global ``Settings`` is never touched: every retriever gets its own callback manager.
"""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.protocols import FloatArray
from rag.retrieve.chain import Rank, Ranked, Search


class _SearchRetriever(BaseRetriever):
    """One search of the store."""

    def __init__(self, search: Search) -> None:
        super().__init__(callback_manager=CallbackManager())
        self._search = search

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return _nodes(self._search(_vector(query_bundle)))


class HybridRetriever(BaseRetriever):
    """Joins what several searches found and ranks it anew."""

    def __init__(self, searches: Sequence[Search], rank: Rank) -> None:
        super().__init__(callback_manager=CallbackManager())
        self._retrievers = [_SearchRetriever(search) for search in searches]
        self._rank = rank

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = [
            node.node.node_id
            for retriever in self._retrievers
            for node in retriever.retrieve(query_bundle)
        ]
        return _nodes(self._rank(_vector(query_bundle), list(dict.fromkeys(found))))


def run_chain(
    question: str, vector: FloatArray, searches: Sequence[Search], rank: Rank
) -> list[tuple[str, float]]:
    """Chunk ids with fused scores, best first."""
    bundle = QueryBundle(query_str=question, embedding=[float(value) for value in vector])
    nodes = HybridRetriever(searches, rank).retrieve(bundle)
    return [(node.node.node_id, float(node.score or 0.0)) for node in nodes]


def _nodes(ranked: Ranked) -> list[NodeWithScore]:
    return [
        NodeWithScore(node=TextNode(id_=chunk_id, text=""), score=score)
        for chunk_id, score in ranked
    ]


def _vector(bundle: QueryBundle) -> FloatArray:
    import numpy as np

    return np.asarray(bundle.embedding, dtype=np.float32)
