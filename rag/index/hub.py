"""Models other than the default: local folders, the Hugging Face cache, and a hub on request."""

from __future__ import annotations

import os
from pathlib import Path

from rag.errors import ModelError

_HUB_PATTERNS = ["*.safetensors", "*.json", "*.txt", "*.model", "*/*.json", "*/*.safetensors"]


def find_cached(model: str) -> Path:
    """The folder of a model in the Hugging Face cache; never asks a hub."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"The embedding model {model!r} is neither a folder nor in the Hugging Face cache.",
            "Give a sentence-transformers folder, or run `rag models prepare` where a hub is "
            "reachable.",
        ) from error


def fetch(model: str) -> Path:
    """A local folder as it is, or a model fetched from the hub into its cache."""
    if Path(model).is_dir():
        return require_safetensors(Path(model), model)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from httpx import HTTPError
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(model, allow_patterns=_HUB_PATTERNS))
    except (
        OSError,
        HTTPError,
        HfHubHTTPError,
        HFValidationError,
        LocalEntryNotFoundError,
    ) as error:
        raise ModelError(
            f"The embedding model {model!r} cannot be fetched: {type(error).__name__}.",
            "Check the name and the connection, or give a local folder as the model.",
        ) from error
    return require_safetensors(folder, model)


def require_safetensors(folder: Path, model: str) -> Path:
    """The ``folder``, where it holds weights that are only data."""
    if not any(folder.rglob("*.safetensors")):
        raise ModelError(
            f"The embedding model {model!r} has no safetensors weights in {folder}.",
            "Other weight formats can run code when they are read; convert it to safetensors.",
        )
    return folder
