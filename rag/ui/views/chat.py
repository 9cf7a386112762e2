"""The chat view: not there yet."""

from __future__ import annotations

import gradio as gr

from rag.ui import markup
from rag.ui.context import ViewContext


def build(context: ViewContext, tab: gr.Tab) -> None:
    """Lays the view out."""
    gr.HTML(
        markup.notice(markup.text(context.say("app.soon"))),
        js_on_load=None,
        apply_default_css=False,
    )
