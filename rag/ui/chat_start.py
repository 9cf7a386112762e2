"""What the chat shows before the first question, with articles and without."""

from __future__ import annotations

from collections.abc import Sequence

from rag.language.typography import format_count
from rag.ui.library import Library
from rag.ui.markup import element, items, text
from rag.ui.texts import Say, UiLanguage


def start_html(
    library: Library, say: Say, language: UiLanguage, starters: Sequence[str] = ()
) -> str:
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
    if starters:
        buttons = [
            element("button", text(each), type="button", data_do="ask", data_value=each)
            for each in starters
        ]
        content += element(
            "div", element("p", text(say("start.try"))) + items(buttons), class_="next"
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
