"""Gradio's queue as the page uses it."""

from __future__ import annotations

import gradio as gr

MOST_WAITING = 64
MOST_WINDOWS = 500
"""Gradio keeps 0.2 MB of every window that was ever opened, 10,000 unless told otherwise. Of those
used longest ago the filters are forgotten."""
AT_ONCE = 8
_LOOK_SECONDS = 0.01
_LOOK_FOR_PROGRESS_SECONDS = 0.2
"""Nothing of ours reports progress by Gradio's own means."""


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
