"""Suggested questions: fetched by the page after an answer, when there is nothing better to do."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from rag.suggestions import next_questions
from rag.ui.context import Filters
from rag.ui.gate import Gate
from rag.ui.library import Library
from rag.ui.markup import element, items, text
from rag.ui.texts import UiLanguage, speaker_of

_LONGEST = 4000


class NextRequest(BaseModel):
    """After which question; without one, first questions are meant."""

    model_config = ConfigDict(frozen=True)

    question: str = Field("", max_length=_LONGEST)
    known: tuple[str, ...] = Field((), max_length=200)
    article_ids: tuple[str, ...] = Field((), max_length=200)
    outlets: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None


def next_html(wanted: NextRequest, library: Library, gate: Gate, language: UiLanguage) -> str:
    """Buttons that ask; empty where nothing was found or others are waiting."""
    say = speaker_of(language)
    if not wanted.question:
        return _buttons(library.starters(language, gate), say("start.try"))
    if not gate.is_idle:
        return ""
    articles = [a for one in wanted.article_ids if (a := library.article(one)) is not None]
    filters = Filters(
        outlets=wanted.outlets,
        published_from=wanted.published_from,
        published_to=wanted.published_to,
    )
    found = next_questions(
        articles,
        library.deps,
        filters=filters.question(wanted.question),
        known=(*wanted.known, wanted.question),
        may_go_on=lambda: gate.is_idle,
    )
    return _buttons(found, say("chat.next"))


def _buttons(questions: Sequence[str], heading: str) -> str:
    if not questions:
        return ""
    buttons = [
        element("button", text(each), type="button", data_do="ask", data_value=each)
        for each in questions
    ]
    return element("p", text(heading)) + items(buttons)
