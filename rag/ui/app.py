"""Assembles the page: one Gradio app per interface language behind the guards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from rag.ui import assets
from rag.ui.api import api_blocks
from rag.ui.context import Filters, ViewContext
from rag.ui.endpoints import add_endpoints
from rag.ui.frame import footer_html, header_html
from rag.ui.gate import Gate
from rag.ui.library import DELETE_CACHE, Library
from rag.ui.login import LoginWall, Sessions
from rag.ui.queueing import FullQueue, queued, waiting_in
from rag.ui.security import Guard, UploadGuard, UploadLimits
from rag.ui.texts import UI_LANGUAGES, UiLanguage, preferred, speaker_of
from rag.ui.theme import page_theme
from rag.ui.views import briefing, chat, collection, compare, evaluation
from rag.wiring import Deps

VIEWS: Mapping[str, Any] = {
    "chat": chat,
    "compare": compare,
    "briefing": briefing,
    "collection": collection,
    "evaluation": evaluation,
}
LANGUAGE_COOKIE = "gegenlese-language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How the page is served. ``hosts`` are the names it answers to, without ports."""

    hosts: Collection[str] = ("127.0.0.1", "localhost", "::1")
    accounts: Mapping[str, str] = field(default_factory=dict)
    limits: UploadLimits = field(default_factory=UploadLimits)
    answers_at_once: int = 4
    answers_waiting: int = 60


def build_app(deps: Deps, serving: Serving | None = None) -> FastAPI:
    """The page over an open store, ready for an ASGI server."""
    serving = serving or Serving()
    library = Library(deps)
    gate = Gate(at_once=serving.answers_at_once, waiting=serving.answers_waiting)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes.append(assets.asset_route())
    add_endpoints(app, library, gate)
    app.add_api_route("/", _choose_language, methods=["GET"])
    pages: dict[str, gr.Blocks] = {
        language: page(language, library, gate, has_login=bool(serving.accounts))
        for language in UI_LANGUAGES
    }
    pages["api"] = api_blocks(library, gate)
    for name, blocks in pages.items():
        gr.mount_gradio_app(
            app,
            blocks,
            path=f"/{name}",
            theme=page_theme(),
            head=assets.head(),
            show_error=False,
            ssr_mode=False,
            enable_monitoring=False,
            pwa=False,
            mcp_server=False,
            footer_links=[],
            run_history=False,
            max_file_size=deps.settings.ingest.max_file_bytes,
            auth_dependency=_user if serving.accounts else None,
        )
    app.add_middleware(
        FullQueue, waiting={name: waiting_in(blocks) for name, blocks in pages.items()}
    )
    app.add_middleware(UploadGuard, limits=serving.limits)
    if serving.accounts:
        app.add_middleware(LoginWall, sessions=Sessions(serving.accounts))
    app.add_middleware(Guard, hosts=serving.hosts)
    return app


def page(
    language: UiLanguage, library: Library, gate: Gate, *, has_login: bool = False
) -> gr.Blocks:
    """The page in one language."""
    say = speaker_of(language)
    blocks: gr.Blocks = gr.Blocks(
        title=say("app.name"), analytics_enabled=False, fill_width=True, delete_cache=DELETE_CACHE
    )
    with blocks:
        context = ViewContext(
            language=language,
            say=say,
            library=library,
            filters=gr.State(Filters()),
            gate=gate,
            page=blocks,
        )
        gr.HTML(
            header_html(say, language, has_login=has_login),
            js_on_load=None,
            apply_default_css=False,
        )
        with gr.Tabs(elem_id="views", overflow_behavior="wrap"):
            for name, view in VIEWS.items():
                with gr.Tab(say(f"tab.{name}"), id=name, elem_id=f"view-{name}") as tab:
                    view.build(context, tab)
        gr.HTML(footer_html(say), js_on_load=None, apply_default_css=False)
    return queued(blocks)


def _user(request: Request) -> str | None:
    user: str | None = request.scope.get("gegenlese_user")
    return user


async def _choose_language(request: Request) -> Response:
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen not in UI_LANGUAGES:
        chosen = preferred(request.headers.get("accept-language", ""))
    return RedirectResponse(f"/{chosen}/", status_code=307, headers={"Cache-Control": "no-store"})
