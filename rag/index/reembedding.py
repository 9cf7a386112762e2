"""Gives a store the vectors of another model while it is in use.

New vectors are gathered beside the old ones, batch by batch: a stop loses one batch, and the same
command goes on. A new generation of Chroma is made from them; then one transaction switches
vectors, model and generation. Questions are answered from the old ones up to that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, func, insert, select

from rag.index.catalogue import read_meta, write_meta
from rag.index.identity import write_identity
from rag.index.mirror_state import count_up_revision
from rag.index.prepare import BulkEmbedder, texts_and_spans
from rag.index.records import IndexIdentity
from rag.index.schema import (
    article_from_row,
    articles,
    chunk_from_row,
    chunks,
    next_vectors,
    vector_row,
    vectors,
)
from rag.index.store import Store
from rag.index.sums import seal_again, wrong_articles

if TYPE_CHECKING:
    from rag.protocols import Progress

_BATCH = 256
_NEXT = "next_identity"


def reembed(
    store: Store, embedder: BulkEmbedder, identity: IndexIdentity, progress: Progress | None = None
) -> int:
    """Switches a store that is open for writing to the model of ``identity``; how many chunks."""
    _begin(store, identity)
    embedded = 0
    while rows := _waiting(store):
        embedded += len(rows)
        _keep(store, _vector_rows(rows, embedder))
        if progress:
            progress(*_progress(store))
    state = store.mirror.generation_ahead(next_vectors, identity.fingerprint)
    with store.undisturbed():
        # What others wrote since is embedded while they wait for their turn.
        while rows := _waiting(store):
            _keep(store, _vector_rows(rows, embedder))
            embedded += len(rows)
            state = None
        with store.catalogue.transaction() as connection:
            _switch(connection, identity)
            store.mirror.take_over(connection, state)
            count_up_revision(connection)
    store.follow_identity()
    store.mirror.drop_old_generations()
    return embedded


def _begin(store: Store, identity: IndexIdentity) -> None:
    """Goes on where the same was begun before; otherwise begins anew."""
    with store.catalogue.transaction() as connection:
        if read_meta(connection, _NEXT) != _as_stored(identity):
            connection.execute(delete(next_vectors))
            write_meta(connection, _NEXT, asdict(identity))


def _as_stored(identity: IndexIdentity) -> dict[str, Any]:
    return {**asdict(identity), "chunk": dict(identity.chunk)}


def _waiting(store: Store) -> Sequence[Any]:
    query = (
        select(chunks.c.chunk_no)
        .outerjoin(next_vectors, next_vectors.c.chunk_no == chunks.c.chunk_no)
        .where(next_vectors.c.chunk_no.is_(None))
        .order_by(chunks.c.chunk_no)
        .limit(_BATCH)
    )
    with store.catalogue.reading() as connection:
        wanted = list(connection.execute(query).scalars())
        # The columns of an article stand first: both tables have an ``article_id``.
        rows = select(articles, *(c for c in chunks.c if c.name != "article_id")).join(
            chunks, articles.c.article_id == chunks.c.article_id
        )
        ordered = rows.where(chunks.c.chunk_no.in_(wanted)).order_by(chunks.c.chunk_no)
        return connection.execute(ordered).mappings().all()


def _vector_rows(rows: Sequence[Any], embedder: BulkEmbedder) -> list[dict[str, Any]]:
    grouped = []
    for _, own in groupby(rows, key=lambda row: row["article_id"]):
        of_article = list(own)
        article = article_from_row(of_article[0])
        grouped.append((article, tuple(chunk_from_row(row, article.text) for row in of_article)))
    texts, spans = texts_and_spans(grouped)
    made, sentences = embedder.embed_with_sentences(texts, spans)
    return [
        vector_row(row["chunk_no"], vector, own)
        for row, vector, own in zip(rows, made, sentences, strict=True)
    ]


def _keep(store: Store, rows: list[dict[str, Any]]) -> None:
    with store.catalogue.transaction() as connection:
        wanted = [row["chunk_no"] for row in rows]
        # Another writer may have taken an article away, or the same command may run twice.
        known = select(chunks.c.chunk_no).where(chunks.c.chunk_no.in_(wanted))
        here = set(connection.execute(known).scalars())
        connection.execute(delete(next_vectors).where(next_vectors.c.chunk_no.in_(wanted)))
        if kept := [row for row in rows if row["chunk_no"] in here]:
            connection.execute(insert(next_vectors), kept)


def _progress(store: Store) -> tuple[int, int]:
    with store.catalogue.reading() as connection:
        done = connection.execute(select(func.count()).select_from(next_vectors)).scalar_one()
        total = connection.execute(select(func.count()).select_from(chunks)).scalar_one()
    return int(done), int(total)


def _switch(connection: Connection, identity: IndexIdentity) -> None:
    damaged = set(wrong_articles(connection))
    connection.execute(delete(vectors))
    columns = [column.name for column in vectors.c]
    connection.execute(insert(vectors).from_select(columns, select(next_vectors)))
    connection.execute(delete(next_vectors))
    seal_again(connection, damaged)
    write_meta(connection, _NEXT, None)
    write_identity(connection, replace(identity))
