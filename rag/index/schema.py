"""The tables of the catalogue and how the values of ``rag.types`` lie in their rows.

Plain tables and bytes only, so that the same schema holds in SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    SmallInteger,
    String,
    Table,
    Text,
    case,
    func,
)

from rag.errors import StoreDamagedError
from rag.protocols import FloatArray
from rag.types import Article, ArticleHead, Chunk, Removal, Span

tables = MetaData()

# Ordered and compared by bytes everywhere, whatever language a server was set up for.
Key = String().with_variant(String(collation="C"), "postgresql")

meta = Table(
    "meta",
    tables,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = Table(
    "runs",
    tables,
    Column("run_id", Integer, primary_key=True),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
)

articles = Table(
    "articles",
    tables,
    Column("article_id", Key, primary_key=True),
    Column("content_hash", String, nullable=False),
    Column("raw_hash", String, nullable=False),
    Column("path", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("title", Text),
    Column("source", Text),
    Column("url", Text),
    Column("published_at", Key),
    Column("authors", Text, nullable=False),
    Column("origin", Text),
    Column("origin_id", String),
    Column("duplicate_of", String),
    Column("removed", Text, nullable=False),
    Column("notes", Text, nullable=False),
    # Last: what stands behind a long value is read through all of its pages.
    Column("signature", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
)

chunks = Table(
    "chunks",
    tables,
    # Counted upwards and never used twice: posting lists grow at their end.
    Column("chunk_no", Integer, primary_key=True, autoincrement=False),
    Column("chunk_id", Key, nullable=False, unique=True),
    Column(
        "article_id",
        ForeignKey("articles.article_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("position", Integer, nullable=False),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("sentences", LargeBinary, nullable=False),
    Column("terms", Text, nullable=False),
    # Indexed because the counts of all chunks are read without the rest of their rows.
    Column("term_count", Integer, nullable=False, index=True),
)

vectors = Table(
    "vectors",
    tables,
    Column("chunk_no", ForeignKey("chunks.chunk_no", ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("sentence_vectors", LargeBinary, nullable=False),
)

next_vectors = Table(
    "next_vectors",
    tables,
    Column("chunk_no", ForeignKey("chunks.chunk_no", ondelete="CASCADE"), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("sentence_vectors", LargeBinary, nullable=False),
)
"""What ``vectors`` will be once all chunks have one of another model."""

parts_of_speech = Table(
    "parts_of_speech",
    tables,
    Column("chunk_no", ForeignKey("chunks.chunk_no", ondelete="CASCADE"), primary_key=True),
    Column("tags", LargeBinary, nullable=False),
)
"""What the words of each chunk's sentences are; see ``rag.index.kept_tags``."""

postings = Table(
    "postings",
    tables,
    Column("term", Key, primary_key=True),
    Column("block", SmallInteger, primary_key=True),
    Column("chunk_nos", LargeBinary, nullable=False),
    Column("frequencies", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

unmirrored = Table(
    "unmirrored",
    tables,
    # Counted upwards: what one writer has brought to Chroma is told from what came after.
    Column("change_no", Integer, primary_key=True),
    Column("chunk_id", Key, nullable=False),
    sqlite_autoincrement=True,
)
"""Chunks that changed since Chroma was last in step, whichever process changed them."""

sums = Table(
    "sums",
    tables,
    Column(
        "article_id",
        ForeignKey("articles.article_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("digest", String, nullable=False),
)
"""What each article must add up to; see ``rag.index.sums``."""

_ARTICLE_TEXT_FIELDS = (
    "article_id",
    "text",
    "content_hash",
    "raw_hash",
    "path",
    "language",
    "title",
    "source",
    "url",
    "published_at",
    "origin",
    "origin_id",
    "duplicate_of",
)


_HEAD_FIELDS = tuple(name for name in _ARTICLE_TEXT_FIELDS if name not in ("text", "raw_hash"))
head_columns = (
    *(articles.c[name] for name in (*_HEAD_FIELDS, "authors", "notes")),
    case((articles.c.title.is_(None), func.substr(articles.c.text, 1, 100))).label("beginning"),
)
"""What a list of articles needs: none of their texts."""


def article_row(article: Article, signature: bytes) -> dict[str, Any]:
    """The row of an article."""
    return {
        **{name: getattr(article, name) for name in _ARTICLE_TEXT_FIELDS},
        "authors": _json(article.authors),
        "removed": _json([asdict(removal) for removal in article.removed]),
        "notes": _json(article.notes),
        "signature": signature,
    }


def article_from_row(row: RowMapping) -> Article:
    """The article of a row."""
    with _as_written(f"the article {row['article_id']!r}"):
        if not isinstance(row["text"], str):
            raise TypeError("the text is none")
        fields = {name: row[name] for name in _ARTICLE_TEXT_FIELDS}
        if fields["language"] not in ("de", "en"):
            fields["language"] = "other"
        return Article(
            **fields,
            authors=tuple(json.loads(row["authors"])),
            removed=tuple(Removal(**removal) for removal in json.loads(row["removed"])),
            notes=tuple(json.loads(row["notes"])),
        )


def head_from_row(row: RowMapping, chunks_held: int) -> ArticleHead:
    """The head of an article of a row."""
    return ArticleHead(
        **{name: row[name] for name in _HEAD_FIELDS},
        chunks=chunks_held,
        authors=tuple(json.loads(row["authors"])),
        notes=tuple(json.loads(row["notes"])),
        beginning=row["beginning"],
    )


def chunk_row(chunk_no: int, chunk: Chunk, terms: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The row of a chunk; its text is the article's, cut at its offsets.

    ``terms`` are those of the title and of each sentence. They lie in a line each, so that a
    question need not make them again; stores of earlier versions have all in one line.
    """
    return {
        "chunk_no": chunk_no,
        "chunk_id": chunk.chunk_id,
        "article_id": chunk.article_id,
        "position": chunk.position,
        "start_char": chunk.start_char,
        "end_char": chunk.end_char,
        "sentences": _spans_to_bytes(chunk.sentences),
        "terms": "\n".join(" ".join(line) for line in terms),
        "term_count": sum(map(len, terms)),
    }


def chunk_from_row(row: RowMapping, article_text: str) -> Chunk:
    """The chunk of a row and the text of its article."""
    return Chunk(
        chunk_id=row["chunk_id"],
        article_id=row["article_id"],
        position=row["position"],
        text=article_text[row["start_char"] : row["end_char"]],
        start_char=row["start_char"],
        end_char=row["end_char"],
        sentences=_spans_from_bytes(row["sentences"]),
    )


def vector_row(chunk_no: int, vector: FloatArray, sentence_vectors: FloatArray) -> dict[str, Any]:
    """The row of a chunk's vectors: the chunk's exact, those of its sentences in half precision."""
    return {
        "chunk_no": chunk_no,
        "vector": vector.astype("<f4").tobytes(),
        "sentence_vectors": sentence_vectors.astype("<f2").tobytes(),
    }


def vector_from_bytes(stored: bytes) -> FloatArray:
    """The vector of a chunk."""
    with _as_written("a vector"):
        return np.frombuffer(stored, dtype="<f4")


def sentence_vectors_from_bytes(stored: bytes, dimension: int) -> FloatArray:
    """The vectors of a chunk's sentences, shape (sentences, dimension)."""
    with _as_written("a vector"):
        return np.frombuffer(stored, dtype="<f2").reshape(-1, dimension).astype(np.float32)


def _spans_to_bytes(spans: Sequence[Span]) -> bytes:
    flat = [offset for span in spans for offset in (span.start_char, span.end_char)]
    return np.array(flat, dtype="<u4").tobytes()


def _spans_from_bytes(stored: bytes) -> tuple[Span, ...]:
    with _as_written("the sentences of a chunk"):
        pairs = np.frombuffer(stored, dtype="<u4").reshape(-1, 2).tolist()
        return tuple(Span(start_char=start, end_char=end) for start, end in pairs)


@contextmanager
def _as_written(what: str) -> Iterator[None]:
    """What is not as this program writes it is damage, whatever SQLite thinks of it."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        raise damaged_row(what) from error


def damaged_row(what: str) -> StoreDamagedError:
    """For a row that this program did not write."""
    return StoreDamagedError(
        f"The catalogue is damaged: {what} cannot be read.",
        "Run `rag store check --repair`: it saves all articles that are whole.",
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
