"""Makes a generation of Chroma from stored vectors, and closes one so that it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table

from rag.index.mirror_state import MirrorState, Seen, are_few
from rag.index.reading import vector_records
from rag.index.schema import vectors
from rag.index.vector_files import clear_unused, file_states, native_digest
from rag.index.vectors import BATCH_SIZE, ChromaIndex, ChromaPlace, VectorRecord
from rag.protocols import Progress


def new_generation(
    connection: Connection,
    place: ChromaPlace,
    fingerprint: str,
    seen: Seen,
    progress: Progress | None,
    *,
    table: Table = vectors,
) -> MirrorState:
    """Every chunk with its vector of ``table``, in the generation after the newest."""
    generation = max(seen.state.generation, place.newest_generation()) + 1
    index = ChromaIndex.create(place, generation, fingerprint)
    done = 0
    for records in vector_records(connection, BATCH_SIZE, table=table):
        index.upsert(records)
        done += len(records)
        if progress:
            progress(done, seen.total)
    written = vector_records(connection, BATCH_SIZE, table=table)
    return close_generation(place, index, generation, written, seen.total)


def close_generation(
    place: ChromaPlace,
    index: ChromaIndex,
    generation: int,
    written: Iterable[Sequence[VectorRecord]],
    total: int,
) -> MirrorState:
    """Written out, asked for what was written, closed. Raises ``ValueError`` if it lies."""
    index.settle()
    unreached: set[str] = set()
    try:
        if index.count() != total:
            raise ValueError(f"generation {generation} does not hold as much as was written to it")
        for records in written:
            unreached.update(index.unreached(records))
    finally:
        index.close()
    if not are_few(len(unreached), total):
        raise ValueError(f"generation {generation} finds too little of what was written to it")
    if place.url is not None:
        return MirrorState(
            generation=generation, is_in_step=True, url=place.url, unreached=sorted(unreached)
        )
    folder = place.generation_folder(generation)
    clear_unused(folder)
    return MirrorState(
        generation=generation,
        is_in_step=True,
        unreached=sorted(unreached),
        files=file_states(folder),
        digest=native_digest(folder),
    )
