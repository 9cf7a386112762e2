"""Opens the embedder for a purpose: one question in a fresh process, or texts in bulk."""

from __future__ import annotations

import hashlib
from functools import partial

from rag.index.hardware import share_cores_politely
from rag.index.prompts import Prompts, choose_prompts
from rag.index.query_embed import OpenEmbedder, QueryEmbedder, engine_is_available
from rag.index.weights import SOURCE_DIMENSION, locate, weights_fingerprint
from rag.settings import DEFAULT_MODEL, EmbeddingSettings

__all__ = ["OpenEmbedder", "open_embedder"]


def open_embedder(settings: EmbeddingSettings, *, bulk: bool) -> OpenEmbedder:
    """The embedder that ``settings`` ask for; nothing is loaded before the first text.

    With ``bulk=False`` and the default model, questions are embedded without importing torch, and
    passages by the bulk embedder, opened when they come. Both have one fingerprint.

    Raises:
        ModelError: The model is missing, not prepared or damaged.
    """
    if settings.url is not None:
        from rag.index.endpoint_embed import EndpointEmbedder

        # An endpoint's model tells nobody its prompts: they are what the settings say, or none.
        prompts = Prompts(query=settings.query_prompt or "", passage=settings.passage_prompt or "")
        return EndpointEmbedder(settings, prompts)
    share_cores_politely()
    if settings.model != DEFAULT_MODEL or bulk or not engine_is_available():
        return _open_bulk(settings)
    prompts = choose_prompts(settings, None)
    return QueryEmbedder(
        model_name=settings.model,
        fingerprint=_fingerprint(weights_fingerprint(settings.model, None), prompts),
        prompts=prompts,
        open_bulk=partial(_open_bulk, settings),
    )


def _open_bulk(settings: EmbeddingSettings) -> OpenEmbedder:
    from rag.index.bulk_embed import BulkEmbedder

    folder = locate(settings.model, settings.models_dir)
    prompts = choose_prompts(settings, folder)
    return BulkEmbedder(
        model_name=settings.model,
        folder=folder,
        fingerprint=_fingerprint(weights_fingerprint(settings.model, folder), prompts),
        prompts=prompts,
        precision=settings.precision,
        dimension=SOURCE_DIMENSION if settings.model == DEFAULT_MODEL else None,
    )


def _fingerprint(weights: str, prompts: Prompts) -> str:
    shaped_by = "\n".join((weights, repr(prompts.query), repr(prompts.passage)))
    return hashlib.sha256(shaped_by.encode()).hexdigest()[:16]
