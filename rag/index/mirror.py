"""Keeps Chroma in step with the catalogue, and knows whether it may be asked.

Chroma's vector files do not survive a kill and are not checked when they are read
(``docs/decisions/0003-catalogue-and-chroma.md``). So Chroma is only written at the end of an
ingestion, between a mark "not in step" and a mark "in step" in the catalogue, and only asked when
its files are those that were closed in order. Otherwise exact search serves, and the next writer
makes a new generation from the stored vectors.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from dataclasses import asdict, replace
from itertools import chain

from sqlalchemy import Connection, Table, delete, insert

from rag.errors import StoreError
from rag.index.catalogue import Catalogue, read_meta, write_meta
from rag.index.mirror_build import close_generation, new_generation
from rag.index.mirror_state import (
    STATE_KEY,
    Ahead,
    MirrorState,
    Seen,
    are_few,
    count_up_revision,
    read_state,
    sample_of,
)
from rag.index.reading import count, records_of
from rag.index.schema import unmirrored
from rag.index.vector_files import FileStates, file_states, is_suspect, mark_suspect, native_digest
from rag.index.vectors import ChromaIndex, ChromaPlace
from rag.protocols import FloatArray, Progress

# Past this share of changed chunks a new generation is as fast, and smaller.
_REBUILD_SHARE = 0.2
_RETRY_SECONDS = 30.0
_PASSES = 3
"""Over what other writers change meanwhile; the last of them finds the rest in the journal."""
_log = logging.getLogger(__name__)


class Mirror:
    """The collection of one store, followed by one process."""

    def __init__(self, catalogue: Catalogue, place: ChromaPlace, fingerprint: str) -> None:
        self._catalogue = catalogue
        self._place = place
        self._fingerprint = fingerprint
        self._lock = threading.RLock()
        self._open: ChromaIndex | None = None
        self._opened_for: MirrorState | None = None
        self._not_before = 0.0
        self.note: str | None = None

    @property
    def url(self) -> str | None:
        """The Chroma server, if there is one."""
        return self._place.url

    def mark_out_of_step(
        self, connection: Connection, changed: set[str], *, is_forgetting: bool = False
    ) -> None:
        """Says in a writing transaction that Chroma no longer holds what the catalogue holds.

        What is forgotten for good must not stay in Chroma's files: that takes a new generation.
        """
        state = read_state(connection)
        now = replace(
            state,
            is_in_step=False,
            is_journaled=state.is_in_step or state.is_journaled,
            must_rebuild=(state.must_rebuild and not state.is_in_step) or is_forgetting,
        )
        if now != state:
            write_meta(connection, STATE_KEY, asdict(now))
        if changed and now.is_journaled and not now.must_rebuild:
            rows = [{"chunk_id": chunk_id} for chunk_id in sorted(changed)]
            connection.execute(insert(unmirrored), rows)

    def bring_in_step(self, progress: Progress | None = None) -> None:
        """Makes Chroma hold what the catalogue holds. On failure exact search goes on serving."""
        with self._lock:
            try:
                # Another writer may be about it; what was written since is left to this one.
                with self._catalogue.mirror_claimed() as is_claimed:
                    passes = _PASSES if is_claimed else 0
                    while passes and not self._bring_in_step(progress):
                        passes -= 1
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001  Chroma raises anything, and is only a cache
                _log.warning(
                    "Chroma could not be brought in step: %s. Nothing is lost: questions are "
                    "searched exactly until `rag store check --repair` makes it anew.",
                    error,
                )
                self._stop_asking(
                    f"Chroma cannot be used ({type(error).__name__}); searched exactly."
                )

    def search(
        self, vector: FloatArray, k: int, state: MirrorState
    ) -> list[tuple[str, float]] | None:
        """The ``k`` nearest (chunk id, cosine); ``None`` where Chroma may not be asked."""
        with self._lock:
            try:
                index = self._ready(state)
                return index.search(vector, k) if index else None
            except Exception as error:  # noqa: BLE001  Chroma raises anything, and is only a cache
                _log.warning("Chroma could not be asked: %s", error)
                if self.url is None and not isinstance(error, ImportError):
                    mark_suspect(self._place.generation_folder(state.generation))
                self._stop_asking(
                    f"Chroma cannot be used ({type(error).__name__}); searched exactly."
                )
                return None

    def is_usable(self, state: MirrorState) -> bool:
        """Whether the collection's files are those that were closed in order."""
        if not state.is_in_step or state.url != self._place.url:
            return False
        if state.url is not None:
            return True
        folder = self._place.generation_folder(state.generation)
        found = file_states(folder)
        if is_suspect(folder) or _sizes(found) != _sizes(state.files):
            return False
        # A copied or restored store has other times: then the content decides.
        return found == state.files or native_digest(folder) == state.digest

    def problem(self) -> str | None:
        """Why Chroma does not hold what the catalogue holds. Run it where it may crash."""
        with self._catalogue.reading() as connection:
            state = read_state(connection)
            total = count(connection).chunks
            sample = sample_of(connection, total)
        if not self.is_usable(state):
            return "Chroma is not in step with the catalogue"
        # A check may wait for a busy server; a question may not.
        index = ChromaIndex.open(self._place, state.generation, self._fingerprint, writes=True)
        if index.count() != total:
            return "Chroma does not hold as many chunks as the catalogue"
        try:
            lost = set(index.unreached(sample)) - set(state.unreached)
        except ValueError as error:
            return f"Chroma loses vectors: {error}"
        return None if are_few(len(lost), len(sample)) else "Chroma loses vectors"

    def generation_ahead(self, table: Table, fingerprint: str) -> Ahead | None:
        """A generation of other vectors, made while the current one is asked; ``None`` on failure.

        Nobody sees it before ``take_over``.
        """
        with self._lock, self._catalogue.mirror_claimed() as is_claimed:
            try:
                if is_claimed:
                    with self._catalogue.reading() as connection:
                        seen = Seen.by(connection)
                        state = new_generation(
                            connection, self._place, fingerprint, seen, None, table=table
                        )
                    return Ahead(state, seen.revision)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001  Chroma raises anything, and is only a cache
                _log.warning("Chroma could not be filled ahead: %s", error)
        return None

    def take_over(self, connection: Connection, ahead: Ahead | None) -> None:
        """Switches to a generation made ahead, in the transaction that switches the vectors."""
        if ahead and read_meta(connection, "revision") == ahead.revision:
            state = ahead.state
        else:
            state = replace(read_state(connection), is_in_step=False, is_journaled=False)
        write_meta(connection, STATE_KEY, asdict(state))
        connection.execute(delete(unmirrored))

    def drop_old_generations(self) -> None:
        """Deletes all local generations but the one the catalogue names."""
        with self._catalogue.reading() as connection:
            state = read_state(connection)
        if state.is_in_step and self.url is None:
            self.close()
            self._place.drop_other_generations(state.generation)

    def follow(self, fingerprint: str) -> None:
        """From now on the store has vectors of another kind."""
        with self._lock:
            if fingerprint != self._fingerprint:
                self.close()
                self._fingerprint = fingerprint

    def close(self) -> None:
        """Lets go of Chroma's files."""
        with self._lock:
            if self._open is not None:
                self._open.close()
            self._open = None
            self._opened_for = None

    def _bring_in_step(self, progress: Progress | None) -> bool:
        """One pass over one state of the catalogue; whether nothing was written meanwhile."""
        with self._catalogue.reading() as connection:
            seen = Seen.by(connection)
            old = seen.state
            if not seen.changed and self.is_usable(old) and self._is_served(old, seen.total):
                return True
            self.close()
            state = (
                self._updated(connection, seen)
                if self._may_be_updated(seen)
                else new_generation(connection, self._place, self._fingerprint, seen, progress)
            )
        is_current = self._note_in_step(state, seen)
        self._place.drop_other_generations(state.generation)
        if old.url is not None and old.url == self._place.url and old.generation:
            ChromaIndex(self._place, old.generation).drop_unless(state.generation)
        self.note = None
        return is_current

    def _note_in_step(self, state: MirrorState, seen: Seen) -> bool:
        with self._catalogue.transaction() as connection:
            is_current = bool(read_meta(connection, "revision") == seen.revision)
            now = read_state(connection)
            if not is_current:
                state = replace(
                    state,
                    is_in_step=False,
                    is_journaled=now.is_journaled,
                    must_rebuild=now.must_rebuild,
                )
            write_meta(connection, STATE_KEY, asdict(state))
            connection.execute(delete(unmirrored).where(unmirrored.c.change_no <= seen.last_change))
            count_up_revision(connection)
        return is_current

    def _is_served(self, state: MirrorState, total: int | None = None) -> bool:
        """Whether a server still has the collection; files were looked at already."""
        if state.url is None:
            return True
        if not ChromaIndex.exists(self._place, state.generation):
            return False
        index = ChromaIndex.open(self._place, state.generation, self._fingerprint, writes=True)
        return total is None or index.count() == total

    def _may_be_updated(self, seen: Seen) -> bool:
        state = seen.state
        return (
            state.is_journaled
            and not state.must_rebuild
            and len(seen.changed) <= _REBUILD_SHARE * seen.total
            and self.is_usable(replace(state, is_in_step=True))
            and self._is_served(state)
        )

    def _updated(self, connection: Connection, seen: Seen) -> MirrorState:
        generation = seen.state.generation
        index = ChromaIndex.open(self._place, generation, self._fingerprint, writes=True)
        present: set[str] = set()
        for records in records_of(connection, seen.changed):
            index.upsert(records)
            present.update(record.chunk_id for record in records)
        index.delete(sorted(set(seen.changed) - present))
        # To ask for everything would take longer than the change.
        written = chain(
            records_of(connection, sorted({*seen.changed, *seen.state.unreached})),
            [sample_of(connection, seen.total)],
        )
        return close_generation(self._place, index, generation, written, seen.total)

    def _ready(self, state: MirrorState) -> ChromaIndex | None:
        if self._opened_for == state and (self._open or time.monotonic() < self._not_before):
            return self._open
        self.close()
        self._opened_for = state
        self._not_before = math.inf
        if self.is_usable(state):
            self._open = ChromaIndex.open(self._place, state.generation, self._fingerprint)
            self.note = None
        else:
            self.note = "Chroma is not in step with the catalogue; searched exactly."
        return self._open

    def _stop_asking(self, note: str) -> None:
        self.note = note
        if self._open is not None:
            self._open.close()
        self._open = None
        # Files do not heal by themselves; a server may come back.
        self._not_before = time.monotonic() + _RETRY_SECONDS if self.url else math.inf


def _sizes(files: FileStates) -> dict[str, int]:
    return {name: size for name, (size, _) in files.items()}
