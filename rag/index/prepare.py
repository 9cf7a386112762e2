"""One batch of articles → what is written of it. Pure: any machine may do it, and do it again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.index.kept_tags import chunk_tags
from rag.index.records import IndexedArticle
from rag.ingest.chunk import chunk_article, embedding_text
from rag.ingest.clean import clean_article
from rag.ingest.copies import signature
from rag.protocols import FloatArray, Progress
from rag.settings import ChunkSettings
from rag.types import Article, Chunk, RawArticle


class BulkEmbedder(Protocol):
    """What indexing needs of a model: vectors of chunks and of the sentences within them."""

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Vectors of the texts, and for each text those of its spans."""
        ...

    def release(self) -> None:
        """Lets go of the model; the next text loads it again."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch ready to be written, and how long each stage took."""

    articles: Sequence[IndexedArticle]
    seconds: dict[str, float]


def prepare(
    raws: Sequence[RawArticle],
    embedder: BulkEmbedder,
    chunking: ChunkSettings,
    progress: Progress | None = None,
) -> Prepared:
    """Cleans, splits and embeds a batch; what it gives depends on nothing else."""
    started = time.perf_counter()
    cleaned: list[tuple[Article, tuple[Chunk, ...]]] = []
    for raw in raws:
        article = clean_article(raw)
        cleaned.append((article, chunk_article(article, chunking)))
    split = time.perf_counter()
    texts, spans = texts_and_spans(cleaned)
    vectors, sentences = embedder.embed_with_sentences(texts, spans, progress)
    embedded = time.perf_counter()
    tags = [[chunk_tags(article, chunk) for chunk in chunks] for article, chunks in cleaned]
    tagged = time.perf_counter()
    indexed, at = [], 0
    for (article, chunks), own_tags in zip(cleaned, tags, strict=True):
        end = at + len(chunks)
        indexed.append(
            IndexedArticle(
                article=article,
                chunks=chunks,
                chunk_vectors=vectors[at:end],
                sentence_vectors=tuple(sentences[at:end]),
                signature=signature(
                    article.text, published_at=article.published_at, origin=article.origin
                ),
                tags=own_tags,
            )
        )
        at = end
    took = {
        "clean and split": split - started,
        "embed": embedded - split,
        "tag": tagged - embedded,
        "sign": time.perf_counter() - tagged,
    }
    return Prepared(indexed, took)


def texts_and_spans(
    articles: Sequence[tuple[Article, tuple[Chunk, ...]]],
) -> tuple[list[str], list[list[tuple[int, int]]]]:
    """What is embedded: each chunk behind its context, and where its sentences lie in that."""
    texts: list[str] = []
    spans: list[list[tuple[int, int]]] = []
    for article, chunks in articles:
        for chunk in chunks:
            text = embedding_text(article, chunk)
            shift = len(text) - len(chunk.text) - chunk.start_char
            texts.append(text)
            spans.append([(s.start_char + shift, s.end_char + shift) for s in chunk.sentences])
    return texts, spans
