"""One writer at a time: an advisory lock on the store that dies with its process."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import StoreDamagedError, StoreLockedError

LOCK_NAME = "writer.lock"
_WAIT_SECONDS = 0.5
_RETRY_SECONDS = 0.05


class WriterLock:
    """Held from ``__enter__`` to ``__exit__``; a killed holder's lock is free at once.

    The kernel releases an flock with its process, so a stale file never blocks anybody; the pid in
    the file only serves the message.
    """

    def __init__(self, store: Path) -> None:
        self._path = store / LOCK_NAME
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        if not self.acquire(_WAIT_SECONDS):
            holder = self._holder()
            raise StoreLockedError(
                f"The store {str(self._path.parent)!r} is being written by process {holder}.",
                "Wait until it has finished, or stop it; reading is possible meanwhile.",
                holder=holder,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def acquire(self, wait_seconds: float) -> bool:
        """Whether the lock is now held; waits at most ``wait_seconds`` for another holder."""
        descriptor = self._open()
        deadline = time.monotonic() + wait_seconds
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return False
            time.sleep(_RETRY_SECONDS)
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        return True

    def release(self) -> None:
        """Frees the lock; harmless where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        try:
            # Inherited by a child, the descriptor would keep the lock alive after the writer's end.
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreDamagedError(
                f"The store {str(self._path.parent)!r} cannot be written: {error.strerror}.",
                "Check its permissions, or choose another folder with --store.",
            ) from error

    def _holder(self) -> str:
        try:
            return self._path.read_text(encoding="ascii").strip() or "unknown"
        except (OSError, UnicodeDecodeError):
            return "unknown"


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
