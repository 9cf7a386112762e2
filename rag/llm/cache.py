"""Whole answers of a model, kept on disk: one small file a prompt, readable by the user alone."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.protocols import Message

if TYPE_CHECKING:
    from rag.llm.policy import Completion

_MAX_FILES = 2000
_FORMAT = 1


def cache_key(identity: str, messages: Sequence[Message], max_tokens: int) -> str:
    """A digest of all that shapes the answer: model, settings and the prompt word for word."""
    shaped_by = [_FORMAT, identity, max_tokens, [[m.role, m.text] for m in messages]]
    return hashlib.sha256(json.dumps(shaped_by, ensure_ascii=True).encode()).hexdigest()


class AnswerCache:
    """Keeps completions under ``folder``; what cannot be read or written is as if not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Completion | None:
        """The completion kept for ``key``."""
        from rag.llm.policy import Completion

        try:
            row = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            return Completion(
                text=str(row["text"]),
                prompt_tokens=row["prompt_tokens"],
                completion_tokens=int(row["completion_tokens"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, completion: Completion) -> None:
        """Keep a completion; the oldest go when there are too many."""
        row = {
            "text": completion.text,
            "prompt_tokens": completion.prompt_tokens,
            "completion_tokens": completion.completion_tokens,
        }
        with contextlib.suppress(OSError, ValueError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Written aside and renamed: another process never reads half a file.
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                json.dump(row, file, ensure_ascii=False)
            Path(name).replace(self._folder / f"{key}.json")
            self._prune()

    def drop(self, key: str) -> None:
        """Keep nothing under ``key`` any longer."""
        with contextlib.suppress(OSError):
            (self._folder / f"{key}.json").unlink(missing_ok=True)

    def _prune(self) -> None:
        kept = list(self._folder.glob("*.json"))
        if len(kept) > _MAX_FILES:
            kept.sort(key=lambda path: path.stat().st_mtime)
            for path in kept[: len(kept) - _MAX_FILES]:
                path.unlink(missing_ok=True)
