"""A checksum of each article with all that is quoted, searched or compared of it.

SQLite notices broken pages, not a bit that has turned in a text or a vector: that would be quoted.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, bindparam, inspect, select, update

from rag.index.schema import articles, chunks, sums, vectors

_LINKS = frozenset({"duplicate_of", "origin_id"})
"""Set anew whenever copies are looked for."""
_AT_ONCE = 200
"""Articles whose chunks and vectors are held in memory together."""
_OF = "belongs_to"
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
    return [
        article["article_id"]
        for article, found in _stored_sums(connection)
        if not _is_right(article, found, expected.get(article["article_id"]))
    ]


def seal_again(connection: Connection, damaged: Collection[str]) -> None:
    """New checksums where vectors were replaced; what was damaged before stays known as that."""
    renewed = [
        {"own": article["article_id"], "digest": found}
        for article, found in _stored_sums(connection)
        if article["article_id"] not in damaged
    ]
    if renewed:
        this = sums.c.article_id == bindparam("own")
        connection.execute(update(sums).where(this), renewed)


def _is_right(article: _Row, found: str, expected: str | None) -> bool:
    if expected is not None:
        return found == expected
    return bool(hashlib.sha256(article["text"].encode()).hexdigest() == article["content_hash"])


def _stored_sums(connection: Connection) -> Iterator[tuple[_Row, str]]:
    """Every article with the digest of what the catalogue holds of it now, some at a time."""
    ids = connection.execute(select(articles.c.article_id).order_by(articles.c.article_id))
    wanted = list(ids.scalars())
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        rows = connection.execute(
            select(articles).where(articles.c.article_id.in_(part)).order_by(articles.c.article_id)
        )
        own_chunks = _by_article(
            connection.execute(
                select(chunks.c.article_id.label(_OF), chunks)
                .where(chunks.c.article_id.in_(part))
                .order_by(chunks.c.chunk_no)
            )
        )
        own_vectors = _by_article(
            connection.execute(
                select(chunks.c.article_id.label(_OF), vectors)
                .join(chunks, chunks.c.chunk_no == vectors.c.chunk_no)
                .where(chunks.c.article_id.in_(part))
                .order_by(vectors.c.chunk_no)
            )
        )
        for article in rows.mappings():
            own = article["article_id"]
            yield article, article_sum(article, own_chunks[own], own_vectors[own])


def _by_article(rows: CursorResult[Any]) -> defaultdict[str, list[_Row]]:
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows.mappings():
        held = dict(row)
        found[held.pop(_OF)].append(held)
    return found


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
