"""How much is computed at once, and how many may wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rag.ui.errors import BusyError


@dataclass(slots=True)
class Gate:
    """Lets ``at_once`` computations run and ``waiting`` more wait; further ones are told so."""

    at_once: int = 4
    waiting: int = 40
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _slots: threading.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._slots = threading.Semaphore(self.at_once)

    @property
    def is_idle(self) -> bool:
        """Whether nobody is waiting for anything."""
        return self._inside == 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a free slot. Raises ``BusyError`` where too many wait already."""
        with self._lock:
            if self._inside >= self.at_once + self.waiting:
                raise BusyError
            self._inside += 1
        try:
            with self._slots:
                yield
        finally:
            with self._lock:
                self._inside -= 1
