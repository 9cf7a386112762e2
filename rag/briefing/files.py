"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rag.errors import UsageError


def write_whole(path: Path, data: bytes) -> None:
    """Replaces ``path`` by ``data``; an interruption leaves what was there before."""
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # A temporary file is readable by its owner alone; a page is made as any other file is.
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(
            f"The file {str(path)!r} cannot be written: {error.strerror}.",
            "Choose another place with -o.",
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
