"""A conversation as a file: Markdown for people, JSON for programs and ``rag verify``."""

from __future__ import annotations

import json
import re

from rag.interchange import answer_to_json
from rag.language.typography import source_label
from rag.types import Position
from rag.ui.chat_turn import plain_text
from rag.ui.history import Conversation
from rag.ui.texts import Say, language_of

_SYNTAX = re.compile(r"([\\`*_{}#<>|!]|^[-+]|^\d+(?=\.\s)|\]\(|^\[[^\]]*\]:)", re.MULTILINE)


def conversation_markdown(conversation: Conversation, say: Say) -> str:
    """Questions as headings, answers with their sources; nothing in them acts as Markdown."""
    parts = [f"# {say('app.name')}"]
    for exchange in conversation.exchanges:
        parts.append(f"## {_plain(exchange.asked)}")
        if exchange.answer is None:
            parts.append(_plain(exchange.problem or say("chat.stopped")))
            continue
        answer = exchange.answer
        if answer.question.original:
            parts.append(_plain(say("chat.read_as", answer.question.text)))
        parts.append(f"*{say(f'status.{answer.status}')}*")
        lines = plain_text(answer, say).split("\n")
        parts.append("\n\n".join(_plain(line) for line in lines if line.strip()))
        for found in answer.disagreements:
            sides = "; ".join(_side(position, say) for position in found.positions)
            parts.append(
                f"- {say(f'status.{found.status}')}: {_plain(found.aspect)}: {_plain(sides)}"
            )
    return "\n\n".join(parts) + "\n"


def conversation_json(conversation: Conversation, say: Say) -> str:
    """Each answer as ``rag ask --format json`` prints it."""
    rows = [
        {
            "asked": each.asked,
            "at": each.at,
            "rating": each.rating,
            "answer": answer_to_json(each.answer) if each.answer else None,
        }
        for each in conversation.exchanges
    ]
    return json.dumps({"schema": 1, "exchanges": rows}, ensure_ascii=False, indent=2)


def _plain(value: str) -> str:
    return _SYNTAX.sub(
        lambda found: "".join("\\" + c for c in found[0]) if found[0] != "](" else "]\\(", value
    )


def _side(position: Position, say: Say) -> str:
    named = (source_label(claim, language_of(say)) for claim in position.claims)
    return f"{position.value} ({', '.join(named)})"
