"""What the page fetches besides Gradio's own events: a source, the evidence, next questions.

Whatever is sent is answered with HTML, or with one sentence and a status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from rag.errors import RagError
from rag.language.detect import detect_language
from rag.ui.errors import log_unexpected, sentence
from rag.ui.evidence_panel import EvidenceRequest, evidence_html
from rag.ui.gate import Gate
from rag.ui.library import Library
from rag.ui.next_panel import NextRequest, next_html
from rag.ui.source import source_html
from rag.ui.texts import UiLanguage, speaker_of

_LONGEST_ID = 5000
_LONGEST_TEXT = 1_000_000_000


def add_endpoints(app: FastAPI, library: Library, gate: Gate) -> None:
    """``/source``, ``/evidence`` and ``/next``."""

    @app.get("/source")
    async def source(
        article: Annotated[str, Query(max_length=_LONGEST_ID)],
        start: Annotated[int, Query(ge=0, le=_LONGEST_TEXT)],
        end: Annotated[int, Query(ge=0, le=_LONGEST_TEXT)],
        language: str = "de",
    ) -> Response:
        chosen = _language(language)

        def made() -> str:
            return source_html(library.article(article), start, end, speaker_of(chosen), chosen)

        return await _answered(made, chosen)

    @app.post("/evidence")
    async def evidence(wanted: EvidenceRequest, language: str = "de") -> Response:
        chosen = _language(language)

        def made() -> str:
            ids = {each.article_id for each in wanted.passages}
            articles = {one: a for one in ids if (a := library.article(one)) is not None}
            asked_in = detect_language(wanted.question)
            return evidence_html(wanted, articles, speaker_of(chosen), chosen, asked_in)

        return await _answered(made, chosen)

    @app.post("/next")
    async def following(wanted: NextRequest, language: str = "de") -> Response:
        chosen = _language(language)
        return await _answered(lambda: next_html(wanted, library, gate, chosen), chosen)

    @app.exception_handler(RequestValidationError)
    async def refused(request: Request, error: Exception) -> Response:
        return _unreadable(_language(request.query_params.get("language", "de")))


async def _answered(make: Callable[[], str], language: UiLanguage) -> Response:
    try:
        return HTMLResponse(await run_in_threadpool(make))
    except RagError as error:
        return PlainTextResponse(sentence(error, speaker_of(language)), status_code=400)
    except UnicodeError:  # half of a character: JSON can spell what no text holds
        return _unreadable(language)
    except Exception as error:  # noqa: BLE001 - the last stop: logged, told in a sentence
        log_unexpected(error)
        return PlainTextResponse(sentence(error, speaker_of(language)), status_code=500)


def _unreadable(language: UiLanguage) -> Response:
    return PlainTextResponse(speaker_of(language)("error.unreadable"), status_code=400)


def _language(given: str) -> UiLanguage:
    return "en" if given == "en" else "de"
