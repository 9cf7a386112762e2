"""The catalogue: one SQLite database that is the truth about everything indexed.

Chroma and every cache are made from it. A write is one transaction: all of it holds or nothing.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Engine,
    RootTransaction,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from rag.errors import StoreDamagedError, StoreLockedError, StoreMissingError
from rag.index.schema import meta

CATALOGUE_NAME = "catalogue.sqlite3"
Mode = Literal["read", "write"]

_BUSY_SECONDS = 5.0
_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    # What is forgotten must be gone from the file, not only from the answers.
    "PRAGMA secure_delete=ON",
    # Not memory-mapped: a file cut short by somebody else would then kill this process.
    "PRAGMA cache_size=-65536",
)
_WRITE_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")


class Catalogue:
    """Transactions on the catalogue; every database error leaves it as a ``StoreError``."""

    def __init__(self, store: Path, mode: Mode) -> None:
        self._path = store / CATALOGUE_NAME
        self._mode = mode
        if mode == "read" and not self._path.is_file():
            raise StoreMissingError(
                f"There is no index in {str(store)!r}.", "Make one with `rag ingest PATH…`."
            )
        self._engine = _engine(self._path, mode)
        self._writer: Connection | None = None
        self._long: RootTransaction | None = None
        self._lock = threading.RLock()
        with self._translated():
            if mode == "write":
                self._writer = self._engine.connect()
            else:
                self._engine.connect().close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the catalogue throughout."""
        if self._writer is not None:
            with self._lock, self.transaction() as connection:
                yield connection
        else:
            with self._translated(), self._engine.connect() as connection:
                yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction: committed at the end, undone on any exception. Nested, it joins."""
        if self._writer is None:
            raise RuntimeError("The catalogue is open for reading only.")
        with self._lock, self._translated():
            step = (
                self._writer.begin_nested if self._writer.in_transaction() else self._writer.begin
            )
            with step():
                yield self._writer

    def begin_long_transaction(self) -> None:
        """From here on nothing holds before ``commit_long_transaction``."""
        if self._writer is None:
            raise RuntimeError("The catalogue is open for reading only.")
        with self._translated():
            self._long = self._writer.begin()

    def end_long_transaction(self, *, keep: bool) -> None:
        """Makes everything since ``begin_long_transaction`` hold, or undoes it."""
        if self._long is not None:
            with self._translated():
                if keep:
                    self._long.commit()
                else:
                    self._long.rollback()
            self._long = None

    def forget_write_ahead_log(self) -> None:
        """Moves everything into the main file, so that no forgotten text stays in the log."""
        if self._writer is not None and not self._writer.in_transaction():
            # Not through SQLAlchemy, which would begin a transaction: there must be none.
            with self._lock, closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def problems(self) -> list[str]:
        """What SQLite's own checks find; empty for a sound database."""
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [line for line in found if line != "ok"] + [f"orphan row {row}" for row in orphans]

    def close(self) -> None:
        """Closes all connections."""
        with self._lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _store_error(self._path, error) from error


def read_meta(connection: Connection, key: str) -> Any:
    """The JSON value kept under ``key``; ``None`` where there is none."""
    stored = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    return None if stored is None else json.loads(stored)


def write_meta(connection: Connection, key: str, value: Any) -> None:
    """Keeps a JSON value under ``key``."""
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=json.dumps(value, sort_keys=True)))


def _engine(path: Path, mode: Mode) -> Engine:
    def connect() -> sqlite3.Connection:
        flags = "rwc" if mode == "write" else _read_flags(path)
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{_MODES[flags]}",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, max_overflow=56
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (*_PRAGMAS, *(_WRITE_PRAGMAS if mode == "write" else ())):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Immediate: two steps of one write never meet another writer half-way.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")

    return engine


_MODES = {"rwc": "mode=rwc", "ro": "mode=ro", "immutable": "mode=ro&immutable=1"}


def _read_flags(path: Path) -> str:
    """Where the folder cannot be written, SQLite may not make the files a log needs."""
    log = path.with_name(path.name + "-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return "ro" if has_log or os.access(path.parent, os.W_OK) else "immutable"


def _store_error(path: Path, error: DBAPIError) -> Exception:
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    where = str(path.parent)
    if name.startswith("SQLITE_BUSY"):
        return StoreLockedError(
            f"The store {where!r} is being written by another process.", "Try again in a moment."
        )
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return StoreDamagedError(
            f"The disk refused to read or write the store {where!r} ({error.orig}).",
            "Free some space and repeat the command; what was indexed before is kept.",
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreDamagedError(
            f"The store {where!r} cannot be opened or written ({error.orig}).",
            "Check its permissions, or choose another folder with --store.",
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "no such table" in str(error.orig):
        return StoreDamagedError(
            f"The catalogue in {where!r} is damaged ({error.orig}).",
            "Restore a backup, or move the folder away and run `rag ingest PATH…` again.",
        )
    return error
