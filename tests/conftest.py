"""A small invented corpus that retrieval and answering are tried on, without a model or a disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from evals.fit.memory_store import MemoryChunk, MemoryStore
from rag.index.fake_embedder import HashEmbedder
from rag.ingest.chunk import chunk_article, embedding_text
from rag.retrieve.retrieve import Retrieval, retrieve
from rag.settings import ChunkSettings, RetrieveSettings
from rag.types import Article, Language, Question

TEXTS: list[tuple[str, str, str | None, str, str]] = [
    (
        "bruecke-1",
        "Talbote",
        "2025-03-04",
        "Neue Brücke in Quellheim eröffnet",
        "In Quellheim ist am Montag die neue Brücke über die Luhne eröffnet worden. "
        "Der Bau kostete 4,2 Millionen Euro. "
        "Bürgermeisterin Ottilie Brandeis durchschnitt das Band. "
        "Im Jahr 2019 hatte ein Hochwasser die alte Brücke zerstört. Die Bauzeit betrug 14 Monate.",
    ),
    (
        "bruecke-2",
        "Luhne-Zeitung",
        "2025-03-04",
        "Quellheim feiert seine Brücke",
        "Die neue Brücke über die Luhne in Quellheim ist am Montag eröffnet worden. "
        "Der Bau kostete 4,2 Millionen Euro. Viele Bürger kamen trotz Regen. "
        "Der Musikverein spielte einen Marsch.",
    ),
    (
        "bruecke-alt",
        "Talbote",
        "1998-06-02",
        "Brücke in Quellheim eröffnet",
        "In Quellheim ist am Dienstag die Brücke über die Luhne eröffnet worden. "
        "Der Bau kostete 900.000 Mark. Landrat Veit Ochsenkamp hielt die Rede.",
    ),
    (
        "seehund",
        "Küstenblatt",
        "2025-05-11",
        "Seehund im Freibad",
        "Ein junger Seehund hat sich in das Freibad von Tarnsiel verirrt. Tierpfleger "
        "Enno Rickleffs fing ihn nach drei Stunden ein. Das Tier wurde in die Nordsee gebracht.",
    ),
]


def build_store(rows: Sequence[tuple[str, str, str | None, str, str]]) -> MemoryStore:
    embedder = HashEmbedder()
    stored = []
    for article_id, source, day, title, text in rows:
        article = Article(
            article_id=article_id,
            text=text,
            content_hash="c",
            raw_hash="r",
            path=f"{article_id}.txt",
            language="de",
            title=title,
            source=source,
            published_at=day,
        )
        for chunk in chunk_article(article, ChunkSettings()):
            sentences = [text[s.start_char : s.end_char] for s in chunk.sentences]
            stored.append(
                MemoryChunk(
                    chunk=chunk,
                    article=article,
                    vector=embedder.embed_passages([embedding_text(article, chunk)])[0],
                    sentence_vectors=embedder.embed_passages(sentences),
                )
            )
    return MemoryStore(stored)


@pytest.fixture
def small_store() -> MemoryStore:
    return build_store(TEXTS)


@pytest.fixture
def ask_small(small_store: MemoryStore) -> Callable[..., tuple[Question, Retrieval]]:
    def run(text: str, language: Language = "de", **filters: object) -> tuple[Question, Retrieval]:
        question = Question(text=text, language=language, **filters)  # type: ignore[arg-type]
        return question, retrieve(question, small_store, HashEmbedder(), RetrieveSettings())

    return run
