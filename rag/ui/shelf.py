"""Where a reader's conversations are kept: in the browser, or on this machine's disk by choice.

The browser holds ``{"where": "browser", "history": …}`` or ``{"where": "disk", "key": …,
"current": …}``, where ``current`` is the conversation of that window. The key is 128 random bits;
with logins, the user's name goes into the file's name as well, so that a key is of no use to
anybody else. What several windows write is put together (``rag.ui.merging``).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from pathlib import Path
from typing import Any

from rag.errors import StoreDamagedError
from rag.ui.history import History, new_id, read_history
from rag.ui.merging import merged

_KEY = re.compile("[0-9a-f]{32}")


class Shelf:
    """Conversations in a folder beside the store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def read(self, kept: object, user: str | None = None) -> History:
        """The history that the browser's value stands for."""
        if not isinstance(kept, dict):
            return History()
        if kept.get("where") != "disk":
            return read_history(kept.get("history"))
        history = self._read(self._file(kept.get("key"), user))
        current = kept.get("current")
        if isinstance(current, str) and _KEY.fullmatch(current):
            return history.turned_to(current)
        return history

    def write(
        self,
        kept: object,
        history: History,
        user: str | None = None,
        before: History | None = None,
    ) -> dict[str, Any]:
        """Keeps the history where the browser's value says; returns the browser's new value.

        ``before`` is what the change began with; what others wrote since then stays.
        """
        if not isinstance(kept, dict) or kept.get("where") != "disk":
            return {"where": "browser", "history": history.to_json()}
        key = kept.get("key")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            key = new_id()
        file = self._file(key, user)
        try:
            with self._lock:
                if before is not None and file.exists():
                    history = merged(before, history, self._read(file))
                self._put(file, history)
        except OSError as error:
            raise StoreDamagedError(
                f"Conversations cannot be kept in {str(self._folder)!r}: {error.strerror}.",
                "Keep them in the browser, or free the folder.",
            ) from error
        return {"where": "disk", "key": key, "current": history.current.conversation_id}

    def move(self, kept: object, where: str, user: str | None = None) -> dict[str, Any]:
        """Keeps from now on in ``browser`` or on ``disk``; nothing stays behind."""
        history = self.read(kept, user)
        if where != "disk" and isinstance(kept, dict) and kept.get("where") == "disk":
            self._file(kept.get("key"), user).unlink(missing_ok=True)
        return self.write({"where": "disk" if where == "disk" else "browser"}, history, user)

    def forget(self, kept: object, user: str | None = None) -> dict[str, Any]:
        """Deletes everything of this reader."""
        if isinstance(kept, dict) and kept.get("where") == "disk":
            self._file(kept.get("key"), user).unlink(missing_ok=True)
            return self.write({"where": "disk"}, History(), user)
        return self.write(None, History(), user)

    def _put(self, file: Path, history: History) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = file.with_name(f"{file.name}.{new_id()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(history.to_json(), out, ensure_ascii=False)
        unfinished.replace(file)

    def _read(self, file: Path) -> History:
        try:
            return read_history(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return History()

    def _file(self, key: object, user: str | None) -> Path:
        known = key if isinstance(key, str) and _KEY.fullmatch(key) else "0" * 32
        name = hashlib.sha256(f"{user or ''}\n{known}".encode()).hexdigest()
        return self._folder / f"{name}.json"
