"""Runs the page: opens the store (making it where there is none), then serves until interrupted."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

import uvicorn

from rag.pipeline import ask
from rag.settings import Settings
from rag.types import Language, Question
from rag.ui.app import Serving, build_app
from rag.ui.login import read_accounts
from rag.ui.memory import given_back_regularly
from rag.wiring import Deps, open_deps

_FIRST_WORDS: tuple[tuple[str, Language], ...] = (
    ("Wie viele Menschen waren es?", "de"),
    ("Where did they meet?", "en"),
)
_LOCAL = ("127.0.0.1", "localhost", "::1")


def serve(
    settings: Settings,
    listening: socket.socket,
    *,
    host: str,
    auth: str | None,
    allowed: Collection[str],
    say: Callable[[str], None],
) -> None:
    """Blocks until interrupted. Raises ``RagError`` where the store or a model cannot be used."""
    serving = Serving(hosts={*_LOCAL, host, *allowed}, accounts=read_accounts(auth) if auth else {})
    if not settings.store.path.exists():
        with open_deps(settings, mode="write"):
            say(f"Made an empty store in {settings.store.path}.")
    with open_deps(settings) as deps, given_back_regularly():
        threading.Thread(target=_warm_up, args=(deps,), name="warm-up", daemon=True).start()
        app = build_app(deps, serving)
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        bracketed = f"[{shown}]" if ":" in shown else shown
        say(f"Open http://{bracketed}:{listening.getsockname()[1]}/ (end with Ctrl-C)")
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            proxy_headers=False,
        )
        uvicorn.Server(config).run(sockets=[listening])


def _warm_up(deps: Deps) -> None:
    """Loads what the first question would otherwise wait for: the model, lexicons, the index."""
    # Whatever is wrong is told to whoever asks.
    with suppress(Exception):
        if deps.store.counts().articles:
            for text, language in _FIRST_WORDS:
                ask(Question(text=text, language=language), deps)
