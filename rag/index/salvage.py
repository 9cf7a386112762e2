"""Saves what can still be read of a broken catalogue into a new one.

Every row is read by its number, so that a broken page costs what lies on it and no more; an article
is taken over only when it adds up to its checksum, with all of its chunks and vectors. What cannot
be saved is named: its file is simply ingested again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert
from sqlalchemy.pool import NullPool

from rag.index.lexical import rebuild_postings
from rag.index.schema import articles, chunks, meta, parts_of_speech, sums, tables, vectors
from rag.index.sums import article_sum

_Row = dict[str, Any]
_NEEDED = ("identity", "store_id")
_OUT_OF_STEP = {"is_in_step": False, "is_journaled": False}
_UNREADABLE = (sqlite3.Error, ValueError, OverflowError, MemoryError)
_GIVE_UP_AFTER = 20_000
"""Rows in a row that are not there or cannot be read, before the end is assumed."""
_PAGE = 4096
_HEADER = 100
_SCRATCH = "salvage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was taken over; ``lost`` are the ids, as far as they are known, and how many in all."""

    articles: int
    lost: tuple[str, ...]
    lost_count: int


def salvage(catalogue: Path) -> Saved | None:
    """Puts a sound catalogue with all whole articles in the place of a broken one.

    The broken file stays beside it as ``….damaged``. ``None``, and nothing is changed, where not
    one article can be read. The caller holds the writer's lock.
    """
    scratch = catalogue.parent / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        saved = _into_new(catalogue, scratch)
        if saved is None or not saved.articles:
            return None
        _exchange(catalogue, scratch / "new.sqlite3")
        return saved
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _into_new(catalogue: Path, scratch: Path) -> Saved | None:
    new = scratch / "new.sqlite3"
    engine = create_engine(f"sqlite:///{new}", poolclass=NullPool)
    try:
        with engine.begin() as connection:
            tables.create_all(connection)
        for broken in _readable_copies(catalogue, new, scratch):
            with closing(_open(broken)) as database:
                reader = _Reader(database)
                if all(reader.meta(key) is not None for key in _NEEDED):
                    with engine.begin() as connection:
                        return _take_over(reader, connection)
        return None
    finally:
        engine.dispose()


def _readable_copies(catalogue: Path, new: Path, scratch: Path) -> Iterator[Path]:
    """The file with its log, without it, and with a head or first page as such files have it."""
    log = catalogue.with_name(catalogue.name + "-wal")
    copy = scratch / "copy.sqlite3"
    if log.is_file():
        shutil.copyfile(catalogue, copy)
        shutil.copyfile(log, scratch / "copy.sqlite3-wal")
        yield copy
    for part in scratch.glob("copy.sqlite3*"):
        part.unlink()
    shutil.copyfile(catalogue, copy)
    yield copy
    first = bytearray(new.read_bytes()[:_PAGE])
    # The model's own size; 0 means: ask the file system. A file cut short is opened that way, too.
    first[28:32] = bytes(4)
    for size in (_HEADER, _PAGE):
        with copy.open("r+b") as file:
            file.write(first[:size])
        yield copy


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.row_factory = sqlite3.Row
    with suppress(sqlite3.Error):
        database.execute("PRAGMA cell_size_check=ON")
    return database


class _Reader:
    """Rows of a broken database, one at a time."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def meta(self, key: str) -> Any:
        """A value of the table ``meta``; ``None`` where it cannot be read."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key) or next(
            (row for row in self.rows(meta) if row["key"] == key), None
        )
        with suppress(ValueError, TypeError):
            return json.loads(row["value"]) if row else None
        return None

    def rows(self, table: Table) -> Iterator[_Row]:
        """All rows that can be read, in order of their numbers."""
        number, missing = -1, 0
        while missing < _GIVE_UP_AFTER:
            try:
                row = self._next(table, number)
            except _UNREADABLE:
                # On a broken page every number is tried; what lies behind it is met that way.
                row = self.row(table, number + 1)
                number, missing = number + 1, 0 if row else missing + 1
            else:
                if row is None:
                    return
                number, missing = row["at_number"], 0
            if row:
                row.pop("at_number", None)
                yield row

    def _next(self, table: Table, number: int) -> _Row | None:
        query = f"SELECT rowid AS at_number, * FROM {table.name} WHERE rowid > ? ORDER BY rowid"
        row = self._database.execute(f"{query} LIMIT 1", (number,)).fetchone()
        if row is not None and row["at_number"] <= number:
            raise ValueError("the rows are in no order")
        return dict(row) if row else None

    def row(self, table: Table, number: int) -> _Row | None:
        """One row; ``None`` where it cannot be read."""
        return self._one(f"SELECT * FROM {table.name} WHERE rowid = ?", number)

    def count(self, table: Table) -> int | None:
        """How many rows there should be, where that can be told."""
        row = self._one(f"SELECT count(*) AS n FROM {table.name}")
        return row["n"] if row else None

    def _one(self, query: str, *values: object) -> _Row | None:
        # A turned bit can make anything of a row, also text that is none.
        with suppress(*_UNREADABLE):
            row = self._database.execute(query, values).fetchone()
            return dict(row) if row else None
        return None


def _take_over(reader: _Reader, connection: Connection) -> Saved:
    expected = {row["article_id"]: row["digest"] for row in reader.rows(sums)}
    chunk_numbers = _chunk_numbers(reader)
    taken: set[str] = set()
    seen: set[str] = set()
    next_number = 0
    for article in reader.rows(articles):
        article_id = article["article_id"]
        seen.add(article_id)
        numbers = chunk_numbers.get(article_id, [])
        chunk_rows = [row for number in numbers if (row := reader.row(chunks, number))]
        vector_rows = [row for number in numbers if (row := reader.row(vectors, number))]
        if not _is_whole(article, chunk_rows, vector_rows, expected):
            continue
        if article_id in taken:
            continue
        # What cannot be read of these, or does not fit, is made anew when it is needed.
        tag_rows = [
            row
            for number in numbers
            if (row := reader.row(parts_of_speech, number)) and isinstance(row["tags"], bytes)
        ]
        _store(connection, article, chunk_rows, vector_rows, tag_rows, next_number)
        next_number += len(chunk_rows)
        taken.add(article_id)
    _store_meta(reader, connection, next_number)
    rebuild_postings(connection)
    known = seen | set(expected) | set(chunk_numbers)
    stated = max(len(known), reader.count(articles) or 0)
    return Saved(
        articles=len(taken),
        lost=tuple(sorted(str(one) for one in known - taken)),
        lost_count=stated - len(taken),
    )


def _chunk_numbers(reader: _Reader) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row in reader.rows(chunks):
        if isinstance(row["article_id"], str):
            found[row["article_id"]].append(row["chunk_no"])
    return found


def _is_whole(
    article: _Row, chunk_rows: list[_Row], vector_rows: list[_Row], expected: Mapping[str, str]
) -> bool:
    if len(chunk_rows) != len(vector_rows):
        return False
    if not expected:
        # Written before there were checksums.
        return _has_its_text(article, chunk_rows)
    found = article_sum(article, chunk_rows, vector_rows)
    return expected.get(article["article_id"]) == found


def _has_its_text(article: _Row, chunk_rows: list[_Row]) -> bool:
    """Whether text and chunks have the hashes that are stored with them."""
    text = article["text"]
    if not isinstance(text, str) or _sha256(text) != article["content_hash"]:
        return False
    return all(
        _sha256(text[row["start_char"] : row["end_char"]])[:8] == row["chunk_id"].rpartition(":")[2]
        for row in chunk_rows
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _store(
    connection: Connection,
    article: _Row,
    chunk_rows: list[_Row],
    vector_rows: list[_Row],
    tag_rows: list[_Row],
    next_number: int,
) -> None:
    renumbered = {row["chunk_no"]: next_number + place for place, row in enumerate(chunk_rows)}
    connection.execute(insert(articles), article)
    for table, rows in (
        (chunks, chunk_rows),
        (vectors, vector_rows),
        (parts_of_speech, tag_rows),
    ):
        if rows:
            connection.execute(
                insert(table), [{**row, "chunk_no": renumbered[row["chunk_no"]]} for row in rows]
            )
    digest = article_sum(article, chunk_rows, vector_rows)
    connection.execute(insert(sums), {"article_id": article["article_id"], "digest": digest})


def _store_meta(reader: _Reader, connection: Connection, next_number: int) -> None:
    chroma = reader.meta("chroma")
    kept = {
        **{key: reader.meta(key) for key in _NEEDED},
        "revision": (reader.meta("revision") or 0) + 1,
        "next_chunk_no": next_number,
        "chroma": {**(chroma if isinstance(chroma, dict) else {}), **_OUT_OF_STEP},
    }
    rows = [{"key": key, "value": json.dumps(value, sort_keys=True)} for key, value in kept.items()]
    connection.execute(insert(meta), rows)


def _exchange(catalogue: Path, new: Path) -> None:
    """The new file takes the place of the old one in one step; the log belonged to the old."""
    with new.open("rb") as file:
        os.fsync(file.fileno())
    damaged = catalogue.with_name(catalogue.name + ".damaged")
    shutil.copyfile(catalogue, damaged)
    for suffix in ("-wal", "-shm"):
        beside = catalogue.with_name(catalogue.name + suffix)
        if beside.is_dir():  # put there by somebody, and SQLite can open nothing beside it
            beside.rename(beside.with_name(beside.name + ".damaged"))
        else:
            beside.unlink(missing_ok=True)
    new.replace(catalogue)
