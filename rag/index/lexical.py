"""BM25 over posting lists that lie in the catalogue and change with it, in the same transaction.

A posting list is cut into blocks of chunk numbers. Chunks are only ever numbered upwards, so new
ones touch the last block alone, and a question reads a few rows for each of its terms.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from rag.index.schema import chunks, damaged_row, postings
from rag.protocols import FloatArray

BLOCK_SIZE = 8192
"""Chunk numbers of one block; a block's list of a very common term is rewritten at 40 kB."""

_MOST_PARAMETERS = 500
_K1 = 1.2
_B = 0.75
_THIS_ROW = and_(postings.c.term == bindparam("at_term"), postings.c.block == bindparam("at_block"))
_Key = tuple[str, int]
_Row = dict[str, object]
_Postings = list[tuple[int, int]]


def add_postings(connection: Connection, terms_by_chunk: Mapping[int, Sequence[str]]) -> None:
    """Makes new chunks findable by their terms."""
    fresh: dict[_Key, _Postings] = defaultdict(list)
    for chunk_no in sorted(terms_by_chunk):
        for term, frequency in Counter(terms_by_chunk[chunk_no]).items():
            fresh[term, chunk_no // BLOCK_SIZE].append((chunk_no, min(frequency, 255)))
    known = {key: (nos, counts) for key, nos, counts in _rows(connection, fresh)}
    changed: list[_Row] = []
    new: list[_Row] = []
    for key, added in fresh.items():
        nos, counts = known.get(key, (b"", b""))
        row = _row(key, nos + _numbers(added), counts + _frequencies(added))
        (changed if key in known else new).append(row)
    _store(connection, changed, new)


def remove_postings(connection: Connection, terms_by_chunk: Mapping[int, Sequence[str]]) -> None:
    """Makes chunks unfindable; no posting of them is left."""
    gone: dict[_Key, set[int]] = defaultdict(set)
    for chunk_no, terms in terms_by_chunk.items():
        for term in set(terms):
            gone[term, chunk_no // BLOCK_SIZE].add(chunk_no)
    changed: list[_Row] = []
    empty: list[_Row] = []
    for key, nos, counts in _rows(connection, gone):
        numbers = np.frombuffer(nos, dtype="<u4")
        keep = ~np.isin(numbers, np.fromiter(gone[key], dtype="<u4"))
        kept_counts = np.frombuffer(counts, dtype="u1")[keep].tobytes()
        row = _row(key, numbers[keep].tobytes(), kept_counts)
        (changed if keep.any() else empty).append(row)
    _store(connection, changed, [])
    if empty:
        keys = [{"at_term": row["term"], "at_block": row["block"]} for row in empty]
        connection.execute(delete(postings).where(_THIS_ROW), keys)


def rebuild_postings(connection: Connection) -> None:
    """Makes all posting lists anew from the terms stored with each chunk."""
    connection.execute(delete(postings))
    rows = connection.execute(select(chunks.c.chunk_no, chunks.c.terms).order_by(chunks.c.chunk_no))
    for part in rows.partitions(BLOCK_SIZE):
        add_postings(connection, {row.chunk_no: row.terms.split() for row in part})


def known_terms(connection: Connection, terms: Collection[str]) -> frozenset[str]:
    """Those of the terms that occur in any chunk."""
    found: set[str] = set()
    for part in _parts(sorted(terms)):
        query = select(postings.c.term).where(postings.c.term.in_(part)).distinct()
        found.update(connection.execute(query).scalars())
    return frozenset(found)


class Bm25:
    """Scores all chunks for a question; made once for each state of the catalogue."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(chunks.c.chunk_no, chunks.c.term_count)).all()
        numbers = np.array([row[0] for row in rows], dtype=np.int64)
        counts = np.array([row[1] for row in rows], dtype=np.float32)
        self._total = len(rows)
        self._size = int(numbers.max(initial=-1)) + 1
        # Summed exactly: the order in which a database gives its rows must not matter.
        average = max(float(counts.mean(dtype=np.float64)), 1.0) if self._total else 1.0
        self._length_norm = np.zeros(self._size, dtype=np.float32)
        self._length_norm[numbers] = _K1 * (1 - _B + _B * counts / average)

    def scores(self, connection: Connection, terms: Sequence[str]) -> FloatArray:
        """The score of each chunk at its number; 0 where no term occurs."""
        scores = np.zeros(self._size, dtype=np.float32)
        for numbers, frequencies in self._lists(connection, sorted(set(terms))):
            found = len(numbers)
            if len(frequencies) != found or numbers.max(initial=-1) >= self._size:
                raise damaged_row("a list of words")
            idf = np.float32(np.log1p((self._total - found + 0.5) / (found + 0.5)))
            norm = self._length_norm[numbers]
            # A chunk occurs once in a list, so plain indexed addition is enough.
            scores[numbers] += idf * frequencies * np.float32(_K1 + 1) / (frequencies + norm)
        return scores

    @staticmethod
    def _lists(
        connection: Connection, terms: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.int64], FloatArray]]:
        blocks: dict[str, list[tuple[bytes, bytes]]] = defaultdict(list)
        for part in _parts(terms):
            query = select(postings.c.term, postings.c.chunk_nos, postings.c.frequencies)
            for term, nos, counts in connection.execute(query.where(postings.c.term.in_(part))):
                blocks[term].append((nos, counts))
        # In the order of the terms, so that the floating-point sum is always the same.
        for term in terms:
            data = b"".join(nos for nos, _ in blocks[term])
            if len(data) % 4:
                raise damaged_row("a list of words")
            numbers = np.frombuffer(data, dtype="<u4")
            counts = np.frombuffer(b"".join(counts for _, counts in blocks[term]), dtype="u1")
            yield numbers.astype(np.int64), counts.astype(np.float32)


def _rows(
    connection: Connection, wanted: Mapping[_Key, object]
) -> Iterator[tuple[_Key, bytes, bytes]]:
    terms_by_block: dict[int, list[str]] = defaultdict(list)
    for term, block in sorted(wanted):
        terms_by_block[block].append(term)
    for block, terms in terms_by_block.items():
        for part in _parts(terms):
            query = select(postings).where(postings.c.block == block, postings.c.term.in_(part))
            for row in connection.execute(query):
                yield (row.term, row.block), row.chunk_nos, row.frequencies


def _parts(terms: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(terms), _MOST_PARAMETERS):
        yield terms[start : start + _MOST_PARAMETERS]


def _store(connection: Connection, changed: list[_Row], new: list[_Row]) -> None:
    if changed:
        rows = [
            {
                "at_term": row["term"],
                "at_block": row["block"],
                "chunk_nos": row["chunk_nos"],
                "frequencies": row["frequencies"],
            }
            for row in changed
        ]
        connection.execute(update(postings).where(_THIS_ROW), rows)
    if new:
        connection.execute(insert(postings), new)


def _row(key: _Key, chunk_nos: bytes, frequencies: bytes) -> _Row:
    term, block = key
    return {"term": term, "block": block, "chunk_nos": chunk_nos, "frequencies": frequencies}


def _numbers(added: _Postings) -> bytes:
    return np.array([number for number, _ in added], dtype="<u4").tobytes()


def _frequencies(added: _Postings) -> bytes:
    return np.array([frequency for _, frequency in added], dtype="u1").tobytes()
