"""Two windows of one reader write into one history: what each changed is put together.

Three states are compared: what a window began with, what it makes of it, and what is kept by now.
What either added is there, what either deleted is gone; where both changed one exchange, the window
that writes now has the last word. ``rag/data/ui_windows.js`` does the same in the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rag.ui.history import Conversation, Exchange, History

T = TypeVar("T")


def merged(before: History, changed: History, kept: History) -> History:
    """``changed`` by a window that began with ``before``, with what others did to ``kept``."""
    known = {each.conversation_id: each for each in _all(before)}
    theirs = {each.conversation_id: each for each in _all(kept)}

    def joined(own: Conversation) -> Conversation:
        other = theirs.get(own.conversation_id)
        if other is None:
            return own
        first = known.get(own.conversation_id, Conversation())
        exchanges = _put_together(first.exchanges, own.exchanges, other.exchanges, _turn)
        return own.model_copy(update={"exchanges": exchanges})

    others = _put_together(
        _all(before), changed.others, _all(kept), lambda each: each.conversation_id
    )
    current = changed.current.conversation_id
    return History(
        current=joined(changed.current),
        others=tuple(joined(each) for each in others if each.conversation_id != current),
    )


def _put_together(
    before: Sequence[T], own: Sequence[T], theirs: Sequence[T], name: Callable[[T], str]
) -> tuple[T, ...]:
    """Own ones unless the others deleted them, then those the others added."""
    known = {name(each) for each in before}
    there = {name(each) for each in theirs}
    mine = {name(each) for each in own}
    return (
        *(each for each in own if name(each) in there or name(each) not in known),
        *(each for each in theirs if name(each) not in known and name(each) not in mine),
    )


def _turn(exchange: Exchange) -> str:
    return exchange.turn_id


def _all(history: History) -> tuple[Conversation, ...]:
    return tuple(each for each in (history.current, *history.others) if each.exchanges)
