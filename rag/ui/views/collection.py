"""The collection view: what there is, adding and removing, narrowing down for every view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from rag.ingest.inbox import ACCEPTED
from rag.language.typography import source_label, title_label
from rag.types import ArticleHead
from rag.ui.changes import add_sample, add_uploads, described, remove_one
from rag.ui.collection_list import articles_html, figures_html
from rag.ui.context import Filters, ViewContext
from rag.ui.errors import told
from rag.ui.markup import element, notice, text
from rag.ui.pieces import html
from rag.ui.texts import UiLanguage
from rag.ui.timeline import timeline_html

_REMOVE_SCRIPT = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-remove]');
  if (button) trigger('click', { article: button.dataset.remove });
});
"""
_FOCUS_SCRIPT = "() => { setTimeout(() => document.querySelector('#remove-no')?.focus(), 150); }"
_HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The components that show the collection, each of which follows every change."""

    figures: gr.HTML
    timeline: gr.HTML
    beginning: gr.Column
    outlets: gr.Dropdown
    search: gr.Textbox
    listed: gr.HTML

    @property
    def all(self) -> list[Any]:
        return [self.figures, self.timeline, self.listed, self.outlets, self.beginning]


def build(context: ViewContext, tab: gr.Tab) -> None:
    """Lays the view out."""
    say = context.say
    with gr.Row(elem_classes="collection-head"):
        figures = html(elem_id="collection-figures", min_width=320)
        timeline = html(elem_id="collection-timeline", min_width=320)
    with gr.Column(visible=False, elem_id="collection-empty") as beginning:
        html(notice(text(say("collection.empty"))))
        sample = gr.Button(say("collection.load_sample"), variant="primary", elem_id="load-sample")
    with gr.Row(elem_classes="collection-tools"):
        with gr.Column(min_width=300):
            files, replace = _upload_tools(context)
        with gr.Column(min_width=300):
            outlets = _filter_tools(context)
    report = html(elem_id="collection-report")
    search = gr.Textbox(label=say("collection.search"), max_length=200, elem_id="collection-search")
    shown = _Shown(
        figures=figures,
        timeline=timeline,
        beginning=beginning,
        outlets=outlets,
        search=search,
        listed=html(elem_id="collection-list", js_on_load=_REMOVE_SCRIPT),
    )

    @told(say)
    def show(filters: Filters, words: str) -> dict[Any, Any]:
        return _show(shown, filters, words, context)

    gr.on(
        [tab.select, context.filters.change, search.submit, search.blur],
        show,
        [context.filters, search],
        shown.all,
        # By default Gradio drops what happens while the last call still runs: filters put back
        # just after the view was opened would leave the list narrowed.
        trigger_mode="always_last",
        **_HIDDEN,
    )
    tab.select(context.library.expect_writing, None, None, queue=False, **_HIDDEN)
    _wire_adding(context, shown, files, replace, sample, report)
    _wire_removing(context, shown, report)


def _upload_tools(context: ViewContext) -> tuple[gr.File, gr.Checkbox]:
    say = context.say
    html(element("h3", text(say("collection.upload_title"))))
    files = gr.File(
        file_count="multiple",
        file_types=list(ACCEPTED),
        label=say("collection.upload"),
        elem_id="collection-files",
        height=132,
    )
    megabytes = context.library.deps.settings.ingest.max_file_bytes / 1e6
    hint = say("collection.upload_hint", " ".join(ACCEPTED), f"{megabytes:g}")
    html(element("p", text(hint), class_="facts"))
    return files, gr.Checkbox(label=say("collection.replace"), elem_id="collection-replace")


def _filter_tools(context: ViewContext) -> gr.Dropdown:
    say = context.say
    html(element("h3", text(say("collection.filter_title"))))
    outlets = gr.Dropdown(
        [], multiselect=True, label=say("collection.filter_outlets"), elem_id="filter-outlets"
    )
    with gr.Row(elem_classes="dates"):
        begin, end = (
            gr.Textbox(
                label=say(f"collection.filter_{name}"),
                placeholder=say("collection.date_hint"),
                max_length=10,
                min_width=120,
                elem_id=f"filter-{name}",
            )
            for name in ("from", "to")
        )
    with gr.Row(elem_classes="buttons"):
        apply = gr.Button(
            say("collection.apply"), variant="primary", elem_id="filter-apply", scale=0
        )
        reset = gr.Button(say("collection.reset"), elem_id="filter-reset", scale=0)
    html(element("p", text(say("collection.filter_note")), class_="facts"))

    @told(say)
    def narrow(names: list[str] | None, first: str, last: str) -> Filters:
        begins, ends = _day(first, context), _day(last, context)
        if begins and ends and ends < begins:
            raise gr.Error(text(say("collection.dates_reversed")))
        return Filters(outlets=tuple(names or ()), published_from=begins, published_to=ends)

    gr.on(
        [apply.click, begin.submit, end.submit],
        narrow,
        [outlets, begin, end],
        context.filters,
        **_HIDDEN,
    )
    reset.click(
        lambda: (Filters(), [], "", ""), None, [context.filters, outlets, begin, end], **_HIDDEN
    )
    return outlets


def _wire_adding(
    context: ViewContext,
    shown: _Shown,
    files: gr.File,
    replace: gr.Checkbox,
    sample: gr.Button,
    report: gr.HTML,
) -> None:
    inputs = [context.filters, shown.search]

    def adding(steps: Any, filters: Filters, words: str) -> Iterator[dict[Any, Any]]:
        for content, is_done in described(steps, context):
            changes: dict[Any, Any] = {report: content}
            if is_done:
                changes |= {files: None, **_show(shown, filters, words, context)}
            yield changes

    @told(context.say)
    def take(
        given: list[str] | None, replacing: bool, filters: Filters, words: str
    ) -> Iterator[dict[Any, Any]]:
        if given:
            yield from adding(add_uploads(given, replacing, context), filters, words)

    @told(context.say)
    def take_sample(filters: Filters, words: str) -> Iterator[dict[Any, Any]]:
        yield from adding(add_sample(context), filters, words)

    changed = [report, files, *shown.all]
    files.upload(take, [files, replace, *inputs], changed, **_HIDDEN)
    sample.click(take_sample, inputs, changed, **_HIDDEN)


def _wire_removing(context: ViewContext, shown: _Shown, report: gr.HTML) -> None:
    say = context.say
    with gr.Column(visible=False, elem_id="remove-ask") as asking:
        ask = html()
        with gr.Row(elem_classes="buttons"):
            yes = gr.Button(say("collection.remove_yes"), variant="stop", elem_id="remove-yes")
            no = gr.Button(say("collection.remove_no"), elem_id="remove-no")
    chosen = gr.State(None)

    @told(say)
    def ask_first(event: gr.EventData) -> tuple[Any, str, str | None]:
        article_id = str((event._data or {}).get("article", ""))
        article = context.library.article(article_id)
        if article is None:
            gr.Info(text(say("collection.gone")))
            return gr.Column(visible=False), "", None
        question = say(
            "collection.remove_ask", title_label(article, context.language), article.outlet
        )
        return gr.Column(visible=True), element("p", text(question), role="alert"), article_id

    @told(say)
    def remove(article_id: str | None, filters: Filters, words: str) -> Iterator[dict[Any, Any]]:
        yield {asking: gr.Column(visible=False)}
        for content, is_done in described(remove_one(article_id, context), context):
            changes: dict[Any, Any] = {report: content}
            if is_done:
                changes |= _show(shown, filters, words, context)
            yield changes

    shown.listed.click(ask_first, None, [asking, ask, chosen], **_HIDDEN).then(
        None, js=_FOCUS_SCRIPT, api_visibility="private"
    )
    no.click(lambda: gr.Column(visible=False), None, asking, queue=False, **_HIDDEN)
    inputs = [chosen, context.filters, shown.search]
    yes.click(remove, inputs, [asking, report, *shown.all], **_HIDDEN)


def _show(shown: _Shown, filters: Filters, words: str, context: ViewContext) -> dict[Any, Any]:
    store = context.library.deps.store
    everything = store.heads()
    allowed = store.article_ids(
        outlets=filters.outlets or None,
        published_from=filters.published_from,
        published_to=filters.published_to,
    )
    wanted = [each for each in everything if each.article_id in allowed and _holds(each, words)]
    say, language = context.say, context.language
    return {
        shown.figures: figures_html(wanted, say, language) if everything else "",
        shown.timeline: timeline_html([each.published_at for each in wanted], say, language),
        shown.listed: articles_html(wanted, len(everything), say, language) if everything else "",
        shown.outlets: gr.Dropdown(
            choices=_outlets(everything, filters, language),
            value=list(filters.outlets),
        ),
        shown.beginning: gr.Column(visible=not everything and context.library.sample is not None),
    }


def _outlets(
    articles: Sequence[ArticleHead], filters: Filters, language: UiLanguage
) -> list[tuple[str, str]]:
    """Names to choose from with what they stand for: an article without outlet by its title."""
    names = {each.outlet: source_label(each, language) for each in articles}
    names = {name: name for name in filters.outlets} | names
    return sorted(((name, outlet) for outlet, name in names.items()), key=_alphabetically)


def _alphabetically(choice: tuple[str, str]) -> str:
    return choice[0].casefold().strip("„“”")


def _holds(article: ArticleHead, words: str) -> bool:
    place = f"{article.title or ''} {article.outlet} {article.article_id}".casefold()
    return all(word in place for word in (words or "").casefold().split())


def _day(given: str, context: ViewContext) -> str | None:
    plain = (given or "").strip()
    if not plain:
        return None
    try:
        return date.fromisoformat(plain).isoformat()
    except ValueError as error:
        raise gr.Error(text(context.say("collection.bad_date", plain))) from error
