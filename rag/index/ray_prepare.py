"""Prepares batches on a Ray cluster: workers clean, split and embed, this process alone writes.

A batch is a pure function of its articles, so a worker that is lost, with or without its results,
only costs the batches it had: they are done again elsewhere. What comes back is written in the
order in which it was read, so the index is the one a single machine makes.
"""

from __future__ import annotations

import os
import socket
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
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
    # Ray prints what happens to its machines; our standard output carries results alone.
    with redirect_stdout(sys.stderr), _connected(ray, address):
        cpus = min(CPUS_A_WORKER, int(ray.cluster_resources().get("CPU", 0)))
        if cpus < 1:
            raise UsageError("The Ray cluster has no CPU to offer.", "Add a machine: `ray start`.")
        # Tasks, not actors: an actor whose machine is lost waits for another one with room, a task
        # goes to whoever is free next, also to a machine that joins later. The model stays loaded
        # in the worker process between tasks all the same.
        work = ray.remote(_work).options(
            num_cpus=cpus, max_retries=_TRIES, scheduling_strategy="SPREAD"
        )

        def submit(raws: Sequence[RawArticle]) -> Any:
            return work.remote(open_model, fingerprint, chunking, raws)

        def room() -> int:
            return _UNDER_WAY * max(1, int(ray.cluster_resources().get("CPU", 0)) // cpus)

        yield lambda batches: _prepared(ray, submit, room, batches)


_loaded: dict[str, Any] = {}
"""The model of this worker process, loaded with its first batch."""


def _work(
    open_model: Open, fingerprint: str, chunking: ChunkSettings, raws: Sequence[RawArticle]
) -> Prepared:
    """One batch, on the cluster."""
    if fingerprint not in _loaded:
        embedder: Any = open_model()
        if embedder.fingerprint != fingerprint:
            raise ModelError(
                "A Ray worker has other weights of the embedding model than this machine.",
                "Run `rag models prepare` of the same version on all of them.",
            )
        _loaded[fingerprint] = embedder
    return prepare(raws, _loaded[fingerprint], chunking)


def _prepared(
    ray: Any,
    submit: Callable[[Sequence[RawArticle]], Any],
    room: Callable[[], int],
    batches: Iterator[list[RawArticle]],
) -> Iterator[Prepared]:
    """In the order of the batches; the next is only read when there is room for it."""
    waiting: deque[Any] = deque()
    for raws in batches:
        while len(waiting) >= room():
            yield _result(ray, waiting.popleft())
        waiting.append(submit(raws))
    while waiting:
        yield _result(ray, waiting.popleft())


def _result(ray: Any, reference: Any) -> Prepared:
    """What a worker gave back; Ray itself repeats what was lost with a machine."""
    try:
        found: Prepared = ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, RagError):
            raise error.cause from None
        raise
    except ray.exceptions.RayError as error:
        raise ModelError(
            f"The Ray cluster lost one batch {_TRIES} times ({type(error).__name__}).",
            "Look at the memory of its machines (`ray status`): a worker needs about 2 GB. "
            "What was written is kept; run the same command again.",
        ) from error
    return found


@contextmanager
def _connected(ray: Any, address: str) -> Iterator[None]:
    try:
        _probe(address)
        ray.init(
            address=None if address == "local" else address,
            log_to_driver=False,
            include_dashboard=None if address != "local" else False,
            logging_level="ERROR",
        )
    except (OSError, RuntimeError, ValueError) as error:
        said = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise UsageError(
            f"There is no Ray cluster at {address!r}: {said}",
            "Start one with `ray start --head`, or give its address (host:6379).",
        ) from error
    try:
        yield
    finally:
        ray.shutdown()


def _probe(address: str) -> None:
    """Raises ``OSError`` where nobody listens; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.removeprefix("ray://"), int(port)), timeout=5).close()


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
