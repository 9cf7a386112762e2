"""Makes a generation of Chroma from stored vectors, and closes one so that it can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table

from rag.index.mirror_state import MirrorState, Seen, sample_of
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
    sample = sample_of(connection, seen.total, table=table)
    return close_generation(place, index, generation, sample, seen.total)


def close_generation(
    place: ChromaPlace,
    index: ChromaIndex,
    generation: int,
    sample: Sequence[VectorRecord],
    total: int,
) -> MirrorState:
    """Written out, asked for some of what was written, closed. Raises ``ValueError`` if it lies."""
    index.settle()
    if index.count() != total or not index.finds_itself(sample):
        index.close()
        raise ValueError(f"generation {generation} does not hold what was written to it")
    index.close()
    if place.url is not None:
        return MirrorState(generation=generation, is_in_step=True, url=place.url)
    folder = place.generation_folder(generation)
    clear_unused(folder)
    return MirrorState(
        generation=generation,
        is_in_step=True,
        files=file_states(folder),
        digest=native_digest(folder),
    )
