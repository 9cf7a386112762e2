"""Gradio's queue as the page uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import gradio as gr
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_WAITING = 64
AT_ONCE = 8
MOST_WINDOWS = 200
"""Gradio keeps 0.2 MB of every window that was ever opened, and what it showed last: 10,000 of them
unless told otherwise. Of those used longest ago the filters are forgotten."""
_LOOK_SECONDS = 0.01
_LOOK_FOR_PROGRESS_SECONDS = 0.2
"""Nothing of ours reports progress by Gradio's own means."""
_CALL = re.compile(r"/([^/]+)/gradio_api/(?:queue/join|call/(?:v2/)?[^/]+)/?")


def queued(blocks: gr.Blocks) -> gr.Blocks:
    """Lets ``MOST_WAITING`` calls wait and turns others away at once.

    Each queue looks for work a thousand times a second, and there is one for each language and one
    for programs: 6 % of a core for a page that nobody uses.
    """
    blocks.queue(max_size=MOST_WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    blocks.state_session_capacity = MOST_WINDOWS
    blocks._queue.sleep_when_free = _LOOK_SECONDS
    blocks._queue.progress_update_sleep_when_free = _LOOK_FOR_PROGRESS_SECONDS
    return blocks


class FullQueue:
    """Turns calls away where the queue is full, before anything is done for them.

    Gradio looks only when a call was read and checked: of two hundred at once it works on all of
    them first, and those it turns away hear of it seconds later. So the ones on their way into the
    queue are counted, too.
    """

    def __init__(self, app: ASGIApp, *, waiting: Mapping[str, Callable[[], int]]) -> None:
        self._app = app
        self._waiting = waiting
        self._entering = dict.fromkeys(waiting, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        is_call = scope["type"] == "http" and scope["method"] == "POST"
        found = _CALL.fullmatch(scope["path"]) if is_call else None
        name = found[1] if found else ""
        if name not in self._waiting:
            await self._app(scope, receive, send)
        elif self._waiting[name]() + self._entering[name] >= MOST_WAITING:
            # What Gradio would say; its clients know the status.
            refusal = JSONResponse({"detail": "Queue is full. Try again in a moment."}, 503)
            await refusal(scope, receive, send)
        else:
            self._entering[name] += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._entering[name] -= 1


def waiting_in(blocks: gr.Blocks) -> Callable[[], int]:
    """How many calls wait in the queue of ``blocks``, whenever it is asked."""
    return lambda: len(blocks._queue)
