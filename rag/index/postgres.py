"""The catalogue in PostgreSQL: any number of readers and writers, on any number of machines.

Writers take turns batch by batch through advisory locks, which end with their connection: a killed
writer never holds up another one. Readers wait for nobody.
"""

from __future__ import annotations

import importlib.util
import zlib

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from rag.errors import (
    StoreDamagedError,
    StoreLockedError,
    StoreMissingError,
    StoreUnreachableError,
    UsageError,
)
from rag.index.database import Mode

_CONNECT_SECONDS = 5
_TURN_SECONDS = 600
"""How long a writer waits for the batch of another one; linking the copies of a large store."""
_LOCK_SPACE = 0x47454745
"""Keeps our advisory locks apart from those of other programs in the same database."""
_WRITING, _TURN, _MIRROR = "writing", "turn", "mirror"


class PostgresDatabase:
    """A PostgreSQL database, or the first schema of its ``search_path``, that holds one store."""

    reads_beside_writer = True

    def __init__(self, url: str) -> None:
        if importlib.util.find_spec("psycopg") is None:
            raise UsageError(
                "A catalogue in PostgreSQL needs psycopg, which is not installed.",
                "Run `pip install 'gegenlese[postgres]'`.",
            )
        self._url = make_url(url).set(drivername="postgresql+psycopg")

    @property
    def where(self) -> str:
        """Host and database; a password never stands in the address (``settings``)."""
        shown = self._url.set(drivername="postgresql", query={})
        return shown.render_as_string(hide_password=True)

    def require(self) -> None:
        """What is there is only known once connected."""

    def engine(self, mode: Mode) -> Engine:
        """Connections whose transactions each see one state of the database."""
        return create_engine(
            self._url,
            isolation_level="REPEATABLE READ",
            pool_size=8,
            max_overflow=24,
            # A server that was restarted between two questions is not the asker's problem.
            pool_pre_ping=True,
            connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "gegenlese"},
        )

    def claim(self, writer: Connection, *, alone: bool) -> None:
        """Many may write, one batch each in turn; a rebuild must be alone."""
        if writer.execute(text("SHOW server_encoding")).scalar() != "UTF8":
            raise StoreMissingError(
                f"The database {self.where!r} is not in UTF-8.",
                "Make one with `createdb --encoding=UTF8 --template=template0 NAME`.",
            )
        is_held = self._try(writer, "pg_try_advisory_lock" + ("" if alone else "_shared"), _WRITING)
        writer.rollback()
        # After a wait for its turn a writer must see what the others have written meanwhile.
        writer.execution_options(isolation_level="READ COMMITTED")
        if not is_held:
            raise StoreLockedError(
                f"The store {self.where!r} is being written by another process.",
                "Wait until it has finished, or stop it; reading is possible meanwhile.",
            )

    def wait_for_turn(self, writer: Connection) -> None:
        """Holds the turn until the transaction ends."""
        writer.execute(text(f"SET LOCAL lock_timeout = '{_TURN_SECONDS}s'"))
        writer.execute(text("SELECT pg_advisory_xact_lock(:space, :key)"), self._key(writer, _TURN))

    def claim_mirror(self, writer: Connection, *, release: bool = False) -> bool:
        """Waits for another writer that changes Chroma; then this one sees to what is left."""
        key = self._key(writer, _MIRROR)
        name = "pg_advisory_unlock" if release else "pg_advisory_lock"
        try:
            writer.execute(text(f"SET LOCAL lock_timeout = '{_TURN_SECONDS}s'"))
            writer.execute(text(f"SELECT {name}(:space, :key)"), key)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03":
                raise
            return False
        finally:
            # A lock of the session outlives the transaction.
            writer.rollback()
        return True

    def settle(self, engine: Engine, *, forgot: bool) -> None:
        """Frees the rows of what was forgotten; their bytes go when their pages are used again.

        Only VACUUM FULL rewrites the pages, and nobody could read meanwhile: the administrator's.
        """
        if forgot:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for name in ("postings", "vectors", "chunks", "articles"):
                    connection.execute(text(f"VACUUM {name}"))

    def problems(self, connection: Connection) -> list[str]:
        """PostgreSQL enforces keys itself and checks pages by its own tools."""
        return []

    def store_error(self, error: DBAPIError) -> Exception:
        """The ``StoreError`` for one of PostgreSQL's errors."""
        state = getattr(error.orig, "sqlstate", None) or ""
        said = " ".join(str(error.orig).split())
        if state.startswith(("55P03", "40P01", "40001")):
            return StoreLockedError(
                f"The store {self.where!r} is being written by another process.",
                "Try again in a moment.",
            )
        if state in ("42P01", "3F000"):
            return StoreMissingError(
                f"There is no index in {self.where!r}.", "Make one with `rag ingest PATH…`."
            )
        if state.startswith(("53", "58", "XX")):
            return StoreDamagedError(
                f"The server refused to read or write {self.where!r} ({said}).",
                "See the log of the PostgreSQL server; what was indexed before is kept.",
            )
        if state.startswith(("42501", "25006")):
            return StoreDamagedError(
                f"The database {self.where!r} may not be written ({said}).",
                "Grant the role the right to create and change tables.",
            )
        if not state or state.startswith(("08", "57", "28", "3D")):
            return StoreUnreachableError(
                f"The catalogue {self.where!r} cannot be reached ({_last_line(error)}).",
                "Start the PostgreSQL server, or correct store.catalogue (RAG_STORE__CATALOGUE); "
                "a password comes from PGPASSWORD or ~/.pgpass.",
            )
        return error

    def _try(self, writer: Connection, function: str, key: str) -> bool:
        found = writer.execute(text(f"SELECT {function}(:space, :key)"), self._key(writer, key))
        return bool(found.scalar())

    def _key(self, writer: Connection, name: str) -> dict[str, int]:
        schema = writer.execute(text("SELECT current_schema()")).scalar()
        digest = zlib.crc32(f"{schema}/{name}".encode())
        # PostgreSQL takes two signed numbers of 32 bits.
        return {"space": _LOCK_SPACE, "key": digest - (1 << 32 if digest >= 1 << 31 else 0)}


def _last_line(error: DBAPIError) -> str:
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    return lines[-1] if lines else type(error.orig).__name__
