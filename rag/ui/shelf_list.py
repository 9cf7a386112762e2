"""The list of older conversations."""

from __future__ import annotations

from rag.language.typography import format_date
from rag.ui.history import Conversation, History
from rag.ui.markup import element, items, text
from rag.ui.texts import Say, language_of

_LONGEST = 90


def shelf_html(history: History, say: Say) -> str:
    """Each with its first question, its day and a way to delete it."""
    if not history.others:
        return element("p", text(say("chat.no_others")), class_="quiet")
    return items((_row(each, say) for each in history.others), class_="shelf")


def _row(conversation: Conversation, say: Say) -> str:
    title = conversation.title
    if len(title) > _LONGEST:
        title = title[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"
    language = language_of(say)
    day = format_date(conversation.exchanges[0].at, language) if conversation.exchanges else ""
    told = element("b", text(title)) + element(
        "span", text(say("chat.length", day, len(conversation.exchanges)))
    )
    identity = conversation.conversation_id
    drop = element(
        "button",
        element("span", "×", aria_hidden="true"),
        type="button",
        data_do="drop",
        data_value=identity,
        class_="drop",
        aria_label=say("chat.drop", title),
    )
    return (
        element("button", told, type="button", data_do="open", data_value=identity, class_="reopen")
        + drop
    )
