"""Files made to be downloaded: in one folder of this process, gone after an hour or at its end."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

KEPT_SECONDS = 3600.0


class Scratch:
    """A place for exports; what Gradio serves are copies of them."""

    def __init__(self) -> None:
        self._root: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()

    def folder(self) -> Path:
        """A fresh folder; those that nobody needs any more are deleted."""
        with self._lock:
            if self._root is None:
                # Deleted when the process ends, also by an interrupt.
                self._root = tempfile.TemporaryDirectory(prefix="gegenlese-")
            root = Path(self._root.name)
            for old in root.iterdir():
                with suppress(OSError):
                    if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                        shutil.rmtree(old)
            return Path(tempfile.mkdtemp(dir=root))
