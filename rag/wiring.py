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
    from rag.index.ray_prepare import Prepare
    from rag.index.store import Store
    from rag.llm.policy import Model
    from rag.protocols import Progress


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
    from rag.index.memory import look_for_cycles_seldom
    from rag.index.store import IndexIdentity, Store

    if mode == "read":
        look_for_cycles_seldom()
    if mode == "read" and "model" not in settings.embedding.model_fields_set:
        settings = _with_the_stores_model(settings)
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
            embedder=embedder if mode == "write" else _following(settings, store, embedder),
            fingerprint=identity.fingerprint,
            model=_language_model(settings),
        )


@contextmanager
def preparing(deps: Deps, ray: str | None) -> Iterator[Prepare | None]:
    """Where batches of articles are prepared: on a cluster, or (``None``) in this process."""
    if ray is None:
        yield None
        return
    from functools import partial

    from rag.index.embed import open_embedder
    from rag.index.ray_prepare import ray_preparer

    open_model = partial(open_embedder, deps.settings.embedding, bulk=True)
    with ray_preparer(
        ray, open_model, deps.embedder.fingerprint, deps.settings.chunk
    ) as prepare_all:
        yield prepare_all


def _with_the_stores_model(settings: Settings) -> Settings:
    """Whoever names no model asks with the one that the store has, whatever the default is."""
    with open_catalogue(settings) as store:
        model = store.identity.model
    embedding = settings.embedding.model_copy(update={"model": model})
    return settings.model_copy(update={"embedding": embedding})


def _following(settings: Settings, store: Store, embedder: OpenEmbedder) -> OpenEmbedder:
    """Goes on when the store is given another model's vectors while it is open."""
    from rag.index.embed import open_embedder
    from rag.index.following import FollowingEmbedder

    def open_model(name: str) -> OpenEmbedder:
        return open_embedder(settings.embedding.model_copy(update={"model": name}), bulk=False)

    return FollowingEmbedder(store, embedder, open_model)


def reembed_store(
    settings: Settings, model: str, *, progress: Progress | None = None
) -> tuple[int, int]:
    """Gives the store the vectors of another model; how many chunks, and of what length."""
    from dataclasses import replace

    from rag.index.embed import open_embedder
    from rag.index.reembedding import reembed
    from rag.index.store import Store

    embedding = settings.embedding.model_copy(update={"model": model})
    embedder = open_embedder(embedding, bulk=True)
    with open_catalogue(settings) as store:
        identity = replace(
            store.identity,
            model=model,
            embedder_fingerprint=embedder.fingerprint,
            dimension=embedder.dimension,
        )
    with Store.open(
        settings.store.path,
        mode="write",
        url=settings.store.url,
        catalogue_url=settings.store.catalogue,
    ) as store:
        return reembed(store, embedder, identity, progress), identity.dimension


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
