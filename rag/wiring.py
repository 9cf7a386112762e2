"""The only place that chooses real implementations; heavy packages are imported when needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.settings import Settings

if TYPE_CHECKING:
    from rag.index.embed import OpenEmbedder
    from rag.index.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What the pipeline works with."""

    settings: Settings
    store: Store
    embedder: OpenEmbedder
    fingerprint: str


@contextmanager
def open_deps(
    settings: Settings, *, mode: Literal["read", "write"] = "read", rebuild: bool = False
) -> Iterator[Deps]:
    """The store and the models as the settings say; closed at the end.

    With ``rebuild`` the index starts empty with the settings in force. Raises ``StoreError`` where
    the store is missing, locked or made with other settings, and ``ModelError`` where the model
    is not ready.
    """
    from rag.index.embed import open_embedder
    from rag.index.store import IndexIdentity, Store

    embedder = open_embedder(settings.embedding, bulk=mode == "write")
    identity = IndexIdentity(
        model=settings.embedding.model,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=settings.chunk.model_dump(),
    )
    with Store.open(
        settings.store.path, mode=mode, identity=identity, url=settings.store.url, rebuild=rebuild
    ) as store:
        yield Deps(
            settings=settings, store=store, embedder=embedder, fingerprint=identity.fingerprint
        )


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Store]:
    """The store for looking articles up: no model is needed and none is checked."""
    from rag.index.store import Store

    with Store.open(settings.store.path, mode="read", url=settings.store.url) as store:
        yield store
