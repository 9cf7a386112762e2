"""What the chat's events do: thin calls of the pipeline between two states of a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Any

import gradio as gr
from starlette.concurrency import iterate_in_threadpool

from rag.errors import UsageError
from rag.types import Answer
from rag.ui import markup
from rag.ui.asking import asked
from rag.ui.chat_export import conversation_json, conversation_markdown
from rag.ui.chat_start import start_html
from rag.ui.chat_turn import conversation_html, filters_text
from rag.ui.context import Filters, ViewContext
from rag.ui.errors import log_unexpected, sentence
from rag.ui.feedback import keep_feedback
from rag.ui.history import Exchange, History
from rag.ui.sample import add_sample
from rag.ui.shelf import Shelf
from rag.ui.shelf_list import shelf_html

OUTPUTS = ("talk", "question", "kept", "send", "stop", "shelf", "where")
MAX_QUESTION_CHARS = 4000
Update = tuple[Any, ...]


class ChatCallbacks:
    """Bound to one page; nothing of a session is kept here."""

    def __init__(self, context: ViewContext) -> None:
        self._context = context
        self._say = context.say
        self._library = context.library
        self._beside_store = context.library.deps.settings.store.path
        self._shelf = Shelf(self._beside_store / "conversations")

    # Showing

    def start_html(self) -> str:
        """What is shown before the first question."""
        return start_html(self._library, self._say, self._context.language)

    def load(self, kept: Any, request: gr.Request) -> Update:
        """The conversation as the reader left it."""
        if self._library.is_empty:
            self._library.expect_writing()
        return self._shown(self._shelf.read(kept, _user(request)), kept=gr.skip(), where=kept)

    def filters_shown(self, filters: Filters) -> str:
        """What the questions are narrowed to, with a way out."""
        if not filters.are_set:
            return ""
        told = filters_text(filters, self._say)
        clear = markup.element(
            "button",
            markup.text(self._say("chat.widen")),
            type="button",
            data_press="clear-filters",
            class_="plain",
        )
        return markup.element("p", markup.text(told) + " " + clear, class_="narrowed")

    def no_filters(self) -> Filters:
        """All articles again."""
        return Filters()

    # Asking

    async def ask(
        self, text: str, kept: Any, filters: Filters, request: gr.Request
    ) -> AsyncIterator[Update]:
        """A question → the conversation, growing."""
        question = text.strip()
        if not question:
            yield self._unchanged()
            return
        if len(question) > MAX_QUESTION_CHARS:
            raise UsageError(
                f"The question has more than {MAX_QUESTION_CHARS} characters.", "Ask a shorter one."
            )
        self._library.deps.store.require_articles()
        user = _user(request)
        history = self._shelf.read(kept, user)
        exchange = Exchange.begun(question, _now(), filters)
        async for shown in self._answer(history, exchange, kept, user):
            yield shown

    async def _answer(
        self, history: History, exchange: Exchange, kept: Any, user: str | None
    ) -> AsyncIterator[Update]:
        conversation = history.current
        turns = conversation.before(exchange.turn_id).turns()

        def put(changed: Exchange) -> History:
            return history.with_current(conversation.put(changed))

        kept = self._shelf.write(kept, put(exchange), user, history)
        begun = put(exchange)
        yield self._shown(begun, kept=kept, question="", is_working=True)
        # What is kept goes out with every step, though unchanged: Gradio sends what differs between
        # two steps, and a skipped one would be mixed with the value that is there.
        unchanged = self._unchanged()
        asking = asked(
            exchange.filters.question(exchange.asked),
            turns,
            self._library.deps,
            self._context.gate,
        )
        try:
            async with aclosing(asking) as news:
                async for found in news:
                    if isinstance(found, Answer):
                        exchange = exchange.answered(found)
                        continue
                    exchange = exchange.model_copy(update={"draft": found})
                    yield (self._talk(put(exchange)), *unchanged[1:2], kept, *unchanged[3:])
        except Exception as error:  # noqa: BLE001 - told inside the conversation
            log_unexpected(error)
            problem = sentence(error, self._say)
            exchange = exchange.model_copy(
                update={"state": "failed", "problem": problem, "draft": ""}
            )
        kept = self._shelf.write(kept, put(exchange), user, begun)
        yield self._shown(put(exchange), kept=kept)

    def stop(self, kept: Any, request: gr.Request) -> Update:
        """What was being worked on is over."""
        user = _user(request)
        history = self._shelf.read(kept, user)
        return self._shown(history, kept=self._shelf.write(kept, history, user, history))

    # Changing

    async def click(
        self, kept: Any, filters: Filters, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[Update]:
        """A button inside the conversation or the list of conversations."""
        data = getattr(event, "_data", None)
        data = data if isinstance(data, dict) else {}
        do, turn_id, value = (str(data.get(key) or "") for key in ("do", "turn", "value"))
        user = _user(request)
        history = self._shelf.read(kept, user)
        exchange = history.current.find(turn_id)
        steps: AsyncIterator[Update] | None = None
        if do == "ask":
            steps = self.ask(value, kept, filters, request)
        elif do == "sample":
            steps = self._sample(history)
        elif do == "retry" and exchange is not None:
            steps = self._answer(history, exchange.begun_again(_now()), kept, user)
        if steps is not None:
            async for shown in steps:
                yield shown
        elif do in ("open", "drop"):
            changed = history.reopen(value) if do == "open" else history.forget(value)
            yield self._shown(changed, kept=self._shelf.write(kept, changed, user, history))
        elif exchange is not None:
            yield self._changed(do, exchange, history, kept, user)
        else:
            yield self._unchanged()

    def _changed(
        self, do: str, exchange: Exchange, history: History, kept: Any, user: str | None
    ) -> Update:
        conversation = history.current
        question: Any = gr.skip()
        if do == "edit":
            # What followed leant on the old wording.
            conversation, question = conversation.before(exchange.turn_id), exchange.asked
        elif do == "delete":
            conversation = conversation.without(exchange.turn_id)
        elif do in ("up", "down"):
            rated = exchange.model_copy(update={"rating": None if exchange.rating == do else do})
            keep_feedback(self._beside_store / "feedback.jsonl", rated)
            conversation = conversation.put(rated)
        changed = history.with_current(conversation)
        kept = self._shelf.write(kept, changed, user, history)
        return self._shown(changed, kept=kept, question=question)

    async def _sample(self, history: History) -> AsyncIterator[Update]:
        async for told in iterate_in_threadpool(add_sample(self._library, self._say)):
            yield (told, *self._unchanged()[1:])
        yield self._shown(history, kept=gr.skip())

    def begin_another(self, kept: Any, request: gr.Request) -> Update:
        """A new conversation; the old one stays in the list."""
        user = _user(request)
        before = self._shelf.read(kept, user)
        history = before.begin_another()
        kept = self._shelf.write(kept, history, user, before)
        return self._shown(history, kept=kept, question="")

    def forget(self, kept: Any, request: gr.Request) -> Update:
        """Deletes all conversations, unless the reader thought better of it."""
        if isinstance(kept, dict) and kept.get("where") == "unchanged":
            return self._unchanged()
        fresh = self._shelf.forget(kept, _user(request))
        return self._shown(History(), kept=fresh, question="")

    def move(self, where: str, kept: Any, request: gr.Request) -> Update:
        """Keeps conversations in the browser or on disk from now on."""
        user = _user(request)
        moved = self._shelf.move(kept, where, user)
        return self._shown(self._shelf.read(moved, user), kept=moved)

    def exporter(self, kind: str) -> Callable[..., dict[str, str]]:
        """A callback that makes the file to save."""

        def export(kept: Any, request: gr.Request) -> dict[str, str]:
            conversation = self._shelf.read(kept, _user(request)).current
            write = conversation_markdown if kind == "md" else conversation_json
            return {
                "name": f"{self._say('chat.file_name')}-{_now()[:10]}.{kind}",
                "type": "text/markdown" if kind == "md" else "application/json",
                "text": write(conversation, self._say),
            }

        return export

    # Outputs

    def _talk(self, history: History) -> str:
        if not history.current.exchanges:
            return self.start_html()
        return conversation_html(history.current, self._say)

    def _unchanged(self) -> Update:
        return tuple(gr.skip() for _ in OUTPUTS)

    def _shown(
        self,
        history: History,
        *,
        kept: Any,
        question: Any = None,
        is_working: bool = False,
        where: Any = None,
    ) -> Update:
        place = where if where is not None else kept
        is_on_disk = isinstance(place, dict) and place.get("where") == "disk"
        return (
            self._talk(history),
            gr.skip() if question is None else question,
            kept,
            gr.update(visible=not is_working),
            gr.update(visible=is_working),
            shelf_html(history, self._say),
            "disk" if is_on_disk else "browser",
        )


def _user(request: gr.Request) -> str | None:
    user: str | None = getattr(request, "username", None)
    return user


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
