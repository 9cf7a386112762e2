"""What a test wants to say about what it tried, for the figure of its promise.

``python -m evals.trust`` names the file; in an ordinary run nothing is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

NOTES = "RAG_TRUST_NOTES"
"""The variable with the file that notes go to."""


def note(line: str) -> None:
    """Adds a line to the figure of the promise that is being measured, if one is."""
    if path := os.environ.get(NOTES):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
