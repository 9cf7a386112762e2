"""What a store holds, as the other stages read it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from rag.errors import StoreEmptyError
from rag.index import lexical, reading
from rag.index.catalogue import Catalogue
from rag.index.identity import known_identity
from rag.index.kept_tags import keeps_tags
from rag.index.records import IndexIdentity, StoreCounts, StoredChunk
from rag.index.schema import articles
from rag.types import Article, ArticleHead, Chunk


class Contents:
    """Read access to one catalogue; every call sees one state of it."""

    def __init__(self, path: Path, catalogue: Catalogue, identity: IndexIdentity) -> None:
        self._path = path
        self._catalogue = catalogue
        self._identity = identity
        self._keeps_tags = False

    @property
    def identity(self) -> IndexIdentity:
        """What the store was made with."""
        return self._identity

    @property
    def catalogue(self) -> Catalogue:
        """The database itself, for what copies or converts a whole store."""
        return self._catalogue

    def identity_now(self) -> IndexIdentity:
        """What the store is made with at this moment; another process may have changed it."""
        with self._catalogue.reading() as connection:
            return known_identity(connection)

    def counts(self) -> StoreCounts:
        """How much the store holds."""
        with self._catalogue.reading() as connection:
            return reading.count(connection)

    def known_terms(self, terms: Collection[str]) -> frozenset[str]:
        """Those of the index terms that occur in any article."""
        with self._catalogue.reading() as connection:
            return lexical.known_terms(connection, terms)

    def require_articles(self) -> None:
        """Raises ``StoreEmptyError`` where there is nothing to ask."""
        with self._catalogue.reading() as connection:
            is_empty = connection.execute(select(articles.c.article_id).limit(1)).first() is None
        if is_empty:
            raise StoreEmptyError(
                f"The store {str(self._path)!r} holds no article.", "Run `rag ingest PATH…`."
            )

    def raw_hashes(self) -> dict[str, str]:
        """The hash of what was read, by article id."""
        return self._column(articles.c.raw_hash)

    def paths(self) -> dict[str, str]:
        """Where an article was read from, by article id."""
        return self._column(articles.c.path)

    def signatures(self) -> dict[str, bytes]:
        """What near-copies are found by, by article id."""
        return self._column(articles.c.signature)

    def links(self) -> dict[str, tuple[str | None, str | None]]:
        """Which article each copies and what origin it goes back to, by article id."""
        with self._catalogue.reading() as connection:
            rows = connection.execute(
                select(articles.c.article_id, articles.c.duplicate_of, articles.c.origin_id)
            )
            return {row.article_id: (row.duplicate_of, row.origin_id) for row in rows}

    def articles(self) -> tuple[Article, ...]:
        """All articles, in the order of their ids."""
        with self._catalogue.reading() as connection:
            return reading.all_articles(connection)

    def heads(self) -> tuple[ArticleHead, ...]:
        """All articles without their texts, in the order of their ids."""
        with self._catalogue.reading() as connection:
            return reading.all_heads(connection)

    def article(self, article_id: str) -> Article | None:
        """The article of an id."""
        with self._catalogue.reading() as connection:
            return reading.one_article(connection, article_id)

    def chunks_of(self, article_id: str) -> tuple[Chunk, ...]:
        """The chunks of an article in order."""
        with self._catalogue.reading() as connection:
            return reading.chunks_of(connection, article_id)

    def neighbours(self, chunk_id: str) -> tuple[Chunk | None, Chunk | None]:
        """The chunks before and after one, in its article."""
        with self._catalogue.reading() as connection:
            return reading.neighbours(connection, chunk_id)

    def load(self, chunk_ids: Sequence[str]) -> list[StoredChunk]:
        """Chunks with articles and vectors, in the order asked for; unknown ids are left out."""
        with self._catalogue.reading() as connection:
            # Asked again where there was none: a writer of this version makes it.
            self._keeps_tags = self._keeps_tags or keeps_tags(connection)
            return reading.load_chunks(connection, chunk_ids, with_tags=self._keeps_tags)

    def article_terms(self, article_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """All index terms of articles and of their titles; unknown ids are left out."""
        with self._catalogue.reading() as connection:
            return reading.article_terms(connection, article_ids)

    def article_ids(
        self,
        outlets: Collection[str] | None = None,
        published_from: str | None = None,
        published_to: str | None = None,
    ) -> frozenset[str]:
        """The articles of given outlets and days (ISO, both inclusive)."""
        with self._catalogue.reading() as connection:
            return reading.filtered_ids(connection, outlets, published_from, published_to)

    def interrupted_runs(self) -> int:
        """How many ingestions did not come to their end."""
        with self._catalogue.reading() as connection:
            return reading.count_interrupted_runs(connection)

    def _column(self, column: Any) -> dict[str, Any]:
        with self._catalogue.reading() as connection:
            rows = connection.execute(select(articles.c.article_id, column))
            return {article_id: value for article_id, value in rows}
