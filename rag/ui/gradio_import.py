"""Imports Gradio without what it does for editors.

Gradio 6 writes an interface file beside the source of each of its components whenever it is
imported: that is half of its import, 2 s of computing, and needs a folder that can be written to.
"""

from __future__ import annotations

import inspect
import sys
import threading
from typing import Any

_ONE_AT_A_TIME = threading.Lock()


def import_gradio() -> None:
    """``import gradio``, in half the time. Does nothing where it is imported already."""
    with _ONE_AT_A_TIME:
        if "gradio" in sys.modules:
            return
        find = inspect.getfile

        def no_file(of: Any) -> str:
            # Gradio leaves out the interface file of what has no source file of its own.
            if getattr(of, "__module__", "").startswith("gradio."):
                raise OSError
            return find(of)

        inspect.getfile = no_file  # type: ignore[assignment]
        try:
            import gradio  # noqa: F401
        finally:
            inspect.getfile = find
