"""Changes to the catalogue. Each function works inside the caller's transaction."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from rag.index.catalogue import read_number, write_meta
from rag.index.kept_terms import chunk_terms
from rag.index.lexical import add_postings, remove_postings
from rag.index.records import IndexedArticle
from rag.index.schema import (
    article_row,
    articles,
    chunk_row,
    chunks,
    parts_of_speech,
    runs,
    sums,
    vector_row,
    vectors,
)
from rag.index.sums import article_sum

_MOST_PARAMETERS = 500
_NEXT_CHUNK_NO = "next_chunk_no"


def insert_articles(connection: Connection, batch: Sequence[IndexedArticle]) -> set[str]:
    """Stores new articles with chunks, vectors and postings; the ids of their chunks."""
    first_no = read_number(connection, _NEXT_CHUNK_NO)
    chunk_rows: list[dict[str, Any]] = []
    vector_rows: list[dict[str, Any]] = []
    tag_rows: list[dict[str, Any]] = []
    terms_by_chunk: dict[int, list[str]] = {}
    for indexed in batch:
        _check(indexed)
        for row, chunk in enumerate(indexed.chunks):
            number = first_no + len(chunk_rows)
            lines = chunk_terms(indexed.article, chunk)
            terms_by_chunk[number] = [term for line in lines for term in line]
            chunk_rows.append(chunk_row(number, chunk, lines))
            vector_rows.append(
                vector_row(number, indexed.chunk_vectors[row], indexed.sentence_vectors[row])
            )
            if indexed.tags:
                tag_rows.append({"chunk_no": number, "tags": indexed.tags[row]})
    article_rows = [article_row(indexed.article, indexed.signature) for indexed in batch]
    connection.execute(insert(articles), article_rows)
    if chunk_rows:
        connection.execute(insert(chunks), chunk_rows)
        connection.execute(insert(vectors), vector_rows)
    if tag_rows:
        connection.execute(insert(parts_of_speech), tag_rows)
    connection.execute(insert(sums), _sums(batch, article_rows, chunk_rows, vector_rows))
    add_postings(connection, terms_by_chunk)
    write_meta(connection, _NEXT_CHUNK_NO, first_no + len(chunk_rows))
    return {row["chunk_id"] for row in chunk_rows}


def _sums(
    batch: Sequence[IndexedArticle],
    article_rows: Sequence[dict[str, Any]],
    chunk_rows: Sequence[dict[str, Any]],
    vector_rows: Sequence[dict[str, Any]],
) -> list[dict[str, str]]:
    found, at = [], 0
    for indexed, row in zip(batch, article_rows, strict=True):
        end = at + len(indexed.chunks)
        digest = article_sum(row, chunk_rows[at:end], vector_rows[at:end])
        found.append({"article_id": row["article_id"], "digest": digest})
        at = end
    return found


def delete_articles(connection: Connection, article_ids: Collection[str]) -> set[str]:
    """Forgets articles with all that was made from them; the ids of their chunks."""
    gone: set[str] = set()
    for part in in_parts(sorted(article_ids)):
        rows = connection.execute(
            select(chunks.c.chunk_no, chunks.c.chunk_id, chunks.c.terms).where(
                chunks.c.article_id.in_(part)
            )
        ).all()
        gone |= {row.chunk_id for row in rows}
        remove_postings(connection, {row.chunk_no: row.terms.split() for row in rows})
        connection.execute(delete(articles).where(articles.c.article_id.in_(part)))
    return gone


def update_links(
    connection: Connection, links: Mapping[str, tuple[str | None, str | None]]
) -> None:
    """Sets ``duplicate_of`` and ``origin_id`` of articles."""
    for article_id, (duplicate_of, origin_id) in links.items():
        connection.execute(
            update(articles)
            .where(articles.c.article_id == article_id)
            .values(duplicate_of=duplicate_of, origin_id=origin_id)
        )


def insert_run(connection: Connection) -> int:
    """Opens an entry of the journal; its number."""
    key = connection.execute(insert(runs).values(started_at=_now())).inserted_primary_key
    return int(key[0]) if key else 0


def end_run(connection: Connection, run_id: int) -> None:
    """Closes an entry of the journal."""
    connection.execute(update(runs).where(runs.c.run_id == run_id).values(finished_at=_now()))


def in_parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in parts that a database takes as parameters of one query."""
    for start in range(0, len(values), _MOST_PARAMETERS):
        yield values[start : start + _MOST_PARAMETERS]


def _check(indexed: IndexedArticle) -> None:
    """Refuses what could never be read back right."""
    article_id, text = indexed.article.article_id, indexed.article.text
    if len(indexed.chunk_vectors) != len(indexed.chunks) or len(indexed.sentence_vectors) != len(
        indexed.chunks
    ):
        raise ValueError(f"{article_id!r}: one vector and one array of sentence vectors a chunk")
    if indexed.tags and len(indexed.tags) != len(indexed.chunks):
        raise ValueError(f"{article_id!r}: the parts of speech of each chunk, or of none")
    for chunk, sentence_vectors in zip(indexed.chunks, indexed.sentence_vectors, strict=True):
        if chunk.text != text[chunk.start_char : chunk.end_char]:
            raise ValueError(f"{chunk.chunk_id!r}: the text is not the article's at its offsets")
        if len(sentence_vectors) != len(chunk.sentences):
            raise ValueError(f"{chunk.chunk_id!r}: one vector a sentence")
    lengths = np.linalg.norm(indexed.chunk_vectors, axis=1) if indexed.chunks else np.ones(1)
    if not np.allclose(lengths, 1.0, atol=1e-2):
        raise ValueError(f"{article_id!r}: chunk vectors are not unit vectors")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
