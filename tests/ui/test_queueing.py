"""The queue turns others away when it is full, and the server does not keep every window ever."""

from __future__ import annotations

from rag.ui.gradio_import import import_gradio

import_gradio()

import gradio as gr  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from rag.ui.queueing import MOST_WAITING, MOST_WINDOWS, queued  # noqa: E402


def test_windows_beyond_the_limit_are_forgotten_and_the_queue_is_bounded():
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.Button("x")
    queued(blocks)
    gr.mount_gradio_app(FastAPI(), blocks, path="/x", ssr_mode=False)
    holder = blocks.state_holder
    for number in range(MOST_WINDOWS + 5):
        holder[f"window{number}"]
    assert len(holder.session_data) == MOST_WINDOWS
    assert "window0" not in holder
    assert blocks._queue.max_size == MOST_WAITING
