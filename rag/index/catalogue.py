"""The catalogue: one database that is the truth about everything indexed.

Chroma and every cache are made from it. A write is one transaction: all of it holds or nothing.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, RootTransaction, delete, insert, select
from sqlalchemy.exc import DBAPIError

from rag.errors import StoreDamagedError
from rag.index.database import Database, Mode
from rag.index.schema import meta


class Catalogue:
    """Transactions on the catalogue; every database error leaves it as a ``StoreError``."""

    def __init__(self, database: Database, mode: Mode, *, alone: bool = False) -> None:
        self._database = database
        if mode == "read":
            database.require()
        self._engine = database.engine(mode)
        self._writer: Connection | None = None
        self._long: RootTransaction | None = None
        self._lock = threading.RLock()
        self._owner = 0
        try:
            with self._translated():
                if mode == "write":
                    self._writer = self._engine.connect()
                    database.claim(self._writer, alone=alone)
                else:
                    self._engine.connect().close()
        except BaseException:
            self.close()
            raise

    @property
    def where(self) -> str:
        """The place as a user knows it."""
        return self._database.where

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the catalogue throughout."""
        if self._writer is not None and self._reads_as_writer():
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
            if self._writer.in_transaction():
                with self._writer.begin_nested():
                    yield self._writer
                return
            with self._writer.begin():
                self._owner = threading.get_ident()
                try:
                    self._database.wait_for_turn(self._writer)
                    yield self._writer
                finally:
                    self._owner = 0

    def begin_long_transaction(self) -> None:
        """From here on nothing holds before ``commit_long_transaction``."""
        if self._writer is None:
            raise RuntimeError("The catalogue is open for reading only.")
        with self._translated():
            self._long = self._writer.begin()
            self._database.wait_for_turn(self._writer)

    def end_long_transaction(self, *, keep: bool) -> None:
        """Makes everything since ``begin_long_transaction`` hold, or undoes it."""
        if self._long is not None:
            with self._translated():
                if keep:
                    self._long.commit()
                else:
                    self._long.rollback()
            self._long = None

    @contextmanager
    def mirror_claimed(self) -> Iterator[bool]:
        """Whether this writer may change Chroma now; another one may be about it."""
        if self._writer is None:
            raise RuntimeError("The catalogue is open for reading only.")
        with self._lock, self._translated():
            is_claimed = self._database.claim_mirror(self._writer)
        try:
            yield is_claimed
        finally:
            if is_claimed:
                with self._lock, self._translated():
                    self._database.claim_mirror(self._writer, release=True)

    def forget_write_ahead_log(self, *, forgot: bool = True) -> None:
        """Leaves nothing of forgotten text in what the database keeps beside its tables."""
        if self._writer is not None and not self._writer.in_transaction():
            with self._lock, self._translated():
                self._database.settle(self._engine, forgot=forgot)

    def problems(self) -> list[str]:
        """What the database's own checks find; empty for a sound one."""
        with self.reading() as connection:
            return self._database.problems(connection)

    def close(self) -> None:
        """Closes all connections."""
        with self._lock:
            if self._writer is not None:
                # Not back into the pool: locks that a session holds end with its connection.
                self._writer.invalidate()
                self._writer.close()
                self._writer = None
            self._engine.dispose()

    def _reads_as_writer(self) -> bool:
        """Whether what is read must include what this thread has not committed yet."""
        if not self._database.reads_beside_writer or self._long is not None:
            return True
        return self._owner == threading.get_ident()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._database.store_error(error) from error


def read_meta(connection: Connection, key: str) -> Any:
    """The JSON value kept under ``key``; ``None`` where there is none."""
    stored = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    try:
        return None if stored is None else json.loads(stored)
    except ValueError as error:
        raise damaged_meta(key) from error


def read_number(connection: Connection, key: str) -> int:
    """A count kept under ``key``; 0 where there is none."""
    value = read_meta(connection, key) or 0
    if not isinstance(value, int):
        raise damaged_meta(key)
    return value


def damaged_meta(key: str) -> StoreDamagedError:
    """For a value that this program did not write."""
    return StoreDamagedError(
        f"The catalogue is damaged: its entry {key!r} cannot be read.",
        "Run `rag store check --repair`, or restore a backup.",
    )


def write_meta(connection: Connection, key: str, value: Any) -> None:
    """Keeps a JSON value under ``key``."""
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(insert(meta).values(key=key, value=json.dumps(value, sort_keys=True)))
