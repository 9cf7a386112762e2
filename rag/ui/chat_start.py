"""What the chat shows before the first question, with articles and without."""

from __future__ import annotations

import json

from rag.language.typography import format_count
from rag.ui.library import Library
from rag.ui.markup import element, text
from rag.ui.texts import Say, UiLanguage


def start_html(library: Library, say: Say, language: UiLanguage) -> str:
    """An invitation to ask; for an empty store, how to fill it."""
    counts = library.deps.store.counts()
    if counts.articles == 0:
        return empty_html(library, say)
    held = say(
        "start.held",
        format_count(counts.articles, language),
        format_count(counts.outlets, language),
    )
    content = element("h2", text(say("start.title"))) + element("p", text(held))
    # Found by asking, so they come a moment later (rag.ui.next_panel).
    content += element(
        "div",
        "",
        id="starters",
        class_="next fetched",
        data_fetch="/next",
        data_now=True,
        data_body=json.dumps({"articles": counts.articles}),
    )
    return element("section", content, class_="start")


def empty_html(library: Library, say: Say) -> str:
    """The next steps of somebody who has no articles yet."""
    steps = element(
        "button", text(say("start.upload")), type="button", data_goto="collection", class_="act"
    )
    if library.sample is not None:
        steps += element(
            "button",
            text(say("start.sample")),
            type="button",
            data_do="sample",
            class_="act quiet-act",
        )
    return element(
        "section",
        element("h2", text(say("start.empty_title")))
        + element("p", text(say("start.empty")))
        + element("div", steps, class_="steps")
        + element("p", text(say("start.command")), class_="hint"),
        class_="start empty",
    )
