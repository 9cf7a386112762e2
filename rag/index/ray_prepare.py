"""Prepares batches on a Ray cluster: workers clean, split and embed, this process alone writes.

A batch is a pure function of its articles, so a worker that is lost, with or without its results,
only costs the batches it had: they are done again elsewhere. What comes back is written in the
order in which it was read, so the index is the one a single machine makes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rag.errors import ModelError, RagError, UsageError
from rag.index.prepare import BulkEmbedder, Prepared, prepare
from rag.settings import ChunkSettings
from rag.types import RawArticle

CPUS_A_WORKER = 2
_UNDER_WAY = 2
"""Batches each worker has at once: one in work, one waiting. More would only fill memory."""
_TRIES = 5

Open = Callable[[], BulkEmbedder]
Prepare = Callable[[Iterator[list[RawArticle]]], Iterator[Prepared]]


@contextmanager
def ray_preparer(
    address: str, open_model: Open, fingerprint: str, chunking: ChunkSettings
) -> Iterator[Prepare]:
    """Prepares batches on the cluster at ``address`` (``auto``: where this machine belongs to).

    ``open_model`` is called on each worker, and must give vectors of ``fingerprint``.
    """
    ray = _import_ray()
    _connect(ray, address)
    try:
        actors = _start(ray, open_model, fingerprint, chunking)
        yield lambda batches: _prepared(ray, actors, batches)
    finally:
        ray.shutdown()


class _Worker:
    """Runs on the cluster; the model is loaded with the first batch."""

    def __init__(self, open_model: Open, fingerprint: str, chunking: ChunkSettings) -> None:
        self._open = open_model
        self._fingerprint = fingerprint
        self._chunking = chunking
        self._embedder: Any = None

    def prepare(self, raws: Sequence[RawArticle]) -> Prepared:
        """One batch."""
        if self._embedder is None:
            embedder: Any = self._open()
            if embedder.fingerprint != self._fingerprint:
                raise ModelError(
                    "A Ray worker has other weights of the embedding model than this machine.",
                    "Run `rag models prepare` of the same version on all of them.",
                )
            self._embedder = embedder
        return prepare(raws, self._embedder, self._chunking)


def _prepared(
    ray: Any, actors: Sequence[Any], batches: Iterator[list[RawArticle]]
) -> Iterator[Prepared]:
    """In the order of the batches; the next is only read when there is room for it."""
    waiting: deque[tuple[list[RawArticle], Any]] = deque()
    for turn, raws in enumerate(batches):
        if len(waiting) >= _UNDER_WAY * len(actors):
            yield _result(ray, actors, *waiting.popleft())
        waiting.append((raws, actors[turn % len(actors)].prepare.remote(raws)))
    while waiting:
        yield _result(ray, actors, *waiting.popleft())


def _result(ray: Any, actors: Sequence[Any], raws: list[RawArticle], reference: Any) -> Prepared:
    """What a worker gave back, or another one where it was lost."""
    lost = (
        ray.exceptions.RayActorError,
        ray.exceptions.ObjectLostError,
        ray.exceptions.WorkerCrashedError,
        ray.exceptions.NodeDiedError,
    )
    for attempt in range(_TRIES):
        try:
            found: Prepared = ray.get(reference)
            return found
        except lost:
            reference = actors[(attempt + hash(raws[0].article_id)) % len(actors)].prepare.remote(
                raws
            )
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, RagError):
                raise error.cause from None
            raise
    raise ModelError(
        f"The Ray cluster lost one batch {_TRIES} times.",
        "Look at the memory of its machines (`ray status`); a batch needs about 2 GB.",
    )


def _start(ray: Any, open_model: Open, fingerprint: str, chunking: ChunkSettings) -> list[Any]:
    cores = ray.cluster_resources().get("CPU", 0)
    if cores < 1:
        raise UsageError("The Ray cluster has no CPU to offer.", "Add a machine: `ray start`.")
    cpus = min(CPUS_A_WORKER, int(cores))
    remote = ray.remote(_Worker).options(
        num_cpus=cpus,
        # Started again elsewhere, and what it had asked again: a batch may be done twice.
        max_restarts=-1,
        max_task_retries=-1,
        scheduling_strategy="SPREAD",
    )
    return [
        remote.remote(open_model, fingerprint, chunking) for _ in range(max(1, int(cores // cpus)))
    ]


def _connect(ray: Any, address: str) -> None:
    try:
        ray.init(
            address=None if address == "local" else address,
            log_to_driver=False,
            include_dashboard=None if address != "local" else False,
            configure_logging=True,
            logging_level="ERROR",
        )
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UsageError(
            f"There is no Ray cluster at {address!r}: {said}",
            "Start one with `ray start --head`, or give its address (host:6379).",
        ) from error


def _import_ray() -> Any:
    # Ray reports its use to its makers unless told otherwise.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError as error:
        raise UsageError(
            "Ingestion on Ray needs ray, which is not installed.",
            "Run `pip install 'gegenlese[ray]'`.",
        ) from error
    return ray
