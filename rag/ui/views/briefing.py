"""The briefing view: made with progress, read, saved in four forms, checked against the store."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from rag.briefing.export import Form, export
from rag.errors import InputError, UsageError
from rag.pipeline import brief
from rag.types import Briefing, BriefingLength, Language
from rag.ui.briefing_page import briefing_html, verification_html
from rag.ui.context import Filters, ViewContext
from rag.ui.errors import told
from rag.ui.markup import element, notice, text
from rag.ui.pieces import filter_line, html
from rag.ui.progress import Done, progress_html, streamed
from rag.verify import verify_file
from rag.wiring import open_similarity

FORMS: tuple[Form, ...] = ("md", "html", "pdf", "json")
VERIFIABLE = [".md", ".html", ".json"]
_MOST_CHARS = 300
_Choice = Literal["auto", "de", "en"]


def build(context: ViewContext, tab: gr.Tab) -> None:
    """Lays the view out."""
    say = context.say
    html(element("p", text(say("briefing.intro")), class_="intro"))
    filter_line(context)
    topic = gr.Textbox(
        label=say("briefing.topic"),
        placeholder=say("briefing.placeholder"),
        max_length=_MOST_CHARS,
        elem_id="briefing-topic",
    )
    with gr.Row(elem_classes="options"):
        length = gr.Radio(
            [(say(f"briefing.{name}"), name) for name in ("short", "normal", "long")],
            value="normal",
            label=say("briefing.length"),
        )
        language = gr.Radio(
            [
                (say(f"briefing.{name}"), value)
                for name, value in (("auto", "auto"), ("german", "de"), ("english", "en"))
            ],
            value="auto",
            label=say("briefing.language"),
        )
    with gr.Row(elem_classes="buttons"):
        run = gr.Button(say("briefing.run"), variant="primary", elem_id="briefing-run", scale=0)
        stop = gr.Button(say("briefing.stop"), elem_id="briefing-stop", scale=0, visible=False)
        check_file = gr.UploadButton(
            say("briefing.verify_file"),
            file_types=VERIFIABLE,
            file_count="single",
            elem_id="briefing-verify-file",
            scale=0,
        )
    with gr.Row(visible=False, elem_classes="buttons", elem_id="briefing-save") as saving:
        html(element("b", text(say("briefing.save"))))
        downloads = [
            gr.DownloadButton(form.upper(), elem_id=f"briefing-{form}", scale=0, min_width=90)
            for form in FORMS
        ]
        check = gr.Button(say("briefing.verify"), elem_id="briefing-verify", scale=0)
    verdict = html(elem_id="briefing-verdict")
    page = html(elem_id="briefing-page")
    # The folder of this session's exports; Gradio serves copies, so it goes with the session.
    folder = gr.State(None, delete_callback=_forget)

    @told(say)
    def make(
        asked: str, size: BriefingLength, tongue: _Choice, filters: Filters, old: str | None
    ) -> Iterator[dict[Any, Any]]:
        _forget(old)
        yield {saving: gr.Row(visible=False), verdict: "", folder: None,
               run: gr.Button(interactive=False), stop: gr.Button(visible=True)}  # fmt: skip
        try:
            for step in streamed(
                lambda report: _brief(asked, size, tongue, filters, context, report)
            ):
                if not isinstance(step, Done):
                    yield {page: progress_html(step, say)}
                    continue
                made, paths = step.value
                yield {
                    page: briefing_html(made, say),
                    saving: gr.Row(visible=True),
                    folder: str(paths[0].parent),
                    **{
                        button: gr.DownloadButton(value=str(path))
                        for button, path in zip(downloads, paths, strict=True)
                    },
                }
        except UsageError:
            yield {page: notice(text(say("briefing.nobody")), "warning")}
        except Exception:
            yield {page: "", run: gr.Button(interactive=True), stop: gr.Button(visible=False)}
            raise
        yield {run: gr.Button(interactive=True), stop: gr.Button(visible=False)}

    @told(say)
    def check_made(made_in: str | None) -> str:
        [exported] = Path(made_in or "").glob("*.json")
        return _checked(exported, context)

    @told(say)
    def check_given(file: str) -> str:
        try:
            return _checked(Path(file), context)
        except InputError:
            return notice(text(say("briefing.nothing_to_check")), "warning")

    making = gr.on(
        [run.click, topic.submit],
        make,
        [topic, length, language, context.filters, folder],
        [page, saving, verdict, folder, run, stop, *downloads],
        show_progress="hidden",
        api_visibility="private",
    )
    stop.click(
        lambda: (gr.Button(interactive=True), gr.Button(visible=False), ""),
        None,
        [run, stop, page],
        cancels=making,
        queue=False,
        api_visibility="private",
    )
    check.click(check_made, folder, verdict, api_visibility="private")
    check_file.upload(check_given, check_file, verdict, api_visibility="private")


def _brief(
    asked: str,
    size: BriefingLength,
    tongue: _Choice,
    filters: Filters,
    context: ViewContext,
    report: Any,
) -> tuple[Briefing, list[Path]]:
    deps = context.library.deps
    deps.store.require_articles()
    chosen: Language | None = None if tongue == "auto" else tongue
    topic = asked.strip()
    with context.gate.turn():
        made = brief(
            filters.question(topic) if topic else None,
            deps,
            length=size,
            language=chosen,
            filters=replace(filters.question("*"), language=chosen or context.language),
            on_progress=report,
        )
        folder = context.library.scratch.folder()
        paths = []
        for form in FORMS:
            paths.append(folder / f"{file_stem(topic)}.{form}")
            paths[-1].write_bytes(export(made, form))
    return made, paths


def file_stem(topic: str) -> str:
    """A name for the files: the topic in small letters, digits and hyphens."""
    plain = topic.lower()
    for letter, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, written)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"briefing-{words}" if words else "briefing"


def _checked(file: Path, context: ViewContext) -> str:
    deps = context.library.deps
    with context.gate.turn():
        checked = verify_file(file, deps.store.article, lambda: open_similarity(deps.settings))
    return verification_html(checked.checked, context.say)


def _forget(folder: str | None) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
