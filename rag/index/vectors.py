"""The Chroma collection: the only module that speaks to Chroma.

Each generation lies in a folder of its own, so that dropping one leaves nothing of it behind. With
a server, generations are collections of different names. Distances never leave this module.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from rag.index.deadline import answered_in_time
from rag.index.vector_files import suspicion
from rag.protocols import FloatArray

BATCH_SIZE = 1000
"""Chroma refuses 5,462 records at once and gains nothing past 1,000."""

SERVER_KEY = "RAG_CHROMA_KEY"
"""The variable with the token of a proxy before a Chroma server."""

_SYNC_THRESHOLD = 1000
_QUERIES = 100
_SAME = 1e-5
"""A cosine distance that is nothing but rounding."""
_SERVER_SECONDS = 5.0
_WRITER_SECONDS = 60.0
"""Nobody waits for an answer while a generation is made; a busy server may take its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorRecord:
    """A chunk as Chroma keeps it: its text stands in the catalogue alone.

    Chroma would index every three letters of it, for twice the time and three times the space,
    and keep what was changed or forgotten in free pages.
    """

    chunk_id: str
    vector: FloatArray
    article_id: str
    source: str | None
    published_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaPlace:
    """Where the collections of a store lie: in its folder, or on a server under its own id."""

    folder: Path
    url: str | None
    store_id: str

    def generation_folder(self, generation: int) -> Path:
        """The folder of one generation."""
        return self.folder / f"g{generation}"

    def collection_name(self, generation: int) -> str:
        """The name of one generation's collection; on a server unique among stores."""
        return f"articles_g{generation}" + (f"_{self.store_id}" if self.url else "")

    def newest_generation(self) -> int:
        """The highest generation there is a folder of."""
        return max((int(folder.name[1:]) for folder in self._folders()), default=0)

    def drop_other_generations(self, generation: int) -> None:
        """Deletes all local generations but one, whatever state they are in."""
        for folder in self._folders():
            if folder != self.generation_folder(generation):
                shutil.rmtree(folder, ignore_errors=True)
                suspicion(folder).unlink(missing_ok=True)

    def _folders(self) -> list[Path]:
        return [
            folder
            for folder in self.folder.glob("g*")
            if folder.is_dir() and folder.name[1:].isdigit()
        ]


class ChromaIndex:
    """One open generation. Every method may raise whatever Chroma raises."""

    def __init__(self, place: ChromaPlace, generation: int, *, writes: bool = False) -> None:
        self._place = place
        self._generation = generation
        self._writes = writes
        self._client: Any = None
        self._collection: Any = None

    @classmethod
    def create(cls, place: ChromaPlace, generation: int, fingerprint: str) -> ChromaIndex:
        """A new, empty generation in place of whatever has its name."""
        index = cls(place, generation, writes=True)
        if place.url is None:
            folder = place.generation_folder(generation)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        index._within_deadline(lambda: index._create(fingerprint))
        return index

    @classmethod
    def open(
        cls, place: ChromaPlace, generation: int, fingerprint: str, *, writes: bool = False
    ) -> ChromaIndex:
        """An existing generation; ``ValueError`` when it is not the one expected."""
        index = cls(place, generation, writes=writes)
        index._within_deadline(index._open)
        stated = index._collection.metadata or {}
        if (stated.get("generation"), stated.get("fingerprint")) != (generation, fingerprint):
            raise ValueError(f"collection {index._collection.name!r} was made for another index")
        return index

    @classmethod
    def exists(cls, place: ChromaPlace, generation: int) -> bool:
        """Whether a server has the collection of a generation."""
        index = cls(place, generation, writes=True)
        known = index._within_deadline(lambda: index._connect().list_collections())
        return place.collection_name(generation) in [collection.name for collection in known]

    def upsert(self, records: Sequence[VectorRecord]) -> None:
        """Adds or replaces chunks, in batches."""
        for start in range(0, len(records), BATCH_SIZE):
            batch = records[start : start + BATCH_SIZE]
            self._collection.upsert(
                ids=[record.chunk_id for record in batch],
                embeddings=np.stack([record.vector for record in batch]),
                metadatas=[_metadata(record) for record in batch],
            )

    def delete(self, chunk_ids: Sequence[str]) -> None:
        """Removes chunks; unknown ids are ignored."""
        for start in range(0, len(chunk_ids), BATCH_SIZE):
            self._collection.delete(ids=list(chunk_ids[start : start + BATCH_SIZE]))

    def search(self, vector: FloatArray, k: int) -> list[tuple[str, float]]:
        """The ``k`` nearest (chunk id, cosine), best first."""
        found = self._within_deadline(
            lambda: self._collection.query(
                query_embeddings=vector[None, :], n_results=k, include=["distances"]
            )
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(chunk_id, min(1.0, 1.0 - float(distance))) for chunk_id, distance in pairs]

    def unreached(self, records: Sequence[VectorRecord]) -> list[str]:
        """The chunks that are held, but that no way through the graph leads to.

        HNSW drops ways between near-identical vectors, and Chroma adds vectors in parallel: now
        and then one is left without a way, in a sound index. ``ValueError`` when a chunk is not
        held, or with another vector.
        """
        lost: list[VectorRecord] = []
        for start in range(0, len(records), _QUERIES):
            batch = records[start : start + _QUERIES]
            found = self._find_themselves(batch)
            lost += [record for record, is_found in zip(batch, found, strict=True) if not is_found]
        for start in range(0, len(lost), BATCH_SIZE):
            self._ensure_held(lost[start : start + BATCH_SIZE])
        return [record.chunk_id for record in lost]

    def count(self) -> int:
        """How many chunks the collection says it holds."""
        return int(self._within_deadline(self._collection.count))

    def settle(self) -> None:
        """Makes Chroma write out what it holds in its log, so that no reader has to replay it."""
        if self._place.url is not None or not self.count():
            return
        some = self._collection.get(limit=1, include=["embeddings", "metadatas"])
        self._collection.modify(configuration={"hnsw": {"sync_threshold": 2}})
        # A collection reads its threshold when it is opened.
        self.close()
        self._open()
        self._collection.query(query_embeddings=some["embeddings"], n_results=1)
        # Had a single record been waiting, it waits still. One at a time: Chroma applies what it
        # finds in its log in parallel, and a vector changed while others come loses its ways.
        for _ in range(2):
            self._collection.upsert(**{key: some[key] for key in _RECORD_KEYS})
            self._collection.query(query_embeddings=some["embeddings"], n_results=1)
        self._collection.modify(configuration={"hnsw": {"sync_threshold": _SYNC_THRESHOLD}})

    def close(self) -> None:
        """Lets go of the files; a client that is opened later sees what others wrote."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def drop_unless(self, current: int) -> None:
        """Deletes the collection from a server, if it is there and not the current generation."""
        if self._generation != current and self.exists(self._place, self._generation):
            self._connect().delete_collection(self._place.collection_name(self._generation))

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        # Without _env_file=None Chroma would take settings from a .env in the current folder.
        settings = Settings(anonymized_telemetry=False, _env_file=None)
        if self._place.url is None:
            folder = self._place.generation_folder(self._generation)
            return chromadb.PersistentClient(str(folder), settings=settings)
        address = urlsplit(self._place.url)
        return chromadb.HttpClient(
            host=address.hostname or "localhost",
            port=address.port or 8000,
            ssl=address.scheme == "https",
            headers=_proxy_headers(),
            settings=settings,
        )

    def _create(self, fingerprint: str) -> None:
        self._client = self._connect()
        name = self._place.collection_name(self._generation)
        if self._place.url and name in [known.name for known in self._client.list_collections()]:
            self._client.delete_collection(name)
        self._collection = self._client.create_collection(
            name,
            embedding_function=None,
            metadata={"generation": self._generation, "fingerprint": fingerprint},
            configuration={
                "hnsw": {"space": "cosine", "ef_search": 400, "sync_threshold": _SYNC_THRESHOLD}
            },
        )

    def _open(self) -> None:
        self._client = self._connect()
        self._collection = self._client.get_collection(
            self._place.collection_name(self._generation), embedding_function=None
        )

    def _find_themselves(self, records: Sequence[VectorRecord]) -> list[bool]:
        """Whether each chunk, or one of the same vector, is the nearest to its own vector."""
        found = self._within_deadline(
            lambda: self._collection.query(
                query_embeddings=np.stack([record.vector for record in records]),
                n_results=1,
                include=["distances"],
            )
        )
        rows = zip(records, found["ids"], found["distances"], strict=True)
        return [
            record.chunk_id in ids or any(distance < _SAME for distance in distances)
            for record, ids, distances in rows
        ]

    def _ensure_held(self, records: Sequence[VectorRecord]) -> None:
        found = self._within_deadline(
            lambda: self._collection.get(
                ids=[record.chunk_id for record in records], include=["embeddings"]
            )
        )
        held = dict(zip(found["ids"], found["embeddings"], strict=True))
        for record in records:
            vector = held.get(record.chunk_id)
            if vector is None or not np.allclose(vector, record.vector, atol=1e-4):
                raise ValueError(f"chunk {record.chunk_id!r} is not held as it was written")

    def _within_deadline(self, call: Callable[[], Any]) -> Any:
        if self._place.url is None:
            return call()
        return answered_in_time(call, _WRITER_SECONDS if self._writes else _SERVER_SECONDS)


_RECORD_KEYS = ("ids", "embeddings", "metadatas")


def _proxy_headers() -> dict[str, str]:
    """What a proxy before the server asks for; the server itself knows no users."""
    token = os.environ.get(SERVER_KEY)
    return {"Authorization": f"Bearer {token}"} if token else {}


def _metadata(record: VectorRecord) -> dict[str, str]:
    stated = {
        "article_id": record.article_id,
        "source": record.source,
        "published_at": record.published_at,
    }
    return {key: value for key, value in stated.items() if value is not None}
