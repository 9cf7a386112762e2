"""What a store was made with, and the refusal of everything that does not fit."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete

from rag.errors import StoreMismatchError, StoreMissingError
from rag.index.catalogue import damaged_meta, read_meta, read_number, write_meta
from rag.index.records import IndexIdentity
from rag.index.schema import meta, tables
from rag.settings import SCHEMA_VERSION

_IDENTITY_KEY = "identity"
_STORE_ID_KEY = "store_id"
_REBUILD_HINT = "Run `rag ingest --rebuild PATH…`, or use the settings the store was made with."


def prepare_catalogue(
    connection: Connection, where: str, identity: IndexIdentity | None, *, rebuild: bool
) -> None:
    """Makes the tables of a new store; checks, or with ``rebuild`` empties, those of an old one.

    Without an identity, which a new store needs, it only checks.
    """
    if not _has_tables(connection):
        if identity is None:
            return
        tables.create_all(connection)
    elif rebuild and identity is not None:
        empty_catalogue(connection, where)
    else:
        check_identity(connection, where, identity)
        # A store of an earlier version of this program may lack a table that came later.
        tables.create_all(connection)
        return
    write_identity(connection, identity)
    if read_meta(connection, _STORE_ID_KEY) is None:
        write_meta(connection, _STORE_ID_KEY, uuid.uuid4().hex[:8])


def empty_catalogue(connection: Connection, where: str) -> None:
    """Forgets everything but which store this is and which generation of Chroma it is at."""
    kept = {key: read_meta(connection, key) for key in (_STORE_ID_KEY, "chroma")}
    revision = read_number(connection, "revision")
    if stored_identity(connection, where)[0].schema == SCHEMA_VERSION:
        # Not dropped: PostgreSQL would let nobody read before the end of the transaction.
        for table in reversed(tables.sorted_tables):
            connection.execute(delete(table))
    else:
        tables.drop_all(connection)
    tables.create_all(connection)
    write_meta(connection, _STORE_ID_KEY, kept[_STORE_ID_KEY])
    out_of_step = {"is_in_step": False, "is_journaled": False}
    write_meta(connection, "chroma", {**(kept["chroma"] or {}), **out_of_step})
    write_meta(connection, "revision", revision + 1)


def write_identity(connection: Connection, identity: IndexIdentity) -> None:
    """Says what the index is made with from now on."""
    write_meta(connection, _IDENTITY_KEY, asdict(identity))


def check_identity(connection: Connection, where: str, identity: IndexIdentity | None) -> None:
    """Refuses a store that this program cannot read, or that was made with other settings."""
    stored, _ = stored_identity(connection, where)
    if stored.schema > SCHEMA_VERSION:
        raise StoreMismatchError(
            f"The store {where!r} was made by a newer version of this program "
            f"(schema {stored.schema}, this one reads {SCHEMA_VERSION}).",
            "Update this program, or choose another folder with --store.",
        )
    wanted = identity or stored
    for what, is_stored, is_wanted in (
        ("schema", stored.schema, identity.schema if identity else SCHEMA_VERSION),
        ("embedding model", stored.model, wanted.model),
        ("model weights", stored.embedder_fingerprint, wanted.embedder_fingerprint),
        ("vector length", stored.dimension, wanted.dimension),
        ("chunking", dict(stored.chunk), dict(wanted.chunk)),
    ):
        if is_stored != is_wanted:
            raise StoreMismatchError(
                f"The store {where!r} was made with {what} {is_stored!r}, not {is_wanted!r}.",
                _REBUILD_HINT,
            )


def stored_identity(connection: Connection, where: str) -> tuple[IndexIdentity, str]:
    """What the store was made with, and its own id."""
    identity = read_meta(connection, _IDENTITY_KEY) if _has_tables(connection) else None
    if identity is None:
        raise StoreMissingError(
            f"There is no index in {where!r}.", "Make one with `rag ingest PATH…`."
        )
    return _identity(identity), str(read_meta(connection, _STORE_ID_KEY))


def known_identity(connection: Connection) -> IndexIdentity:
    """What a store that is open is made with; for every question, so without looking for tables."""
    return _identity(read_meta(connection, _IDENTITY_KEY))


def _identity(stored: Any) -> IndexIdentity:
    try:
        identity = IndexIdentity(**stored)
        is_whole = identity.dimension > 0 and identity.schema >= 0 and bool(dict(identity.chunk))
    except (TypeError, ValueError) as error:
        raise damaged_meta(_IDENTITY_KEY) from error
    if not is_whole:
        raise damaged_meta(_IDENTITY_KEY)
    return identity


def _has_tables(connection: Connection) -> bool:
    return bool(connection.dialect.has_table(connection, meta.name))
