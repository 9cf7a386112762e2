"""The store: everything indexed, as the other stages see it.

The catalogue is the truth; BM25 lies in it, Chroma follows it (``mirror``), and exact search over
its vectors serves filtered questions and every moment in which Chroma may not be asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import StoreDamagedError, StoreError
from rag.index import checking
from rag.index.catalogue import Catalogue
from rag.index.contents import Contents
from rag.index.database import Mode, open_database
from rag.index.identity import check_identity, prepare_catalogue, stored_identity
from rag.index.kept_tags import forget_wrong_tags
from rag.index.lexical import rebuild_postings
from rag.index.lock import WriterLock
from rag.index.mirror import Mirror
from rag.index.mirror_state import count_up_revision
from rag.index.records import (
    IndexedArticle,
    IndexIdentity,
    StoreCounts,
    StoredChunk,
    StoreReport,
)
from rag.index.searching import Searches
from rag.index.vectors import ChromaPlace
from rag.index.writing import delete_articles, end_run, insert_articles, insert_run, update_links
from rag.protocols import FloatArray, Progress

__all__ = [
    "IndexIdentity",
    "IndexedArticle",
    "Store",
    "StoreCounts",
    "StoreReport",
    "StoredChunk",
]

_REPAIRED_WHILE_READING = 2000


class Store(Contents):
    """A store, open for reading (any number of processes) or for writing.

    One process at a time writes to a folder; several may where the catalogue is in PostgreSQL.

    Use it as a context manager: leaving it without an exception calls ``finish``.
    """

    def __init__(self, path: Path, catalogue: Catalogue, mode: Mode, places: _Places) -> None:
        with catalogue.reading() as connection:
            identity, store_id = stored_identity(connection, catalogue.where)
        super().__init__(path, catalogue, identity)
        self._mode = mode
        self._run: int | None = None
        self._may_repair = mode == "read"
        self._resources = ExitStack()
        self._places = places
        self._forgot = False
        self._keeps_even_if_empty = False
        place = ChromaPlace(folder=path / "chroma", url=places.url, store_id=store_id)
        self._mirror = Mirror(catalogue, place, identity.fingerprint)
        self._searches = Searches(catalogue, self._mirror)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        mode: Mode,
        identity: IndexIdentity | None = None,
        url: str | None = None,
        catalogue_url: str | None = None,
        rebuild: bool = False,
        alone: bool = False,
    ) -> Self:
        """The store in a folder; writing makes it where there is none, and needs an identity.

        ``url`` is a Chroma server and ``catalogue_url`` a PostgreSQL database, in place of files in
        the folder. ``alone`` keeps other writers out of a database that could take several.

        With ``rebuild`` it starts empty and takes the given identity; until ``finish`` others go on
        reading what was there, and it stays for good if this process dies.
        Raises a ``StoreError`` that says what to do.
        """
        database = open_database(path, catalogue_url)
        with ExitStack() as opened:
            if mode == "write":
                _make_folder(path)
                if catalogue_url is None:
                    opened.enter_context(WriterLock(path))
            catalogue = Catalogue(database, mode, alone=rebuild or alone)
            opened.callback(catalogue.close)
            if mode == "write" and rebuild:
                catalogue.begin_long_transaction()
            if mode == "write":
                with catalogue.transaction() as connection:
                    prepare_catalogue(connection, database.where, identity, rebuild=rebuild)
            with catalogue.reading() as connection:
                check_identity(connection, database.where, identity)
            store = cls(path, catalogue, mode, _Places(url, catalogue_url))
            opened.callback(store._mirror.close)
            store._resources = opened.pop_all()
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None and self._mode == "write":
                self.finish()
        finally:
            self.close()

    def close(self) -> None:
        """Lets go of files and lock. What was not finished is repaired when next opened."""
        self._resources.close()

    @property
    def mirror(self) -> Mirror:
        """Chroma, for what switches generations."""
        return self._mirror

    def follow_identity(self) -> None:
        """Takes up what the store is made with now."""
        self._identity = self.identity_now()
        self._mirror.follow(self._identity.fingerprint)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know about how the last search was done."""
        return (self._mirror.note,) if self._mirror.note else ()

    # Search

    def search_dense(
        self, vector: FloatArray, k: int, allowed: AbstractSet[str] | None = None
    ) -> list[tuple[str, float]]:
        """The ``k`` nearest (chunk id, cosine), among those of the allowed articles if given."""
        found = self._searches.dense(vector, k, allowed)
        if self._mirror.note and self._may_repair:
            self._repair_small_store()
        return found

    def search_lexical(
        self, terms: Sequence[str], k: int, allowed: AbstractSet[str] | None = None
    ) -> list[tuple[str, float]]:
        """The ``k`` best (chunk id, BM25 score), all above 0."""
        return self._searches.lexical(terms, k, allowed)

    def dense_scores(self, vector: FloatArray, chunk_ids: Sequence[str]) -> dict[str, float]:
        """The exact cosine with each of the chunks."""
        return self._searches.dense_scores(vector, chunk_ids)

    def lexical_scores(self, terms: Sequence[str], chunk_ids: Sequence[str]) -> dict[str, float]:
        """The BM25 score of each of the chunks."""
        return self._searches.lexical_scores(terms, chunk_ids)

    # Change

    def write(self, batch: Sequence[IndexedArticle]) -> None:
        """Stores articles, each in place of its older version: all of the batch or nothing."""
        latest = {indexed.article.article_id: indexed for indexed in batch}
        if not latest:
            return
        with self._catalogue.transaction() as connection:
            changed = delete_articles(connection, latest)
            changed |= insert_articles(connection, list(latest.values()))
            self._mirror.mark_out_of_step(connection, changed)
            count_up_revision(connection)

    def remove(self, article_ids: Collection[str]) -> None:
        """Forgets articles; after ``finish`` no byte of their text is left in the store."""
        with self._catalogue.transaction() as connection:
            gone = delete_articles(connection, article_ids)
            self._forgot |= bool(gone)
            if gone:
                self._mirror.mark_out_of_step(connection, gone, is_forgetting=True)
            count_up_revision(connection)

    def set_links(self, links: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Says of articles, by id, which one each copies and what origin it goes back to."""
        with self._catalogue.transaction() as connection:
            update_links(connection, links)
            count_up_revision(connection)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Nobody else writes in the meantime: what is read here holds until it is changed here."""
        with self._catalogue.transaction():
            yield

    def begin_run(self) -> None:
        """Notes in the journal that an ingestion has begun."""
        with self._catalogue.transaction() as connection:
            self._run = insert_run(connection)

    def finish_run(self, progress: Progress | None = None) -> None:
        """Finishes, and notes in the journal that the ingestion came to its end."""
        self.finish(progress)
        if self._run is not None:
            with self._catalogue.transaction() as connection:
                end_run(connection, self._run)
            self._run = None

    def finish(self, progress: Progress | None = None) -> None:
        """Makes all changes last and brings Chroma in step; says how far with ``progress``.

        A rebuild that found not one article is undone.
        """
        self._catalogue.end_long_transaction(
            keep=self._keeps_even_if_empty or self.counts().articles > 0
        )
        self._mirror.bring_in_step(progress)
        self._catalogue.forget_write_ahead_log(forgot=self._forgot)
        self._forgot = False

    def keep_even_if_empty(self) -> None:
        """A rebuild that ends without an article is meant so."""
        self._keeps_even_if_empty = True

    # Health

    def check(self) -> StoreReport:
        """Looks at everything there is; slow for large stores."""
        problems = self.catalogue_problems()
        if not problems and self._mode == "read":
            problems += checking.chroma_problems(self._path, self._places)
        return StoreReport(counts=self.counts(), problems=tuple(problems), notes=self.notes)

    def catalogue_problems(self) -> list[str]:
        """What is wrong with the catalogue itself."""
        broken = self._catalogue.problems()
        if broken:
            return broken
        with self._catalogue.reading() as connection:
            return checking.catalogue_problems(connection, self._identity.dimension)

    def chroma_problem(self) -> str | None:
        """Why Chroma must not be trusted. A damaged index can take this process down."""
        return self._mirror.problem()

    def repair(self, progress: Progress | None = None) -> None:
        """Makes everything anew that is made from articles, chunks and vectors."""
        with self._catalogue.transaction() as connection:
            rebuild_postings(connection)
            forget_wrong_tags(connection)
            self._mirror.mark_out_of_step(connection, set(), is_forgetting=True)
            count_up_revision(connection)
        self.finish(progress)

    def _repair_small_store(self) -> None:
        """Brings Chroma in step for the next question, where that takes no longer than a moment."""
        self._may_repair = False
        if self.counts().chunks <= _REPAIRED_WHILE_READING:
            # Somebody else writes, or nobody may: exact search goes on serving.
            with (
                suppress(StoreError),
                Store.open(
                    self._path,
                    mode="write",
                    url=self._places.url,
                    catalogue_url=self._places.catalogue_url,
                ),
            ):
                pass


@dataclass(frozen=True, slots=True)
class _Places:
    """The servers that hold parts of a store, where they are not in its folder."""

    url: str | None
    catalogue_url: str | None


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreDamagedError(
            f"The folder {str(path)!r} cannot be made: {error.strerror}.",
            "Check its permissions, or choose another folder with --store.",
        ) from error
