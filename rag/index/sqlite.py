"""The catalogue as a SQLite file: one writer at a time, any number of readers."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from rag.errors import StoreDamagedError, StoreLockedError, StoreMissingError
from rag.index.database import Mode

CATALOGUE_NAME = "catalogue.sqlite3"

_BUSY_SECONDS = 5.0
_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    # What is forgotten must be gone from the file, not only from the answers.
    "PRAGMA secure_delete=ON",
    # Not memory-mapped: a file cut short by somebody else would then kill this process.
    "PRAGMA cache_size=-65536",
)
_WRITE_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")
_MODES = {"rwc": "mode=rwc", "ro": "mode=ro", "immutable": "mode=ro&immutable=1"}


class SqliteDatabase:
    """``catalogue.sqlite3`` in the folder of a store; its one writer holds ``lock.WriterLock``."""

    reads_beside_writer = False

    def __init__(self, store: Path, name: str = CATALOGUE_NAME) -> None:
        self._path = store / name

    @property
    def where(self) -> str:
        """The folder of the store."""
        return str(self._path.parent)

    def require(self) -> None:
        """Raises ``StoreMissingError`` where there is no file."""
        # Unlike Path.is_file, this says no to a name that no system can hold.
        if not os.path.isfile(self._path):  # noqa: PTH113
            raise StoreMissingError(
                f"There is no index in {self.where!r}.", "Make one with `rag ingest PATH…`."
            )

    def engine(self, mode: Mode) -> Engine:
        """Connections to the file, set up for reading or writing."""
        path = self._path

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

    def claim(self, writer: Connection, *, alone: bool) -> None:
        """The store's lock did it."""

    def wait_for_turn(self, writer: Connection) -> None:
        """The store's lock did it."""

    def claim_mirror(self, writer: Connection, *, release: bool = False) -> bool:
        """Nobody else writes."""
        return True

    def settle(self, engine: Engine, *, forgot: bool) -> None:
        """Moves everything into the main file, so that no forgotten text stays in the log."""
        # Not through SQLAlchemy, which would begin a transaction: there must be none.
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def problems(self, connection: Connection) -> list[str]:
        """What SQLite's own checks find."""
        found = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [line for line in found if line != "ok"] + [f"orphan row {row}" for row in orphans]

    def store_error(self, error: DBAPIError) -> Exception:
        """The ``StoreError`` for one of SQLite's errors."""
        name = getattr(error.orig, "sqlite_errorname", "") or ""
        if name.startswith("SQLITE_BUSY"):
            return StoreLockedError(
                f"The store {self.where!r} is being written by another process.",
                "Try again in a moment.",
            )
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            return StoreDamagedError(
                f"The disk refused to read or write the store {self.where!r} ({error.orig}).",
                "Free some space and repeat the command; what was indexed before is kept.",
            )
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            return StoreDamagedError(
                f"The store {self.where!r} cannot be opened or written ({error.orig}).",
                "Check its permissions, or choose another folder with --store.",
            )
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or _is_garbled(str(error.orig)):
            # SQLite quotes what it could not read: that is text of an article.
            told = "a text in it is none" if "decode" in str(error.orig) else error.orig
            return StoreDamagedError(
                f"The catalogue in {self.where!r} is damaged ({told}).",
                "Run `rag store check --repair`: it saves all articles that are whole.",
            )
        return error


def _read_flags(path: Path) -> str:
    """Where the folder cannot be written, SQLite may not make the files a log needs."""
    log = path.with_name(path.name + "-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return "ro" if has_log or os.access(path.parent, os.W_OK) else "immutable"


def _is_garbled(complaint: str) -> bool:
    return any(sign in complaint for sign in ("no such table", "no such column", "decode to UTF-8"))
