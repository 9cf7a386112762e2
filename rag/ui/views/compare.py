"""The compare view: the outlet × answer matrix of a question, and all conflicts there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import gradio as gr

from rag.language.typography import format_count
from rag.pipeline import compare, compare_store
from rag.types import Comparison, Question
from rag.ui.chat_cards import cards_html
from rag.ui.context import Filters, ViewContext
from rag.ui.errors import told
from rag.ui.markup import element, notice, text
from rag.ui.matrix import matrix_html
from rag.ui.pieces import filter_line, html
from rag.ui.progress import Step, progress_html

MOST_CONFLICTS = 50
_MOST_CHARS = 1000


def build(context: ViewContext, tab: gr.Tab) -> None:
    """Lays the view out."""
    say = context.say
    html(element("p", text(say("compare.intro")), class_="intro"))
    filter_line(context)
    with gr.Row(elem_classes="ask-row"):
        question = gr.Textbox(
            label=say("compare.question"),
            placeholder=say("compare.placeholder"),
            max_length=_MOST_CHARS,
            elem_id="compare-question",
            scale=5,
        )
        with gr.Column(scale=2, min_width=220, elem_classes="ask-buttons"):
            run = gr.Button(say("compare.run"), variant="primary", elem_id="compare-run")
            every = gr.Button(say("compare.all"), elem_id="compare-all")
    result = html(elem_id="compare-result")

    @told(say)
    def show(asked: str, filters: Filters) -> Iterator[str]:
        if not asked or not asked.strip():
            yield notice(text(say("compare.no_question")))
            return
        yield progress_html(Step("compare", 0, 0), say)
        yield _matrix(filters.question(asked.strip()), context)

    @told(say)
    def show_all(filters: Filters) -> Iterator[str]:
        yield progress_html(Step("compare", 0, 0), say)
        yield _all(filters, context)

    gr.on(
        [run.click, question.submit],
        show,
        [question, context.filters],
        result,
        show_progress="hidden",
        api_visibility="private",
    )
    every.click(show_all, context.filters, result, show_progress="hidden", api_visibility="private")


def _matrix(asked: Question, context: ViewContext) -> str:
    deps = context.library.deps
    deps.store.require_articles()
    with context.gate.turn():
        matrix = compare(asked, deps)
    say = context.say
    found = matrix.comparison
    cards = cards_html(found.disagreements, say, context.language, prefix="compare")
    return element(
        "div",
        matrix_html(matrix, say, context.language)
        + (
            element("h3", text(say("compare.disagreements"))) + cards
            if cards
            else element("p", text(say("compare.no_conflict")), class_="facts")
        )
        + _pairs(found, context),
        class_="compared",
    )


def _all(filters: Filters, context: ViewContext) -> str:
    deps = context.library.deps
    deps.store.require_articles()
    # The text of a comparison without a question is never read.
    frame = replace(filters.question("–"), language=context.language)
    with context.gate.turn():
        found, _ = compare_store(frame, deps, most=MOST_CONFLICTS)
    say = context.say
    if not found.disagreements:
        return notice(text(say("compare.all_none"))) + _pairs(found, context)
    return element(
        "div",
        element("h3", text(say("compare.all_title")))
        + cards_html(found.disagreements, say, context.language, prefix="all")
        + _pairs(found, context),
        class_="compared all",
    )


def _pairs(found: Comparison, context: ViewContext) -> str:
    counts = (found.pairs_compared, found.pairs_not_compared)
    line = context.say("compare.pairs", *(format_count(each, context.language) for each in counts))
    return element("p", text(line), class_="facts")
