"""Articles, questions and gold sentences of a SQuAD-form file, with vectors cached on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.fit.memory_store import MemoryChunk
from rag.ingest.chunk import chunk_article, embedding_text
from rag.protocols import Embedder, FloatArray
from rag.settings import ChunkSettings
from rag.types import Article, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with the paragraph that answers it; ``group`` is the article it comes from."""

    question_id: str
    text: str
    language: Language
    article_id: str
    group: int
    spans: tuple[str, ...]
    starts: tuple[int, ...]
    vector: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCorpus:
    """Paragraphs as articles and the questions on them."""

    chunks: tuple[MemoryChunk, ...]
    questions: tuple[GoldQuestion, ...]


def load_squad(path: Path, language: Language, embedder: Embedder, cache: Path) -> GoldCorpus:
    """Each paragraph is an article, as in ``score_squad.py``."""
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    articles: list[Article] = []
    rows: list[tuple[str, str, int, list[dict[str, object]], str]] = []
    for group, document in enumerate(data):
        title = document.get("title", "").replace("_", " ")
        for place, paragraph in enumerate(document["paragraphs"]):
            article = _article(f"a{group}p{place}", title, f"wiki-{group}", paragraph, language)
            articles.append(article)
            rows += [
                (str(q["id"]), q["question"], group, q["answers"], article.article_id)
                for q in paragraph["qas"]
            ]
    vectors = cached_vectors([row[1] for row in rows], embedder, cache, is_query=True)
    questions = tuple(
        GoldQuestion(
            question_id=row[0],
            text=row[1],
            language=language,
            article_id=row[4],
            group=row[2],
            spans=tuple(str(answer["text"]) for answer in row[3]),
            starts=tuple(int(str(answer["answer_start"])) for answer in row[3]),
            vector=vectors[index],
        )
        for index, row in enumerate(rows)
    )
    return GoldCorpus(chunks=embed_articles(articles, embedder, cache), questions=questions)


def _article(
    article_id: str, title: str, source: str, paragraph: dict[str, str], language: Language
) -> Article:
    text = paragraph["context"]
    return Article(
        article_id=article_id,
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language=language,
        title=title,
        source=source,
    )


def embed_articles(
    articles: Sequence[Article], embedder: Embedder, cache: Path
) -> tuple[MemoryChunk, ...]:
    """Chunks with vectors, as ingestion makes them: every sentence is embedded by itself."""
    settings = ChunkSettings()
    cut = [(article, chunk) for article in articles for chunk in chunk_article(article, settings)]
    chunk_texts = [embedding_text(article, chunk) for article, chunk in cut]
    sentence_texts = [
        article.text[span.start_char : span.end_char]
        for article, chunk in cut
        for span in chunk.sentences
    ]
    chunk_vectors = cached_vectors(chunk_texts, embedder, cache, is_query=False)
    sentence_vectors = cached_vectors(sentence_texts, embedder, cache, is_query=False)
    stored, start = [], 0
    for index, (article, chunk) in enumerate(cut):
        end = start + len(chunk.sentences)
        stored.append(
            MemoryChunk(
                chunk=chunk,
                article=article,
                vector=chunk_vectors[index],
                sentence_vectors=sentence_vectors[start:end],
            )
        )
        start = end
    return tuple(stored)


def cached_vectors(
    texts: Sequence[str], embedder: Embedder, cache: Path, *, is_query: bool
) -> FloatArray:
    """Vectors of ``texts``, read from ``cache`` when the same texts were embedded before."""
    digest = hashlib.sha256(
        json.dumps([embedder.fingerprint, is_query, list(texts)]).encode()
    ).hexdigest()[:24]
    path = cache / f"{digest}.npy"
    if path.exists():
        known: FloatArray = np.load(path)
        return known
    vectors = embedder.embed_queries(texts) if is_query else embedder.embed_passages(texts)
    cache.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors
