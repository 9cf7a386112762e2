"""Small parts that several views lay out."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.language.typography import format_date
from rag.ui.context import Filters, ViewContext
from rag.ui.markup import element, text
from rag.ui.texts import Say, UiLanguage


def html(content: str = "", **options: Any) -> gr.HTML:
    """HTML made with ``markup``; no script of Gradio's in it unless ``js_on_load`` is given."""
    return gr.HTML(content, **{"js_on_load": None, "apply_default_css": False, **options})


def filters_html(filters: Filters, say: Say, language: UiLanguage) -> str:
    """What the session has narrowed the collection to, with the way to change it; else nothing."""
    if not filters.are_set:
        return ""
    parts = [", ".join(filters.outlets)] if filters.outlets else []
    for key, day in (("from", filters.published_from), ("to", filters.published_to)):
        if day:
            parts.append(say(f"filters.{key}", format_date(day, language)))
    change = element(
        "button", text(say("filters.change")), type="button", data_goto="collection", class_="plain"
    )
    shown = text(say("filters.active", " · ".join(parts)))
    return element("p", f"{shown} {change}", class_="filter-line")


def filter_line(context: ViewContext) -> gr.HTML:
    """A line that follows the session's filters."""
    line = html(elem_classes="filters")
    context.filters.change(
        lambda filters: filters_html(filters, context.say, context.language),
        context.filters,
        line,
        show_progress="hidden",
        queue=False,
        api_visibility="private",
    )
    return line
