"""The files of a Chroma generation: whether they are still those that were closed in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_CHROMA_DATABASE = "chroma.sqlite3"
FileStates = dict[str, list[int]]


def file_states(folder: Path) -> FileStates:
    """Size and time of change of each file of a generation, by its path in the folder.

    Chroma touches its database whenever it is opened, so of that the size alone counts.
    """
    states: FileStates = {}
    for path in _files(folder):
        status = path.stat()
        changed = 0 if path.name == _CHROMA_DATABASE else status.st_mtime_ns
        states[str(path.relative_to(folder))] = [status.st_size, changed]
    return states


def native_digest(folder: Path) -> str:
    """The SHA-256 of the vector files, which Chroma itself does not check."""
    digest = hashlib.sha256()
    for path in _files(folder):
        if path.name != _CHROMA_DATABASE:
            digest.update(str(path.relative_to(folder)).encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def mark_suspect(folder: Path) -> None:
    """Notes that a generation failed when it was asked; a reader may not change the catalogue."""
    with suppress(OSError):
        suspicion(folder).touch()


def is_suspect(folder: Path) -> bool:
    """Whether a generation ever failed when it was asked."""
    return suspicion(folder).exists()


def suspicion(folder: Path) -> Path:
    """The mark beside the folder of a generation that failed."""
    return folder.with_name(f"{folder.name}.suspect")


def _files(folder: Path) -> Iterator[Path]:
    # SQLite's journals come and go while Chroma is open.
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(f"{_CHROMA_DATABASE}-")
    )
