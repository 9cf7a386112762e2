"""Backs a store up into one file and fills a store from it, from and to either kind of database.

The file is a SQLite catalogue without what can be made anew. It is copied from one state of the
store, so others may go on reading and writing meanwhile.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, select

from rag.errors import RagError, StoreDamagedError, StoreError, UsageError
from rag.index.catalogue import Catalogue, read_meta, write_meta
from rag.index.identity import check_identity, stored_identity
from rag.index.records import StoreCounts
from rag.index.schema import (
    articles,
    chunks,
    meta,
    parts_of_speech,
    postings,
    sums,
    tables,
    vectors,
)
from rag.index.sqlite import SqliteDatabase
from rag.index.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.protocols import Progress
    from rag.settings import StoreSettings

_COPIED = (articles, chunks, vectors, parts_of_speech, postings, sums)
_ROWS = 1000
_MADE = "backed_up_at"
_OF_THE_PLACE = ("store_id", "chroma", "revision", _MADE)
"""What belongs to a store and not to what it holds."""


def back_up(
    settings: StoreSettings, target: Path, *, replace: bool, progress: Progress | None = None
) -> StoreCounts:
    """Writes one state of the store to a file; what it holds. The file is whole or not there."""
    if target.exists() and not replace:
        raise UsageError(f"There is a file {str(target)!r} already.", "Choose another name.")
    if settings.path.resolve() in target.resolve().parents:
        raise UsageError(
            f"{str(target)!r} lies in the store itself.", "A backup must lie outside its store."
        )
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    with _opened(settings) as store:
        try:
            with _file(partial, "write") as file, store.catalogue.reading() as source:
                with file.transaction() as into:
                    tables.create_all(into)
                    _copy(source, into, progress)
                    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
                    write_meta(into, _MADE, now)
                file.forget_write_ahead_log()
            _make_last(partial, target)
        except OSError as error:
            raise StoreDamagedError(
                f"The backup {str(target)!r} cannot be written: {error.strerror}.",
                "Free some space, or choose another place.",
            ) from error
        finally:
            for left in target.parent.glob(f"{partial.name}*"):
                left.unlink(missing_ok=True)
    with _file(target, "read") as file, file.reading() as connection:
        return _counts(connection)


def restore(
    source: Path, settings: StoreSettings, *, replace: bool, progress: Progress | None = None
) -> StoreCounts:
    """Fills a store from a backup, all or nothing; who reads it meanwhile reads the old one."""
    if not source.is_file():
        raise UsageError(f"There is no file {str(source)!r}.", "Check the path.")
    with _file(source, "read") as file, file.reading() as connection:
        _check(file, connection, source)
        identity, _ = stored_identity(connection, str(source))
        if not replace:
            _require_empty(settings)
        with Store.open(
            settings.path,
            mode="write",
            identity=identity,
            url=settings.url,
            catalogue_url=settings.catalogue,
            rebuild=True,
        ) as store:
            with store.catalogue.transaction() as into:
                _copy(connection, into, progress)
            # A backup of an empty store is one, too.
            store.keep_even_if_empty()
            store.finish()
            return store.counts()


def _copy(source: Connection, into: Connection, progress: Progress | None) -> None:
    for row in source.execute(select(meta)).mappings():
        if row["key"] not in (*_OF_THE_PLACE, "identity"):
            write_meta(into, row["key"], read_meta(source, row["key"]))
    write_meta(into, "identity", read_meta(source, "identity"))
    total, done = _counts(source).chunks, 0
    held = set(inspect(source).get_table_names())
    for table in _COPIED:
        if table.name not in held:
            continue  # checksums and parts of speech: stores and backups of before have none
        # Ordered, so that two backups of one state are the same.
        query = select(table).order_by(*table.primary_key.columns)
        for part in (
            source.execute(query.execution_options(yield_per=_ROWS)).mappings().partitions()
        ):
            into.execute(insert(table), [dict(row) for row in part])
            if table is vectors and progress:
                done += len(part)
                progress(done, total)


def _check(file: Catalogue, connection: Connection, source: Path) -> None:
    try:
        is_backup = read_meta(connection, _MADE) is not None
        problems = file.problems() if is_backup else []
    except StoreError:
        raise
    except Exception as error:
        raise _not_a_backup(source) from error
    if not is_backup:
        raise _not_a_backup(source)
    if problems:
        raise StoreDamagedError(
            f"The backup {str(source)!r} is damaged: {problems[0]}.", "Use another one."
        )
    check_identity(connection, str(source), None)


def _not_a_backup(source: Path) -> RagError:
    return UsageError(
        f"{str(source)!r} is no backup of a store.", "Make one with `rag store backup FILE`."
    )


def _require_empty(settings: StoreSettings) -> None:
    try:
        with _opened(settings) as store:
            held = store.counts().articles
    except StoreError as error:
        if type(error).__name__ != "StoreMissingError":
            raise
        return
    if held:
        raise UsageError(
            f"The store holds {held} articles already.",
            "Give --replace to put the backup in their place, or another --store.",
        )


@contextmanager
def _opened(settings: StoreSettings) -> Iterator[Store]:
    with Store.open(
        settings.path, mode="read", url=settings.url, catalogue_url=settings.catalogue
    ) as store:
        yield store


@contextmanager
def _file(path: Path, mode: str) -> Iterator[Catalogue]:
    database = SqliteDatabase(path.parent, path.name)
    file = Catalogue(database, "write" if mode == "write" else "read")
    try:
        yield file
    finally:
        file.close()


def _counts(connection: Connection) -> StoreCounts:
    from rag.index.reading import count

    return count(connection)


def _make_last(partial: Path, target: Path) -> None:
    """One file, without a log beside it; renamed once its bytes are on the disk."""
    with closing(sqlite3.connect(partial)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
