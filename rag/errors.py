"""All expected failures. Each says what happened, what to do, and which exit code it means.

::

    RagError
    ├── UsageError             2  wrong usage
    ├── StoreError             3  store missing, empty or made with other settings
    │   ├── StoreMissingError
    │   ├── StoreEmptyError
    │   ├── StoreMismatchError
    │   ├── StoreLockedError
    │   └── StoreDamagedError
    ├── InputError             4  nothing could be read
    └── ModelError             5  a model or endpoint failed and no fallback was possible

They are translated into two lines and an exit code once, at the edge (``rag.cli``).
"""

from __future__ import annotations

import json
from typing import ClassVar


class RagError(Exception):
    """An expected failure: ``message`` says what happened, ``hint`` what to do about it."""

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(RagError):
    """The command, a flag, a setting or a question is wrong."""

    exit_code = 2


class StoreError(RagError):
    """The store cannot be used as it is."""

    exit_code = 3


class StoreMissingError(StoreError):
    """There is no store at the given place."""


class StoreEmptyError(StoreError):
    """The store holds no article."""


class StoreMismatchError(StoreError):
    """The store was made with another model, chunking or schema."""


class StoreLockedError(StoreError):
    """Another process is writing to the store; ``holder`` is its number where that is known."""

    retryable = True

    def __init__(self, message: str, hint: str, holder: str | None = None) -> None:
        super().__init__(message, hint)
        self.holder = holder


class StoreUnreachableError(StoreError):
    """The server that holds the catalogue does not answer."""

    retryable = True


class StoreDamagedError(StoreError):
    """The catalogue cannot be read, or the disk refused a write."""


class InputError(RagError):
    """Nothing of the given input could be read."""

    exit_code = 4


class ModelError(RagError):
    """An embedding model or LLM is missing, damaged or does not answer."""

    exit_code = 5


def json_fault(error: ValueError | RecursionError) -> str:
    """What is wrong with JSON; what is not about the text itself Python words for programmers."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON ({error})"[:150]
    return "not valid JSON (a number of thousands of digits)"
