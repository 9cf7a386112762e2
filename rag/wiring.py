"""The only place that chooses real implementations; heavy packages are imported when needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.settings import Settings, index_fingerprint

if TYPE_CHECKING:
    from rag.index.embed import OpenEmbedder
    from rag.index.store import IndexIdentity, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What the pipeline works with."""

    settings: Settings
    store: Store
    embedder: OpenEmbedder
    fingerprint: str


@contextmanager
def open_deps(settings: Settings, *, mode: Literal["read", "write"] = "read") -> Iterator[Deps]:
    """The store and the models as the settings say; closed at the end.

    Raises ``StoreError`` where the store is missing, locked or made with other settings, and
    ``ModelError`` where the model is not ready.
    """
    from rag.index.embed import open_embedder
    from rag.index.store import Store

    embedder = open_embedder(settings.embedding, bulk=mode == "write")
    identity = index_identity(settings, embedder)
    with Store.open(
        settings.store.path, mode=mode, identity=identity, server_url=settings.store.url
    ) as store:
        yield Deps(
            settings=settings,
            store=store,
            embedder=embedder,
            fingerprint=index_fingerprint(
                settings,
                embedder_fingerprint=embedder.fingerprint,
                dimension=embedder.dimension,
            ),
        )


def index_identity(settings: Settings, embedder: OpenEmbedder) -> IndexIdentity:
    """What shapes an index made with these settings and this model."""
    from rag.index.store import IndexIdentity
    from rag.settings import SCHEMA_VERSION

    return IndexIdentity(
        model=settings.embedding.model,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=settings.chunk.model_dump(),
        schema=SCHEMA_VERSION,
    )


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Store]:
    """The store for looking articles up: no model is needed and none is checked."""
    from rag.index.store import Store

    with Store.open(
        settings.store.path, mode="read", identity=None, server_url=settings.store.url
    ) as store:
        yield store


def discard_index(settings: Settings) -> None:
    """Remove the index made before, whatever it was made with; articles on disk are untouched."""
    from rag.index.store import Store

    Store.discard(settings.store.path, server_url=settings.store.url)
