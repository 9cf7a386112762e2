"""The chat: layout, and which event runs which callback."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.ui.chat_callbacks import OUTPUTS, ChatCallbacks
from rag.ui.context import ViewContext
from rag.ui.errors import told

# Not gr.BrowserState: two windows would overwrite each other. The value is read when an event
# begins and put together with what is there when it ends (rag/data/ui_windows.js).
_ON_KEPT = "watch('value', () => window.gegenlese.put(props.value));"
_TAKE = "window.gegenlese.take()"

# Clicks inside the conversation reach Python as {do, turn, value}.
_ON_LOAD = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  // While an answer is being written, only stopping it may change the conversation.
  if (!button || document.querySelector('#talk .turn.working')) return;
  if (button.dataset.do === 'copy') { window.gegenlese.copy(button.dataset.copy); return; }
  trigger('click', {do: button.dataset.do, turn: button.dataset.turn || '',
                    value: button.dataset.value || ''});
});
"""


def build(context: ViewContext, tab: gr.Tab) -> None:
    """Lays the chat out."""
    say = context.say
    act = ChatCallbacks(context)
    kept = gr.HTML(
        None, visible="hidden", html_template="", js_on_load=_ON_KEPT, apply_default_css=False
    )
    with gr.Row(elem_id="chat-bar"):
        fresh = gr.Button(say("chat.new"), elem_id="new-conversation", size="sm", scale=0)
        narrowed = gr.HTML("", elem_id="chat-filters", js_on_load=None, apply_default_css=False)
    talk = gr.HTML(act.start_html(), elem_id="talk", js_on_load=_ON_LOAD, apply_default_css=False)
    with gr.Row(elem_id="ask-row"):
        question = gr.Textbox(
            label=say("chat.question"),
            show_label=False,
            placeholder=say("chat.placeholder"),
            lines=1,
            max_lines=6,
            max_length=4000,
            elem_id="question",
            scale=1,
            autofocus=True,
        )
        send = gr.Button(say("chat.send"), variant="primary", elem_id="send", scale=0)
        stop = gr.Button(say("chat.stop"), elem_id="stop", scale=0, visible=False)
    with gr.Accordion(say("chat.kept"), open=False, elem_id="kept"):
        shelf = gr.HTML("", elem_id="shelf", js_on_load=_ON_LOAD, apply_default_css=False)
        where = gr.Radio(
            [(say("chat.in_browser"), "browser"), (say("chat.on_disk"), "disk")],
            value="browser",
            label=say("chat.where"),
            elem_id="where",
        )
        with gr.Row():
            as_markdown = gr.Button(say("chat.export_md"), size="sm", elem_id="export-md")
            as_json = gr.Button(say("chat.export_json"), size="sm", elem_id="export-json")
            forget = gr.Button(say("chat.forget"), size="sm", variant="stop", elem_id="forget-all")
    exported = gr.JSON(visible=False)

    shown: dict[str, Any] = {
        "talk": talk,
        "question": question,
        "kept": kept,
        "send": send,
        "stop": stop,
        "shelf": shelf,
        "where": where,
    }
    outputs = [shown[name] for name in OUTPUTS]
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    many: dict[str, Any] = {**private, "concurrency_limit": 40}
    safe = told(say)

    sent = gr.on(
        [question.submit, send.click],
        safe(act.ask),
        [question, kept, context.filters],
        outputs,
        js=f"(text, kept, filters) => [text, {_TAKE}, filters]",
        **many,
    )
    many["js"] = f"(kept, filters) => [{_TAKE}, filters]"
    clicked = talk.click(safe(act.click), [kept, context.filters], outputs, **many)
    picked = shelf.click(safe(act.click), [kept, context.filters], outputs, **many)
    running = [sent, clicked, picked]
    # What runs is ended first: what it still sends would otherwise come after.
    ended: dict[str, Any] = {"cancels": running, "api_visibility": "private"}
    taking: dict[str, Any] = {**private, "js": f"(kept) => {_TAKE}"}
    stop.click(None, **ended).then(safe(act.stop), [kept], outputs, **taking)
    fresh.click(None, **ended).then(safe(act.begin_another), [kept], outputs, **taking)
    forget.click(
        safe(act.forget),
        [kept],
        outputs,
        js=f"(kept) => confirm({say('chat.forget_sure')!r}) ? {_TAKE} : {{where: 'unchanged'}}",
        **private,
    )
    where.input(
        safe(act.move), [where, kept], outputs, js=f"(where, kept) => [where, {_TAKE}]", **private
    )
    for button, kind in ((as_markdown, "md"), (as_json, "json")):
        button.click(safe(act.exporter(kind)), [kept], [exported], **taking).then(
            None, [exported], None, js="(file) => window.gegenlese.save(file)"
        )
    context.filters.change(safe(act.filters_shown), [context.filters], [narrowed], **private)
    narrowed_clear = gr.Button(visible="hidden", elem_id="clear-filters")
    narrowed_clear.click(act.no_filters, None, [context.filters], **private)
    context.page.load(safe(act.load), [kept], outputs, **taking)
    tab.select(safe(act.load), [kept], outputs, **taking)
