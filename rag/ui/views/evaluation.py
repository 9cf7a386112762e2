"""The evaluation view: the latest results of `rag eval`, when there are any."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import gradio as gr

from rag.errors import UsageError
from rag.language.typography import format_date
from rag.ui.context import ViewContext
from rag.ui.errors import told
from rag.ui.evaluation_page import evaluation_html
from rag.ui.markup import element, notice, text
from rag.ui.pieces import html

FOLDER = Path("out")
"""Where `rag eval` puts its results by default, in the folder that `rag ui` was started in."""


def build(context: ViewContext, tab: gr.Tab) -> None:
    """Lays the view out."""
    say = context.say
    html(element("p", text(say("evaluation.intro")), class_="intro"))
    with gr.Row(elem_classes="buttons"):
        again = gr.Button(say("evaluation.refresh"), elem_id="evaluation-refresh", scale=0)
        report = gr.DownloadButton(
            say("evaluation.report"), visible=False, elem_id="evaluation-report", scale=0
        )
    page = html(elem_id="evaluation-page")

    @told(say)
    def show() -> tuple[str, gr.DownloadButton]:
        found = latest_results(FOLDER)
        if found is None:
            line = say("evaluation.none", str(FOLDER / "eval"))
            return notice(text(line)), gr.DownloadButton(visible=False)
        whole = found.with_name("report.html")
        return _page(found, context), (
            gr.DownloadButton(value=str(whole), visible=True)
            if whole.is_file()
            else gr.DownloadButton(visible=False)
        )

    gr.on(
        [tab.select, again.click],
        show,
        None,
        [page, report],
        trigger_mode="always_last",
        show_progress="hidden",
        api_visibility="private",
    )


def latest_results(folder: Path) -> Path | None:
    """The newest results in the folder or one below it."""
    found = [*folder.glob("results.json"), *folder.glob("*/results.json")]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _page(found: Path, context: ViewContext) -> str:
    from evals.results import read_run

    say = context.say
    made = datetime.fromtimestamp(found.stat().st_mtime, UTC).astimezone()
    when = f"{format_date(made.date().isoformat(), context.language)}, {made:%H:%M}"
    try:
        return evaluation_html(read_run(found), when, say)
    except UsageError as error:
        return notice(text(say("evaluation.unreadable", str(found), error.message)), "warning")
