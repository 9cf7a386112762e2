"""The only place that chooses real implementations; heavy packages are imported when needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.errors import UsageError
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.answer.support import Similarity
    from rag.index.embed import OpenEmbedder
    from rag.index.store import Store
    from rag.llm.policy import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """What the pipeline works with."""

    settings: Settings
    store: Store
    embedder: OpenEmbedder
    fingerprint: str
    model: Model | None = None


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
        settings.store.path,
        mode=mode,
        identity=identity,
        url=settings.store.url,
        catalogue_url=settings.store.catalogue,
        rebuild=rebuild,
    ) as store:
        yield Deps(
            settings=settings,
            store=store,
            embedder=embedder,
            fingerprint=identity.fingerprint,
            model=_language_model(settings),
        )


def _language_model(settings: Settings) -> Model | None:
    """The language model that is to write; ``None`` where the sources speak for themselves."""
    if settings.answer.mode == "extractive":
        return None
    if not settings.llm.is_configured:
        if settings.answer.mode == "llm":
            raise UsageError(
                "No language model is configured.", "Set llm.url and llm.model, or llm.gguf."
            )
        return None
    from rag.llm.open import open_model

    return open_model(settings.llm)


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Store]:
    """The store for looking articles up: no model is needed and none is checked."""
    from rag.index.store import Store

    with Store.open(
        settings.store.path,
        mode="read",
        url=settings.store.url,
        catalogue_url=settings.store.catalogue,
    ) as store:
        yield store


def open_similarity(settings: Settings) -> Similarity | None:
    """How near texts are by the configured embedding; ``None`` where it is not ready."""
    from rag.answer.support import similarity_by
    from rag.errors import ModelError
    from rag.index.embed import open_embedder

    try:
        return similarity_by(open_embedder(settings.embedding, bulk=False))
    except ModelError:
        return None
