"""What programs may call through ``gradio_client``: named endpoints over the same functions.

Values are those that the command line prints as JSON (``docs/api.md``). An expected failure is an
error whose text says what happened and what to do.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

import gradio as gr
from gradio.events import api as endpoint

from rag.briefing.export import Form, export
from rag.briefing.export_text import to_json
from rag.cli.batch import questions_of
from rag.collection import Upload, add_files, remove_articles
from rag.errors import RagError, UsageError
from rag.interchange import (
    SCHEMA,
    Json,
    answer_to_json,
    article_to_json,
    comparison_to_json,
    head_to_json,
    matrix_to_json,
    search_to_json,
)
from rag.pipeline import ask, brief, compare, compare_store, search
from rag.types import Answer, Briefing, BriefingLength, Question, Turn
from rag.ui.changes import forget_uploads
from rag.ui.errors import log_unexpected
from rag.ui.gate import Gate
from rag.ui.library import DELETE_CACHE, Library
from rag.ui.queueing import MOST_PROGRAMS, queued
from rag.ui.views.evaluation import FOLDER, latest_results
from rag.verify import verify_file
from rag.wiring import Deps, open_similarity

_Length = Literal["short", "normal", "long"]
_Language = Literal["", "de", "en"]
_Form = Literal["md", "html", "pdf", "json"]
_MOST_CONFLICTS = 200


class Api:
    """The endpoints over one library; each method is one of them."""

    def __init__(self, library: Library, gate: Gate) -> None:
        self._library = library
        self._gate = gate

    def ask(
        self,
        question: str,
        outlets: list[str] = [],  # noqa: B006 - never changed; gradio reads it as the default
        published_from: str = "",
        published_to: str = "",
        history: list[str] = [],  # noqa: B006
    ) -> dict[str, Any]:
        """A cited answer with its disagreements. ``history``: earlier questions, oldest first."""
        asked = _question(question, outlets, published_from, published_to)
        turns = [Turn(question=each) for each in history]
        return answer_to_json(self._run(lambda deps: _ask(asked, deps, turns)))

    def search(
        self,
        query: str,
        outlets: list[str] = [],  # noqa: B006
        published_from: str = "",
        published_to: str = "",
    ) -> dict[str, Any]:
        """The ranked passages with their scores."""
        asked = _question(query, outlets, published_from, published_to)
        found = self._run(lambda deps: search(asked, deps))
        return search_to_json(asked, found.passages)

    def compare(
        self,
        question: str = "",
        outlets: list[str] = [],  # noqa: B006
        published_from: str = "",
        published_to: str = "",
        most: int = 50,
    ) -> dict[str, Any]:
        """The outlet × answer matrix; without a question all conflicts of the collection."""
        asked = _question(question or "–", outlets, published_from, published_to)
        if question.strip():
            return matrix_to_json(self._run(lambda deps: compare(asked, deps)))
        limit = max(1, min(int(most), _MOST_CONFLICTS))
        found, _ = self._run(lambda deps: compare_store(asked, deps, most=limit))
        return comparison_to_json(found)

    def briefing(
        self,
        topic: str = "",
        length: _Length = "normal",
        language: _Language = "",
        outlets: list[str] = [],  # noqa: B006
        published_from: str = "",
        published_to: str = "",
    ) -> dict[str, Any]:
        """A briefing as JSON; without a topic on the main events of the collection."""
        asked = _question(topic or "*", outlets, published_from, published_to)
        made = self._run(lambda deps: _brief(topic, asked, length, language, deps))
        return to_json(made)

    def briefing_file(self, topic: str, length: str, language: str, form: str) -> str:
        """A briefing as a file: md, html, pdf or json."""
        if form not in ("md", "html", "pdf", "json") or length not in ("short", "normal", "long"):
            raise UsageError(
                f"There is no form {form!r} or length {length!r}.",
                "Forms are md, html, pdf and json; lengths short, normal and long.",
            )
        asked = _question(topic or "*", [], "", "")
        made = self._run(
            lambda deps: _brief(
                topic, asked, cast(_Length, length), cast(_Language, language), deps
            )
        )
        path = self._library.scratch.folder() / f"briefing.{form}"
        path.write_bytes(export(made, cast(Form, form)))
        return str(path)

    def articles(self) -> dict[str, Any]:
        """All articles without their texts."""
        rows = [_without_path(head_to_json(one)) for one in self._library.deps.store.heads()]
        return {"schema": SCHEMA, "articles": rows}

    def article(self, article_id: str) -> dict[str, Any]:
        """One article with its cleaned text."""
        found = self._library.article(article_id)
        if found is None:
            raise UsageError(
                f"There is no article {article_id!r} in the collection.", "See /articles."
            )
        chunks = len(self._library.deps.store.chunks_of(article_id))
        return _without_path(article_to_json(found, chunks=chunks))

    def upload(self, files: list[str], replace: bool) -> dict[str, Any]:
        """Takes files into the collection; for each, what became of it and why."""
        uploads = [Upload(path=Path(file), name=Path(file).name) for file in files or []]
        if not uploads:
            raise UsageError("No file was given.", "Give files=[handle_file(PATH), …].")
        with self._library.writing() as deps:
            results = add_files(uploads, deps, replace=replace)
        forget_uploads(uploads)
        return {"schema": SCHEMA, "files": [each.to_json() for each in results]}

    def remove(self, article_ids: list[str]) -> dict[str, Any]:
        """Removes articles for good, with their uploaded files."""
        with self._library.writing() as deps:
            remove_articles(article_ids, deps)
        return {"schema": SCHEMA, "removed": article_ids}

    def verify(self, file: str) -> dict[str, Any]:
        """Checks every quote and sentence of a saved briefing or answer (md, html, json)."""
        if not file:
            raise UsageError("No file was given.", "Give file=handle_file(PATH).")
        checked = self._run(
            lambda deps: verify_file(
                Path(file), deps.store.article, lambda: open_similarity(deps.settings)
            )
        )
        row: Json = {"schema": SCHEMA, **checked.to_json()}
        return row

    def evaluation(self) -> dict[str, Any]:
        """The figures of the latest `rag eval`; ``available`` is false where there are none."""
        found = latest_results(FOLDER)
        if found is None:
            return {"schema": SCHEMA, "available": False}
        from evals.figures import summary_of
        from evals.results import read_run

        run = read_run(found)
        return {
            "schema": SCHEMA,
            "available": True,
            "is_complete": run.is_complete,
            "about": run.about,
            "suites": summary_of(run),
        }

    def _run(self, work: Callable[[Deps], Any]) -> Any:
        deps = self._library.deps
        deps.store.require_articles()
        with self._gate.turn():
            return work(deps)


def api_blocks(library: Library, gate: Gate) -> gr.Blocks:
    """The endpoints as an app of their own, without anything to look at."""
    api = Api(library, gate)
    blocks: gr.Blocks = gr.Blocks(
        title="Gegenlese API", analytics_enabled=False, delete_cache=DELETE_CACHE
    )
    with blocks:
        gr.HTML("<p>Endpoints for gradio_client; see docs/api.md.</p>", js_on_load=None)
        for function in (
            api.ask, api.search, api.compare, api.briefing, api.articles, api.article,
            api.remove, api.evaluation,
        ):  # fmt: skip
            endpoint(_told(function), api_name=function.__name__)
        with gr.Group(visible=False):
            _with_files(api)
    return queued(blocks, windows=MOST_PROGRAMS)


def _told(function: Callable[..., Any]) -> Callable[..., Any]:
    """Failures as one plain sentence; what is not expected is logged and not described."""

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        try:
            return function(*args)
        except Exception as error:
            log_unexpected(error)
            message = (
                f"{error.message} {error.hint}"
                if isinstance(error, RagError)
                else "Something unexpected went wrong; the server's log has the details."
            )
            raise gr.Error(message, print_exception=False) from error

    return call


def _with_files(api: Api) -> None:
    """Endpoints that take or give files need Gradio's file components."""
    button = gr.Button()
    given = gr.File(file_count="multiple")
    one = gr.File()
    result = gr.JSON()
    button.click(
        _told(api.upload), [given, gr.Checkbox(value=False, label="replace")], result,
        api_name="upload",
    )  # fmt: skip
    button.click(_told(api.verify), one, result, api_name="verify")
    button.click(
        _told(api.briefing_file),
        [
            gr.Textbox(value="", label="topic"),
            gr.Textbox(value="normal", label="length"),
            gr.Textbox(value="", label="language"),
            gr.Textbox(value="md", label="form"),
        ],
        gr.File(),
        api_name="briefing_file",
    )


def _without_path(row: Json) -> Json:
    # Where it lies on the server is nobody's business; a client would try to fetch it, too.
    del row["path"]
    return row


def _question(text: str, outlets: list[str], first: str, last: str) -> Question:
    return questions_of(
        text,
        None,
        outlets=tuple(outlets),
        published_from=first or None,
        published_to=last or None,
    )[0]


def _ask(asked: Question, deps: Deps, turns: list[Turn]) -> Answer:
    return ask(asked, deps, history=turns)


def _brief(
    topic: str, asked: Question, length: BriefingLength, language: _Language, deps: Deps
) -> Briefing:
    return brief(
        asked if topic.strip() else None,
        deps,
        length=length,
        language=language or None,
        filters=replace(asked, text="*"),
    )
