"""The report of a failure nobody expected: where in the code, never what was being read.

A message of an exception can hold text of an article, a question or a key, so none is written:
only the kinds of the exceptions, the lines of code they went through, and versions.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

_MOST_REPORTS = 20
_PACKAGES = ("gegenlese", "chromadb", "gradio", "llama-index-core", "torch", "SQLAlchemy")


def write_report(error: BaseException, doing: str) -> Path | None:
    """Writes the report where only the user can read it; ``None`` where no folder takes it.

    ``doing`` names what was going on, without anything a user typed.
    """
    text = "\n".join(_lines(error, doing)) + "\n"
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
            handle, name = tempfile.mkstemp(prefix=f"crash-{stamp}-", suffix=".txt", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                file.write(text)
        except OSError:
            continue
        _forget_old(folder)
        return Path(name)
    return None


def _folders() -> Iterator[Path]:
    try:
        import platformdirs

        yield platformdirs.user_log_path("gegenlese")
    except (ImportError, RuntimeError):
        # No home: there is still the folder for temporary files.
        pass
    yield Path(tempfile.gettempdir()) / "gegenlese-crashes"


def _lines(error: BaseException, doing: str) -> Iterator[str]:
    yield "gegenlese met an error that nobody expected."
    yield f"doing: {doing}"
    yield f"python {platform.python_version()} on {platform.system()} {platform.machine()}"
    for package in _PACKAGES:
        try:
            yield f"{package} {metadata.version(package)}"
        except metadata.PackageNotFoundError:
            yield f"{package} not installed"
    for each in _chain(error):
        yield ""
        yield f"{type(each).__module__}.{type(each).__qualname__}"
        for frame in traceback.extract_tb(each.__traceback__):
            yield f"  {_shown(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _shown(filename: str) -> str:
    """The path from the package on: what lies above it names the user."""
    for root in sorted((path for path in sys.path if path), key=len, reverse=True):
        if filename.startswith(root + os.sep):
            return filename[len(root) + 1 :]
    return Path(filename).name


def _forget_old(folder: Path) -> None:
    reports = sorted(folder.glob("crash-*.txt"))
    for old in reports[:-_MOST_REPORTS]:
        old.unlink(missing_ok=True)
