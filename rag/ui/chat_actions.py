"""What can be done with an exchange, and where to go on from it, as HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rag.types import Answer
from rag.ui.history import Exchange
from rag.ui.icons import icon
from rag.ui.markup import element, text
from rag.ui.texts import Say


def actions_html(exchange: Exchange, copied: str | None, say: Say) -> str:
    """What can be done with an exchange; ``copied`` is the answer's text, where there is one."""

    def button(do: str, **attributes: object) -> str:
        return element(
            "button",
            icon(do) + element("span", text(say(f"chat.{do}"))),
            type="button",
            id=f"{do}-{exchange.turn_id}",
            data_do=do,
            data_turn=exchange.turn_id,
            title=say(f"chat.{do}"),
            **attributes,
        )

    buttons = []
    if copied is not None:
        buttons += [
            button("copy", data_copy=copied),
            button("up", aria_pressed=str(exchange.rating == "up").lower()),
            button("down", aria_pressed=str(exchange.rating == "down").lower()),
        ]
    buttons += [button("retry"), button("edit"), button("delete")]
    return element(
        "div", "".join(buttons), class_="actions", role="group", aria_label=say("chat.actions")
    )


def next_html(exchange: Exchange, answer: Answer, known: Sequence[str]) -> str:
    """A place for next questions, fetched once the answer is read (``rag.ui.next_panel``)."""
    if not known or not exchange.passages:
        return ""
    wanted = {
        "question": answer.question.text,
        "known": list(known),
        "article_ids": list(dict.fromkeys(each.article_id for each in exchange.passages)),
        **asdict(exchange.filters),
    }
    return element(
        "div",
        "",
        id=f"next-{exchange.turn_id}",
        class_="next fetched",
        data_fetch="/next",
        data_now=True,
        data_body=json.dumps(wanted, ensure_ascii=False),
    )
