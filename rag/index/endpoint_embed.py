"""Vectors from an OpenAI-compatible endpoint (`/v1/embeddings`): vLLM, TEI, llama.cpp's server.

A few batches are under way at once; what fails for the moment is asked again, later each time. The
order is that of the texts, whatever comes back first.
"""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import ModelError
from rag.index.prompts import Prompts
from rag.protocols import FloatArray, Progress

if TYPE_CHECKING:
    import httpx

    from rag.settings import EmbeddingSettings

_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 20.0
_BATCH_CHARS = 60_000
"""Servers refuse what is longer than their own limit; eight thousand tokens pass everywhere."""


class EndpointEmbedder:
    """An ``Embedder`` whose model runs elsewhere; nothing is asked before the first text."""

    def __init__(self, settings: EmbeddingSettings, prompts: Prompts) -> None:
        if settings.url is None:
            raise ValueError("an endpoint needs an address")
        self._settings = settings
        self._url = f"{settings.url}/embeddings"
        self._prompts = prompts
        self._dimension: int | None = settings.dimension
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    @property
    def model_name(self) -> str:
        """The model's name at the endpoint."""
        return self._settings.model

    @property
    def fingerprint(self) -> str:
        """Of the model's name and the prompts: the same model may move to another host."""
        shaped_by = "\n".join(
            ("endpoint", self.model_name, repr(self._prompts.query), repr(self._prompts.passage))
        )
        return hashlib.sha256(shaped_by.encode()).hexdigest()[:16]

    @property
    def dimension(self) -> int:
        """Length of a vector; the endpoint is asked where ``embedding.dimension`` is not set."""
        if self._dimension is None:
            self._dimension = self._post([self._prompts.passage + "a"]).shape[1]
        return self._dimension

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions."""
        return self._embed(texts, self._prompts.query, None)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Unit vectors of passages."""
        return self._embed(texts, self._prompts.passage, progress)

    def embed_with_sentences(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]],
        progress: Progress | None = None,
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Unit vectors of texts and of the spans of each, every one encoded by itself."""
        sentences = [
            text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own
        ]
        vectors = self.embed_passages([*texts, *sentences], progress)
        bounds = (len(texts) + np.cumsum([0, *(len(own) for own in spans)])).tolist()
        return vectors[: len(texts)], [vectors[a:b] for a, b in pairwise(bounds)]

    def release(self) -> None:
        """There is no model here to let go of."""

    def _embed(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        batches = list(self._batches([prompt + text for text in texts]))
        parts: list[FloatArray] = []
        done = 0
        # In the order of the batches; at most as many under way as there are threads.
        with ThreadPoolExecutor(min(self._settings.concurrency, len(batches))) as pool:
            try:
                for vectors in pool.map(self._post, batches):
                    parts.append(vectors)
                    done += len(vectors)
                    if progress:
                        progress(done, len(texts))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        if len({part.shape[1] for part in parts}) != 1:
            raise self._wrong("vectors of different lengths")
        return np.concatenate(parts)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        batch: list[str] = []
        size = 0
        for text in texts:
            if batch and (len(batch) >= self._settings.batch or size + len(text) > _BATCH_CHARS):
                yield batch
                batch, size = [], 0
            batch.append(text)
            size += len(text)
        if batch:
            yield batch

    def _post(self, batch: list[str]) -> FloatArray:
        deadline = time.monotonic() + self._settings.deadline_seconds
        wait = _FIRST_WAIT
        while True:
            reply, problem, least = self._try(batch)
            if reply is not None:
                return self._vectors(reply, len(batch))
            # A share of it by chance: batches that failed together are not to come back together.
            pause = max(least, wait * random.uniform(0.5, 1.0))
            if time.monotonic() + pause > deadline:
                raise ModelError(
                    f"The embedding endpoint {self._url!r} does not answer: {problem}.",
                    "Start it, or correct embedding.url (RAG_EMBEDDING__URL).",
                )
            time.sleep(pause)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _try(self, batch: list[str]) -> tuple[Any, str, float]:
        """(the reply, or why there is none for the moment, seconds to wait at least)."""
        import httpx

        try:
            response = self._http().post(self._url, json={"model": self.model_name, "input": batch})
        except httpx.TransportError as error:
            return None, type(error).__name__, 0.0
        if response.status_code in _AGAIN:
            return None, f"HTTP {response.status_code}", _asked_to_wait(response)
        if response.status_code != 200:
            raise ModelError(
                f"The embedding endpoint {self._url!r} refused the request "
                f"(HTTP {response.status_code}).",
                f"Check embedding.model, and the key in {self._settings.key_env}.",
            )
        try:
            return response.json(), "", 0.0
        except ValueError as error:
            raise self._wrong("no JSON") from error

    def _vectors(self, reply: Any, expected: int) -> FloatArray:
        try:
            rows = sorted(reply["data"], key=lambda row: row["index"])
            places = [row["index"] for row in rows]
            vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (KeyError, TypeError, ValueError) as error:
            raise self._wrong("no list of vectors") from error
        if places != list(range(expected)) or vectors.ndim != 2:
            raise self._wrong(f"{len(rows)} vectors for {expected} texts")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or (norms == 0).any():
            raise self._wrong("vectors that are not numbers, or zero")
        return np.asarray(vectors / norms, dtype=np.float32)

    def _wrong(self, what: str) -> ModelError:
        return ModelError(
            f"The embedding endpoint {self._url!r} answered with {what}.",
            "Check that embedding.model is an embedding model there.",
        )

    def _http(self) -> httpx.Client:
        import httpx

        with self._lock:
            if self._client is None:
                key = os.environ.get(self._settings.key_env)
                self._client = httpx.Client(
                    headers={"Authorization": f"Bearer {key}"} if key else {},
                    timeout=httpx.Timeout(self._settings.reply_seconds, connect=5.0),
                    # What a proxy in the environment may read is not for it to decide.
                    trust_env=False,
                )
            return self._client


def _asked_to_wait(response: httpx.Response) -> float:
    stated = response.headers.get("retry-after", "")
    return min(float(stated), _LONGEST_WAIT) if stated.isdigit() else 0.0
