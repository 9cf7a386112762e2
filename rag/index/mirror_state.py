"""What the catalogue says about Chroma: its generation, and what changed since it was in step."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, select

from rag.index.catalogue import read_meta, read_number, write_meta
from rag.index.reading import count, vector_records
from rag.index.schema import unmirrored, vectors
from rag.index.vector_files import FileStates
from rag.index.vectors import BATCH_SIZE, VectorRecord

STATE_KEY = "chroma"
_SELF_QUERIES = 200
_FEW = 3
_FEW_SHARE = 0.05
"""Of thousands of nearly the same vectors up to 1.1 % were seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorState:
    """What the catalogue knows about the collection."""

    generation: int = 0
    is_in_step: bool = False
    url: str | None = None
    files: FileStates = field(default_factory=dict)
    digest: str = ""
    is_journaled: bool = False
    """Whether everything that changed since it was in step stands in ``unmirrored``."""
    unreached: list[str] = field(default_factory=list)
    """The chunks it holds and does not find: they are compared one by one."""
    must_rebuild: bool = False
    """Whether something was forgotten that must not stay in its files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One state of the catalogue, as far as Chroma is concerned."""

    state: MirrorState
    total: int
    revision: int | None
    changed: list[str]
    last_change: int

    @classmethod
    def by(cls, connection: Connection) -> Seen:
        """What a reading transaction sees."""
        rows = connection.execute(select(unmirrored.c.change_no, unmirrored.c.chunk_id)).all()
        return cls(
            state=read_state(connection),
            total=count(connection).chunks,
            revision=read_meta(connection, "revision"),
            changed=sorted({row.chunk_id for row in rows}),
            last_change=max((row.change_no for row in rows), default=-1),
        )


@dataclass(frozen=True, slots=True)
class Ahead:
    """A generation that nobody asks yet, and the revision of the catalogue it was made from."""

    state: MirrorState
    revision: int | None


def read_state(connection: Connection) -> MirrorState:
    """What the catalogue knows about the collection."""
    stored = read_meta(connection, STATE_KEY)
    try:
        state = MirrorState(**stored)
    except TypeError:
        return MirrorState()
    # What this program did not write is no state of Chroma's: it is made anew.
    return state if isinstance(state.generation, int) else MirrorState()


def count_up_revision(connection: Connection) -> None:
    """Tells other processes that the catalogue is not what it was."""
    write_meta(connection, "revision", read_number(connection, "revision") + 1)


def are_few(unreached: int, total: int) -> bool:
    """Whether a sound index may fail to find so many; those that are known are compared exactly."""
    return unreached <= max(_FEW, _FEW_SHARE * total)


def sample_of(connection: Connection, total: int, *, table: Table = vectors) -> list[VectorRecord]:
    """Some two hundred of the stored chunks, evenly spread."""
    every = max(1, total // _SELF_QUERIES)
    return next(vector_records(connection, BATCH_SIZE, every=every, table=table), [])
