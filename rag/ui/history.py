"""Conversations as they are kept between two visits, in the browser or on disk.

What comes back from a browser may be anything; it is validated here and never trusted to be
ours: quotes are looked up in the store again whenever they are shown in their article.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.types import Answer, Passage, Turn
from rag.ui.context import Filters

MOST_TURNS = 60
MOST_CONVERSATIONS = 30
MOST_CHARS = 3_000_000
"""A browser keeps 5 MB a site; the oldest conversation goes first."""

Rating = Literal["up", "down"]
TurnState = Literal["working", "done", "stopped", "failed"]


def new_id() -> str:
    """An id nobody can guess."""
    return secrets.token_hex(16)


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PassageRef(_Kept):
    """A passage by its place; its text is in the store."""

    article_id: str
    chunk_id: str
    start_char: int
    end_char: int
    rank: int
    dense: float
    lexical: float


class Exchange(_Kept):
    """A question, and its answer once there is one."""

    turn_id: str = Field(pattern="^[0-9a-f]{32}$")
    asked: str
    at: str
    state: TurnState = "working"
    answer: Answer | None = None
    draft: str = ""
    problem: str = ""
    passages: tuple[PassageRef, ...] = ()
    rating: Rating | None = None
    outlets: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None

    @classmethod
    def begun(cls, asked: str, at: str, filters: Filters) -> Exchange:
        """A question that is being worked on."""
        return cls(
            turn_id=new_id(),
            asked=asked,
            at=at,
            outlets=filters.outlets,
            published_from=filters.published_from,
            published_to=filters.published_to,
        )

    def answered(self, answer: Answer) -> Exchange:
        """With its answer; of the passages only the places are kept."""
        return self.model_copy(
            update={
                "state": "done",
                "draft": "",
                "answer": replace(answer, passages=()),
                "passages": tuple(_reference(passage) for passage in answer.passages),
            }
        )

    def begun_again(self, at: str) -> Exchange:
        """Without its answer, to be asked once more."""
        update = {"state": "working", "answer": None, "problem": "", "draft": "", "at": at}
        return self.model_copy(update={**update, "passages": (), "rating": None})

    @property
    def filters(self) -> Filters:
        """The filters it was asked with."""
        return Filters(
            outlets=self.outlets,
            published_from=self.published_from,
            published_to=self.published_to,
        )


class Conversation(_Kept):
    """Exchanges in order; the first question names it."""

    conversation_id: str = Field(default_factory=new_id, pattern="^[0-9a-f]{32}$")
    exchanges: tuple[Exchange, ...] = ()

    @property
    def title(self) -> str:
        """The first question."""
        return self.exchanges[0].asked if self.exchanges else ""

    def turns(self) -> tuple[Turn, ...]:
        """What a follow-up question may lean on."""
        return tuple(
            Turn(question=each.answer.question.text, answer=each.answer.text)
            for each in self.exchanges
            if each.answer is not None
        )

    def put(self, exchange: Exchange) -> Conversation:
        """With the exchange in place of the one with its id, or at the end."""
        known = [each.turn_id for each in self.exchanges]
        if exchange.turn_id in known:
            place = known.index(exchange.turn_id)
            changed = (*self.exchanges[:place], exchange, *self.exchanges[place + 1 :])
        else:
            changed = (*self.exchanges, exchange)[-MOST_TURNS:]
        return self.model_copy(update={"exchanges": changed})

    def without(self, turn_id: str) -> Conversation:
        """Without an exchange."""
        rest = tuple(each for each in self.exchanges if each.turn_id != turn_id)
        return self.model_copy(update={"exchanges": rest})

    def before(self, turn_id: str) -> Conversation:
        """As it was before an exchange."""
        known = [each.turn_id for each in self.exchanges]
        place = known.index(turn_id) if turn_id in known else len(known)
        return self.model_copy(update={"exchanges": self.exchanges[:place]})

    def find(self, turn_id: str) -> Exchange | None:
        """The exchange of an id."""
        return next((each for each in self.exchanges if each.turn_id == turn_id), None)


class History(_Kept):
    """All conversations of a reader, the current one first in mind, not in order."""

    current: Conversation = Field(default_factory=Conversation)
    others: tuple[Conversation, ...] = ()

    def with_current(self, conversation: Conversation) -> History:
        """With the current conversation changed."""
        return self.model_copy(update={"current": conversation})

    def begin_another(self) -> History:
        """A fresh conversation; the one before is kept where anything was asked in it."""
        return History(others=self._set_aside(self.others))

    def reopen(self, conversation_id: str) -> History:
        """With an older conversation as the current one."""
        for each in self.others:
            if each.conversation_id == conversation_id:
                rest = tuple(o for o in self.others if o is not each)
                return History(current=each, others=self._set_aside(rest))
        return self

    def turned_to(self, conversation_id: str) -> History:
        """With that conversation as the current one; a fresh one where it is not there."""
        if self.current.conversation_id == conversation_id:
            return self
        reopened = self.reopen(conversation_id)
        if reopened is not self:
            return reopened
        fresh = Conversation(conversation_id=conversation_id)
        return History(current=fresh, others=self._set_aside(self.others))

    def forget(self, conversation_id: str) -> History:
        """Without a conversation."""
        if self.current.conversation_id == conversation_id:
            return History(others=self.others)
        rest = tuple(o for o in self.others if o.conversation_id != conversation_id)
        return self.model_copy(update={"others": rest})

    def to_json(self) -> dict[str, Any]:
        """What is kept; the oldest conversations are dropped where it would be too much."""
        kept = self
        while True:
            written = kept.model_dump(mode="json")
            if len(str(written)) <= MOST_CHARS or not kept.others:
                return written
            kept = kept.model_copy(update={"others": kept.others[:-1]})

    def _set_aside(self, others: tuple[Conversation, ...]) -> tuple[Conversation, ...]:
        if not self.current.exchanges:
            return others
        return (self.current, *others)[:MOST_CONVERSATIONS]


def read_history(value: object) -> History:
    """What was kept; an empty history where it is not ours or from another version."""
    if not isinstance(value, dict):
        return History()
    try:
        history = History.model_validate(value)
    except (ValidationError, RecursionError):
        return History()
    # A question whose answer never came (the server or the browser was closed) is over.
    return _map(
        history, lambda e: e.model_copy(update={"state": "stopped"}) if e.state == "working" else e
    )


def _map(history: History, change: Callable[[Exchange], Exchange]) -> History:
    def changed(conversation: Conversation) -> Conversation:
        exchanges = tuple(change(each) for each in conversation.exchanges)
        return conversation.model_copy(update={"exchanges": exchanges})

    return History(
        current=changed(history.current), others=tuple(changed(each) for each in history.others)
    )


def _reference(passage: Passage) -> PassageRef:
    return PassageRef(
        article_id=passage.article.article_id,
        chunk_id=passage.chunk.chunk_id,
        start_char=passage.chunk.start_char,
        end_char=passage.chunk.end_char,
        rank=passage.rank,
        dense=round(passage.scores.dense, 4),
        lexical=round(passage.scores.lexical, 2),
    )
