"""The queue turns others away when it is full, and the server does not keep every window ever."""

from __future__ import annotations

import asyncio

from rag.ui.gradio_import import import_gradio

import_gradio()

import gradio as gr  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from rag.ui.queueing import MOST_WAITING, MOST_WINDOWS, FullQueue, queued  # noqa: E402
from tests.ui.loops import run  # noqa: E402


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


def test_answers_nobody_came_for_are_forgotten_the_longest_unused_first():
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.Button("x")
    queue = queued(blocks)._queue
    for kept in (queue.pending_messages_per_session, queue.pending_event_ids_session):
        kept["open all day"] = {"call"}
        for number in range(2000):
            kept[f"left{number}"] = set()
            assert kept["open all day"] == {"call"}
        assert len(kept) == 400
        assert "left0" not in kept
        assert "left1999" in kept
        kept.pop("left1999")
        assert kept.get("left1999") is None


def test_calls_beyond_the_limit_are_refused_before_any_work_even_while_others_still_enter():
    entered: list[str] = []
    queue = {"de": 0}
    may_go = asyncio.Event()

    async def app(scope, receive, send):
        entered.append(scope["path"])
        await may_go.wait()

    guard = FullQueue(app, waiting={"de": lambda: queue["de"]})

    async def call(path: str, method: str = "POST") -> int | None:
        told: list[int] = []

        async def send(message):
            if message["type"] == "http.response.start":
                told.append(message["status"])

        await guard({"type": "http", "method": method, "path": path}, None, send)
        return told[0] if told else None

    async def visit() -> None:
        join = "/de/gradio_api/queue/join"
        queue["de"] = 4
        waiting = [asyncio.ensure_future(call(join)) for _ in range(MOST_WAITING - 4)]
        await asyncio.sleep(0)
        assert len(entered) == MOST_WAITING - 4
        assert await call(join) == await call("/de/gradio_api/call/ask") == 503
        assert len(entered) == MOST_WAITING - 4
        # What is no call of a full queue goes on as ever.
        for path, method in ((join, "GET"), ("/en/gradio_api/queue/join", "POST"), ("/de/", "GET")):
            waiting.append(asyncio.ensure_future(call(path, method)))
        await asyncio.sleep(0)
        assert len(entered) == MOST_WAITING - 4 + 3
        may_go.set()
        await asyncio.gather(*waiting)
        assert await call(join) is None
        queue["de"] = MOST_WAITING
        assert await call(join) == 503

    run(visit())
