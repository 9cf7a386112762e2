"""Gradio's queue as the page uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import gradio as gr
from gradio.utils import LRUCache
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_WAITING = 64
AT_ONCE = 8
MOST_PROGRAMS = MOST_WAITING + AT_ONCE
"""A program's call is a window to Gradio, though nothing of it is needed once it is answered."""
MOST_WINDOWS = 200
"""Gradio keeps 0.2 MB of every window that was ever opened, and what it showed last: 10,000 of them
unless told otherwise. Of those used longest ago the filters are forgotten."""
_MOST_LISTENING = 400
"""Of every window and every program's call Gradio keeps which calls are under way and, where it
went away, the answer that nobody came for: of 2,000, or of all there ever were."""
_MOST_MEASURED = 1
_NEVER = 10**12
"""Gradio keeps the times of 10,000 calls and makes a table of them after each, for a page of its
own that is not served: the longer it ran, the longer each answer took and the more memory."""
_LOOK_SECONDS = 0.01
_LOOK_FOR_PROGRESS_SECONDS = 0.2
"""Nothing of ours reports progress by Gradio's own means."""
_CALL = re.compile(r"/([^/]+)/gradio_api/(?:queue/join|call/(?:v2/)?[^/]+)/?")


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Latest(LRUCache[_Key, _Value]):
    """Forgets what was used longest ago; Gradio's forgets what was begun longest ago."""

    def __getitem__(self, key: _Key) -> _Value:
        self.move_to_end(key)
        return super().__getitem__(key)


def queued(blocks: gr.Blocks, *, windows: int = MOST_WINDOWS) -> gr.Blocks:
    """Lets ``MOST_WAITING`` calls wait and turns others away at once; remembers ``windows``.

    Each queue looks for work a thousand times a second, and there is one for each language and one
    for programs: 6 % of a core for a page that nobody uses.
    """
    blocks.queue(max_size=MOST_WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    blocks.state_session_capacity = windows
    queue = blocks._queue
    queue.sleep_when_free = _LOOK_SECONDS
    queue.progress_update_sleep_when_free = _LOOK_FOR_PROGRESS_SECONDS
    queue.pending_messages_per_session = _Latest(_MOST_LISTENING)
    queue.pending_event_ids_session = _Latest(_MOST_LISTENING)
    queue.ANALYTICS_MAX_EVENTS = _MOST_MEASURED
    queue.ANAYLTICS_CACHE_FREQUENCY = _NEVER  # spelled so by Gradio
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
