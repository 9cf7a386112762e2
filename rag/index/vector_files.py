"""The files of a Chroma generation: whether they are still those that were closed in order."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_CHROMA_DATABASE = "chroma.sqlite3"
_HEADER = struct.Struct("<iQQQQ")
"""Of ``header.bin``: version, offset, room for vectors, vectors, bytes of one."""
_BLANKS = 1 << 20
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


def clear_unused(folder: Path) -> None:
    """Overwrites what the vector files hold behind their last vector.

    A small index is written with all the room it has: memory as it was given, which may hold
    anything this process ever freed, a forgotten text as well.
    """
    for header in folder.rglob("header.bin"):
        content = header.read_bytes()
        if len(content) < _HEADER.size:
            continue
        _, _, room, count, size = _HEADER.unpack_from(content)
        if count <= room:
            _blank_from(header.with_name("data_level0.bin"), count * size)
            _blank_from(header.with_name("length.bin"), count * 4)


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


def _blank_from(path: Path, start: int) -> None:
    left = path.stat().st_size - start if path.exists() else 0
    if left > 0:
        with path.open("r+b") as file:
            file.seek(start)
            while left > 0:
                left -= file.write(bytes(min(left, _BLANKS)))


def _files(folder: Path) -> Iterator[Path]:
    # SQLite's journals come and go while Chroma is open.
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(f"{_CHROMA_DATABASE}-")
    )
