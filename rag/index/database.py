"""Where the catalogue lies: a SQLite file in the store's folder, or a PostgreSQL database.

Everything that differs between the two stands in ``sqlite`` and ``postgres``; all other modules
use the same tables and statements.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

Mode = Literal["read", "write"]


class Database(Protocol):
    """One kind of database that can hold a catalogue."""

    @property
    def where(self) -> str:
        """The place as a user knows it; no password."""
        ...

    @property
    def reads_beside_writer(self) -> bool:
        """Whether a writer reads through connections of their own, so that others may write."""
        ...

    def require(self) -> None:
        """Raises ``StoreMissingError`` where there is nothing to read, without connecting."""
        ...

    def engine(self, mode: Mode) -> Engine:
        """Connections whose transactions see one state of the database."""
        ...

    def claim(self, writer: Connection, *, alone: bool) -> None:
        """Makes this connection one of the writers, or the only one; held until it is closed."""
        ...

    def wait_for_turn(self, writer: Connection) -> None:
        """Begins a write: one at a time, the others wait."""
        ...

    def claim_mirror(self, writer: Connection, *, release: bool = False) -> bool:
        """Whether this writer may now change Chroma; one at a time."""
        ...

    def settle(self, engine: Engine, *, forgot: bool) -> None:
        """Leaves no forgotten text in logs or free pages, as far as the database can do that."""
        ...

    def problems(self, connection: Connection) -> list[str]:
        """What the database's own checks find; empty for a sound one."""
        ...

    def store_error(self, error: DBAPIError) -> Exception:
        """The ``StoreError`` that says what to do; the error itself where it is our mistake."""
        ...


def open_database(store: Path, url: str | None) -> Database:
    """The database that holds the catalogue of a store; nothing is opened yet."""
    if url is not None:
        from rag.index.postgres import PostgresDatabase

        return PostgresDatabase(url)
    from rag.index.sqlite import SqliteDatabase

    return SqliteDatabase(store)
