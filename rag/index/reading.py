"""What the catalogue holds, as values. Each function reads one state through one connection."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, distinct, func, select

from rag.index.kept_tags import sentence_tags
from rag.index.kept_terms import all_terms, sentence_terms
from rag.index.records import StoreCounts, StoredChunk
from rag.index.schema import (
    article_from_row,
    articles,
    chunk_from_row,
    chunks,
    head_columns,
    head_from_row,
    parts_of_speech,
    runs,
    sentence_vectors_from_bytes,
    vector_from_bytes,
    vectors,
)
from rag.index.vectors import BATCH_SIZE, VectorRecord
from rag.index.writing import in_parts
from rag.types import Article, ArticleHead, Chunk

_HALF = re.compile("[\ud800-\udfff]")


def all_articles(connection: Connection) -> tuple[Article, ...]:
    """All articles, in the order of their ids."""
    rows = connection.execute(select(articles).order_by(articles.c.article_id)).mappings()
    return tuple(article_from_row(row) for row in rows)


def all_heads(connection: Connection) -> tuple[ArticleHead, ...]:
    """All articles without their texts, in the order of their ids."""
    query = select(chunks.c.article_id, func.count()).group_by(chunks.c.article_id)
    held = {article_id: number for article_id, number in connection.execute(query)}
    rows = connection.execute(select(*head_columns).order_by(articles.c.article_id)).mappings()
    return tuple(head_from_row(row, held.get(row["article_id"], 0)) for row in rows)


def one_article(connection: Connection, article_id: str) -> Article | None:
    """The article of an id; halves of characters, as a shell may pass them, are in none."""
    if _HALF.search(article_id):
        return None
    query = select(articles).where(articles.c.article_id == article_id)
    row = connection.execute(query).mappings().one_or_none()
    return article_from_row(row) if row else None


def chunks_of(connection: Connection, article_id: str) -> tuple[Chunk, ...]:
    """The chunks of an article in order."""
    query = (
        select(chunks, articles.c.text)
        .join(articles, articles.c.article_id == chunks.c.article_id)
        .where(chunks.c.article_id == article_id)
        .order_by(chunks.c.position)
    )
    return tuple(chunk_from_row(row, row["text"]) for row in connection.execute(query).mappings())


def neighbours(connection: Connection, chunk_id: str) -> tuple[Chunk | None, Chunk | None]:
    """The chunks before and after one, in its article."""
    query = select(chunks.c.article_id).where(chunks.c.chunk_id == chunk_id)
    article_id = connection.execute(query).scalar()
    around = chunks_of(connection, article_id) if article_id is not None else ()
    places = [place for place, chunk in enumerate(around) if chunk.chunk_id == chunk_id]
    if not places:
        return None, None
    place = places[0]
    return (
        around[place - 1] if place else None,
        around[place + 1] if place + 1 < len(around) else None,
    )


def load_chunks(
    connection: Connection, chunk_ids: Sequence[str], *, with_tags: bool
) -> list[StoredChunk]:
    """Chunks with articles and vectors, in the order asked for; unknown ids are left out.

    Parts of speech are read along where the store has a place for them.
    """
    rows: dict[str, RowMapping] = {}
    stored = chunks.join(vectors, vectors.c.chunk_no == chunks.c.chunk_no)
    columns: list[Any] = [chunks, vectors.c.vector, vectors.c.sentence_vectors]
    if with_tags:
        stored = stored.outerjoin(parts_of_speech, parts_of_speech.c.chunk_no == chunks.c.chunk_no)
        columns.append(parts_of_speech.c.tags)
    for part in in_parts(chunk_ids):
        query = select(*columns).select_from(stored).where(chunks.c.chunk_id.in_(part))
        rows |= {row["chunk_id"]: row for row in connection.execute(query).mappings()}
    held = _articles_by_id(connection, {row["article_id"] for row in rows.values()})
    loaded = [
        (rows[chunk_id], held[rows[chunk_id]["article_id"]])
        for chunk_id in chunk_ids
        if chunk_id in rows
    ]
    return [
        StoredChunk(
            chunk=(chunk := chunk_from_row(row, article.text)),
            article=article,
            vector=vector_from_bytes(row["vector"]),
            sentence_vectors=sentence_vectors_from_bytes(
                row["sentence_vectors"], len(row["vector"]) // 4
            ),
            sentence_terms=sentence_terms(row["terms"], len(row["sentences"]) // 8),
            sentence_tags=sentence_tags(row.get("tags"), chunk, article.language),
        )
        for row, article in loaded
    ]


def article_terms(
    connection: Connection, article_ids: Collection[str]
) -> dict[str, frozenset[str]]:
    """All index terms of articles, those of their titles among them; unknown ids are left out."""
    found: dict[str, set[str]] = {}
    for part in in_parts(sorted(article_ids)):
        query = select(chunks.c.article_id, chunks.c.terms).where(chunks.c.article_id.in_(part))
        for article_id, terms in connection.execute(query):
            found.setdefault(article_id, set()).update(all_terms(terms))
    return {article_id: frozenset(terms) for article_id, terms in found.items()}


def filtered_ids(
    connection: Connection,
    outlets: Collection[str] | None,
    published_from: str | None,
    published_to: str | None,
) -> frozenset[str]:
    """The ids of the articles of given outlets and days; an undated one is in no period."""
    query = select(articles.c.article_id, articles.c.source)
    day = func.substr(articles.c.published_at, 1, 10)
    if published_from:
        query = query.where(day >= published_from)
    if published_to:
        query = query.where(day <= published_to)
    wanted = {outlet.strip().casefold() for outlet in outlets or ()}
    return frozenset(
        article_id
        for article_id, source in connection.execute(query)
        if not wanted or (source or article_id).casefold() in wanted
    )


def count(connection: Connection) -> StoreCounts:
    """How much there is."""
    row = connection.execute(
        select(
            func.count(),
            func.count(distinct(func.coalesce(articles.c.source, articles.c.article_id))),
            func.count(articles.c.duplicate_of),
        ).select_from(articles)
    ).one()
    total = connection.execute(select(func.count()).select_from(chunks)).scalar_one()
    return StoreCounts(articles=row[0], chunks=total, outlets=row[1], duplicates=row[2])


def vector_records(
    connection: Connection,
    size: int,
    chunk_ids: Collection[str] | None = None,
    every: int = 1,
    *,
    table: Table = vectors,
) -> Iterator[list[VectorRecord]]:
    """Every ``every``-th chunk, or the given ones, as Chroma takes them, ``size`` at a time."""
    query = (
        select(
            chunks.c.chunk_id,
            table.c.vector,
            articles.c.article_id,
            articles.c.source,
            articles.c.published_at,
        )
        .join(table, table.c.chunk_no == chunks.c.chunk_no)
        .join(articles, articles.c.article_id == chunks.c.article_id)
        .where(chunks.c.chunk_no % every == 0)
        .order_by(chunks.c.chunk_no)
    )
    if chunk_ids is not None:
        query = query.where(chunks.c.chunk_id.in_(chunk_ids))
    # Read as it is used: the vectors of a large store need not be in memory at once.
    for part in connection.execute(query.execution_options(yield_per=size)).partitions():
        yield [
            VectorRecord(
                chunk_id=row.chunk_id,
                vector=vector_from_bytes(row.vector),
                article_id=row.article_id,
                source=row.source,
                published_at=row.published_at,
            )
            for row in part
        ]


def records_of(connection: Connection, chunk_ids: Sequence[str]) -> Iterator[list[VectorRecord]]:
    """The given chunks as Chroma takes them, however many; those that are gone are left out."""
    for start in range(0, len(chunk_ids), BATCH_SIZE):
        yield from vector_records(connection, BATCH_SIZE, chunk_ids[start : start + BATCH_SIZE])


def count_interrupted_runs(connection: Connection) -> int:
    """How many ingestions did not come to their end."""
    query = select(func.count()).select_from(runs).where(runs.c.finished_at.is_(None))
    return int(connection.execute(query).scalar_one())


def _articles_by_id(connection: Connection, article_ids: set[str]) -> dict[str, Article]:
    held: dict[str, Article] = {}
    for part in in_parts(sorted(article_ids)):
        rows = connection.execute(select(articles).where(articles.c.article_id.in_(part)))
        held |= {row["article_id"]: article_from_row(row) for row in rows.mappings()}
    return held
