"""What a store was made with, and the refusal of everything that does not fit."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection

from rag.errors import StoreMismatchError, StoreMissingError
from rag.index.catalogue import read_meta, write_meta
from rag.index.records import IndexIdentity
from rag.index.schema import meta, tables
from rag.settings import SCHEMA_VERSION

_IDENTITY_KEY = "identity"
_STORE_ID_KEY = "store_id"
_REBUILD_HINT = "Run `rag ingest --rebuild PATH…`, or use the settings the store was made with."


def prepare_catalogue(
    connection: Connection, store: Path, identity: IndexIdentity, *, rebuild: bool
) -> None:
    """Makes the tables of a new store; checks, or with ``rebuild`` empties, those of an old one."""
    if not _has_tables(connection):
        tables.create_all(connection)
    elif rebuild:
        store_id = read_meta(connection, _STORE_ID_KEY)
        chroma = read_meta(connection, "chroma")
        revision = read_meta(connection, "revision")
        tables.drop_all(connection)
        tables.create_all(connection)
        write_meta(connection, _STORE_ID_KEY, store_id)
        write_meta(connection, "chroma", {**(chroma or {}), "is_in_step": False})
        write_meta(connection, "revision", (revision or 0) + 1)
    else:
        check_identity(connection, store, identity)
        return
    write_meta(connection, _IDENTITY_KEY, asdict(identity))
    if read_meta(connection, _STORE_ID_KEY) is None:
        write_meta(connection, _STORE_ID_KEY, uuid.uuid4().hex[:8])


def check_identity(connection: Connection, store: Path, identity: IndexIdentity | None) -> None:
    """Refuses a store that this program cannot read, or that was made with other settings."""
    stored, _ = stored_identity(connection, store)
    if stored.schema > SCHEMA_VERSION:
        raise StoreMismatchError(
            f"The store {str(store)!r} was made by a newer version of this program "
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
                f"The store {str(store)!r} was made with {what} {is_stored!r}, not {is_wanted!r}.",
                _REBUILD_HINT,
            )


def stored_identity(connection: Connection, store: Path) -> tuple[IndexIdentity, str]:
    """What the store was made with, and its own id."""
    identity = read_meta(connection, _IDENTITY_KEY) if _has_tables(connection) else None
    if identity is None:
        raise StoreMissingError(
            f"There is no index in {str(store)!r}.", "Make one with `rag ingest PATH…`."
        )
    return IndexIdentity(**identity), str(read_meta(connection, _STORE_ID_KEY))


def _has_tables(connection: Connection) -> bool:
    return bool(connection.dialect.has_table(connection, meta.name))
