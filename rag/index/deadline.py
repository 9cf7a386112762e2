"""Calls of others that may never answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


def answered_in_time(call: Callable[[], Any], seconds: float) -> Any:
    """What ``call`` returns. A server that never answers must not hold up even our exit."""
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001  handed over to the waiting thread
            failure.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not outcome:
        raise TimeoutError(f"no answer within {seconds:.0f} seconds")
    return outcome[0]
