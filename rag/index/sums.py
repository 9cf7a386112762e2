"""A checksum of each article with all that is quoted, searched or compared of it.

SQLite notices broken pages, not a bit that has turned in a text or a vector: that would be quoted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, inspect, select, update

from rag.index.schema import articles, chunks, sums, vectors

_LINKS = frozenset({"duplicate_of", "origin_id"})
"""Set anew whenever copies are looked for."""
_Row = Mapping[Any, Any]


def article_sum(article: _Row, chunk_rows: Iterable[_Row], vector_rows: Iterable[_Row]) -> str:
    """The digest of an article's row, its chunks and their vectors in order of their numbers.

    The numbers themselves are no part of it: they are given out anew when a store is mended.
    """
    digest = hashlib.sha256()
    _add(digest, article, _LINKS)
    for row in chunk_rows:
        _add(digest, row, frozenset({"chunk_no"}))
    for row in vector_rows:
        _add(digest, row, frozenset({"chunk_no"}))
    return digest.hexdigest()


def wrong_articles(connection: Connection) -> list[str]:
    """The articles that are not what was stored. One without a checksum is judged by its text."""
    has_sums = inspect(connection).has_table(sums.name)
    expected = (
        {row.article_id: row.digest for row in connection.execute(select(sums))} if has_sums else {}
    )
    wrong = []
    for row in connection.execute(select(articles).order_by(articles.c.article_id)).mappings():
        article_id = row["article_id"]
        if article_id in expected:
            is_right = stored_sum(connection, row) == expected[article_id]
        else:
            is_right = hashlib.sha256(row["text"].encode()).hexdigest() == row["content_hash"]
        if not is_right:
            wrong.append(article_id)
    return wrong


def seal_again(connection: Connection, damaged: Collection[str]) -> None:
    """New checksums where vectors were replaced; what was damaged before stays known as that."""
    for row in connection.execute(select(articles)).mappings().all():
        if row["article_id"] not in damaged:
            own = sums.c.article_id == row["article_id"]
            digest = stored_sum(connection, row)
            connection.execute(update(sums).where(own).values(digest=digest))


def stored_sum(connection: Connection, article: _Row) -> str:
    """The digest of what the catalogue holds of an article now."""
    own = chunks.c.article_id == article["article_id"]
    chunk_rows = connection.execute(select(chunks).where(own).order_by(chunks.c.chunk_no))
    vector_rows = connection.execute(
        select(vectors)
        .join(chunks, chunks.c.chunk_no == vectors.c.chunk_no)
        .where(own)
        .order_by(vectors.c.chunk_no)
    )
    return article_sum(article, chunk_rows.mappings().all(), vector_rows.mappings().all())


def _add(digest: Any, row: _Row, left_out: frozenset[str]) -> None:
    for name in sorted(row):
        if name in left_out:
            continue
        value = row[name]
        data = (
            value if isinstance(value, bytes) else repr(value).encode("utf-8", "backslashreplace")
        )
        digest.update(f"{name}:{len(data)}:".encode())
        digest.update(data)
