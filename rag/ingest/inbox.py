"""Files that were handed over, kept beside the index so that it can be made anew from them.

A name given by a stranger is data: it never decides where a file lies, and the text of an article
that is forgotten does not stay behind in its file.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from rag.ingest.files import RECORD_SUFFIXES

INBOX = "uploads"
ACCEPTED = (".txt", ".md", ".html", ".htm", ".pdf", ".jsonl", ".json")
"""What may be handed over; `rag ingest` reads some rarer suffixes, too."""

_MAX_NAME_BYTES = 150
# Separators, what shells and browsers trip over, control characters and direction marks.
_UNSAFE = re.compile(
    '[\\\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]'
)
_MOST_VERSIONS = 1000


def safe_name(name: str) -> str:
    """A file name made of the given one: one part of a path, printable, not hidden."""
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    plain = re.split(r"[\\/]", plain)[-1]
    stem, dot, suffix = _UNSAFE.sub("_", plain).strip().lstrip(".").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    while len(stem.encode()) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem.strip() or 'article'}{dot}{suffix[:10]}"


def refusal(name: str, size: int, max_bytes: int) -> tuple[str, str] | None:
    """Why a file is not taken at all, and what to do; ``None`` where it is."""
    if not name.lower().endswith(ACCEPTED):
        suffix = Path(name).suffix.lower()
        kind = f"{suffix} files are not read" if suffix else "no suffix"
        return kind, "Taken are " + " ".join(ACCEPTED) + "."
    if size > max_bytes:
        return (
            f"it is too large ({size / 1e6:.1f} MB, the limit is {max_bytes / 1e6:g} MB)",
            "Split it or raise max_file_bytes.",
        )
    return None


def place(file: Path, name: str, folder: Path, *, replace: bool = False) -> Path:
    """Copies a file into the folder under a safe name; where it lies now.

    What is there already is left as it is. Another content under a name that is taken gets a name
    of its own, or with ``replace`` takes the older one's place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / safe_name(name)
    for version in range(1, _MOST_VERSIONS):
        target = wanted.with_stem(f"{wanted.stem}-{version}") if version > 1 else wanted
        if not target.exists() or (replace and not _is_same(file, target)):
            _copy(file, target)
            return target
        if _is_same(file, target):
            return target
    raise FileExistsError(f"{wanted.name!r} has {_MOST_VERSIONS} versions")


def forget(removed: Mapping[str, str], kept: Collection[str], folder: Path) -> None:
    """Takes the text of removed articles out of the files in the folder.

    ``removed`` maps the path an article was read from to the hash of what was read; ``kept`` are
    the paths of all others. Files elsewhere belong to the user and are left alone.
    """
    still_used = {_file_of(path) for path in kept}
    by_file: dict[str, set[str]] = {}
    for path, raw_hash in removed.items():
        by_file.setdefault(_file_of(path), set()).add(raw_hash)
    root = folder.resolve()
    for name, hashes in by_file.items():
        file = Path(name)
        if not file.is_file() or file.resolve().parent != root:
            continue
        if name in still_used:
            _drop_records(file, hashes)
        else:
            file.unlink()


def _drop_records(file: Path, hashes: set[str]) -> None:
    if file.suffix.lower() == ".json":
        content = json.loads(file.read_bytes().decode("utf-8-sig"))
        holder = content if isinstance(content, dict) else {"articles": content}
        holder["articles"] = [r for r in holder["articles"] if _record_hash(r) not in hashes]
        left = holder if isinstance(content, dict) else holder["articles"]
        _write(file, json.dumps(left, ensure_ascii=False).encode("utf-8", "replace"))
        return
    lines = file.read_bytes().split(b"\n")
    left_lines = [line for line in lines if hashlib.sha256(line.strip()).hexdigest() not in hashes]
    _write(file, b"\n".join(left_lines))


def _record_hash(record: Any) -> str:
    raw = json.dumps(record, sort_keys=True, ensure_ascii=True).encode()
    return hashlib.sha256(raw).hexdigest()


def _file_of(path: str) -> str:
    """The file of an article's path, which for records is followed by their number."""
    file, colon, number = path.rpartition(":")
    is_record = bool(colon) and number.isdigit() and file.lower().endswith(RECORD_SUFFIXES)
    return file if is_record else path


def _is_same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _copy(file: Path, target: Path) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".upload-")
    os.close(handle)
    try:
        shutil.copyfile(file, name)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _write(file: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".upload-")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)
