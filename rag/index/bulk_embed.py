"""Vectors in bulk: sentence-transformers loads the model, packed forward passes compute.

A model of another kind than BERT's, or one whose packed vectors do not agree with
sentence-transformers' own, is run through sentence-transformers alone. Imports torch late.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.index.hardware import (
    computes_in_bf16,
    computes_in_int8,
    share_cores_politely,
    usable_cores,
)
from rag.index.memory import give_memory_back
from rag.index.prompts import Prompts
from rag.protocols import FloatArray, Progress
from rag.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from rag.index.packed_model import PackedModel

_SELF_CHECK = (
    "Der Stadtrat von Lindenau beschloss am Dienstag den Neubau der Brücke.",
    "Why was the ferry late?",
    "Ja.",
)
_AGREEMENT = 0.999
_Spans = Sequence[Sequence[tuple[int, int]]]


class BulkEmbedder:
    """An ``Embedder`` for many texts and for long-lived processes; loads on first use."""

    def __init__(
        self,
        *,
        model_name: str,
        folder: Path,
        fingerprint: str,
        prompts: Prompts,
        precision: str,
        dimension: int | None = None,
    ) -> None:
        self._model_name = model_name
        self._folder = folder
        self._fingerprint = fingerprint
        self._prompts = prompts
        self._precision = precision
        self._dimension = dimension
        self._reference: SentenceTransformer | None = None
        self._packed: PackedModel | None = None
        self._computed_in: str | None = None

    @property
    def model_name(self) -> str:
        """The model as configured."""
        return self._model_name

    @property
    def fingerprint(self) -> str:
        """Changes with weights, pooling and prompts; not with the precision."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector; the model is loaded where it is not known beforehand."""
        return self._dimension or int(self._load().get_embedding_dimension() or 0)

    @property
    def precision(self) -> str:
        """What is computed in, decided from setting, CPU and model: ``int8``, ``bf16``, ``fp32``.

        ``int8`` is the products alone, the rest is bf16. Known for certain once loaded.
        """
        return self._computed_in or self._precisions()[0]

    @property
    def engine(self) -> str:
        """``packed``, or ``sentence-transformers`` for models the packed pass does not fit."""
        self._load()
        return "packed" if self._packed else "sentence-transformers"

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions."""
        return self._embed(texts, self._prompts.query, None)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of passages or sentences, each encoded by itself."""
        return self._embed(texts, self._prompts.passage, progress)

    def embed_with_sentences(
        self, texts: Sequence[str], spans: _Spans, progress: Progress | None = None
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Vectors of the texts, and for each text those of its ``spans`` (character offsets).

        Every span is encoded by itself: measured better at finding the sentence that answers a
        question than pooling it within its text (``docs/decisions/0002-embedding-model.md``).
        """
        sentences = [
            text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own
        ]
        # In one go, so that short and long ones share the sorting by length.
        vectors = self.embed_passages([*texts, *sentences], progress)
        counts = [len(own) for own in spans]
        bounds = (len(texts) + np.cumsum([0, *counts])).tolist()
        return vectors[: len(texts)], [vectors[a:b] for a, b in pairwise(bounds)]

    def embed_with_pooled_sentences(
        self, texts: Sequence[str], spans: _Spans, progress: Progress | None = None
    ) -> tuple[FloatArray, list[FloatArray]]:
        """The same at half the cost: a span's vector is the mean of its token states.

        A span without a token gets its text's vector. Raises ``ModelError`` for a model whose
        token states are out of reach.
        """
        self._load()
        if self._packed is None:
            raise ModelError(
                f"The embedding model {self._model_name!r} gives no token states.",
                "Use embed_with_sentences.",
            )
        vectors, sentences = self._packed.embed_with_spans(
            texts, spans, self._prompts.passage, progress
        )
        _check_finite(vectors, self._model_name)
        return vectors, sentences

    def release(self) -> None:
        """Lets go of the model, 0.8 GB; the next text loads it again."""
        self._reference = self._packed = None
        give_memory_back()

    def _embed(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        reference = self._load()
        if self._packed is not None:
            vectors = self._packed.embed(texts, prompt, progress)
        else:
            vectors = _encode(reference, texts, prompt)
            if progress:
                progress(len(texts), len(texts))
        _check_finite(vectors, self._model_name)
        return vectors

    def _load(self) -> SentenceTransformer:
        if self._reference is None:
            reference = load_reference(self._folder, self._model_name)
            # In this order: another thread takes a set reference for a finished load.
            self._packed = self._pack(reference)
            self._reference = reference
        return self._reference

    def _pack(self, reference: SentenceTransformer) -> PackedModel | None:
        from rag.index.packed_model import pack_model

        theirs: FloatArray | None = None
        for precision in self._precisions():
            packed = pack_model(reference, precision)
            if packed is None:
                continue
            if theirs is None:
                theirs = _encode(reference, _SELF_CHECK, self._prompts.passage)
            ours = packed.embed(_SELF_CHECK, self._prompts.passage, None)
            if (np.sum(ours * theirs, axis=1) >= _AGREEMENT).all():
                self._computed_in = precision
                return packed
        self._computed_in = "fp32"
        return None

    def _precisions(self) -> tuple[str, ...]:
        """Those to be tried, the fastest first."""
        if self._precision in ("bf16", "fp32"):
            return (self._precision,)
        plain = "bf16" if computes_in_bf16() else "fp32"
        # Ranges, which 8 bits need, are known of one model.
        is_known = self._model_name == DEFAULT_MODEL
        return ("int8", plain) if is_known and computes_in_int8() else (plain,)


def import_engine() -> None:
    """Imports what a model is loaded with: some 8 s of computing that can be done beforehand."""
    share_cores_politely()
    import sentence_transformers  # noqa: F401

    import rag.index.packed_model  # noqa: F401


def load_reference(folder: Path, model_name: str) -> SentenceTransformer:
    """The model as sentence-transformers loads it: offline, safetensors only, no foreign code."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    share_cores_politely()
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(usable_cores())
    logging: Any = transformers_logging
    bar_was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise ModelError(
            f"The embedding model {model_name!r} does not load: {_first_line(error)}",
            "Run `rag models prepare`, or correct RAG_EMBEDDING__MODEL.",
        ) from error
    finally:
        if bar_was_on:
            logging.enable_progress_bar()
    return model.eval()


def _encode(reference: SentenceTransformer, texts: Sequence[str], prompt: str) -> FloatArray:
    vectors: Any = reference.encode(
        list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False
    )
    return np.asarray(vectors, dtype=np.float32)


def _check_finite(vectors: FloatArray, model_name: str) -> None:
    if not np.isfinite(vectors).all():
        raise ModelError(
            f"The embedding model {model_name!r} computed vectors that are not numbers.",
            "Set RAG_EMBEDDING__PRECISION=fp32, or run `rag models prepare`.",
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
