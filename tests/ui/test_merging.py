"""Two windows write into one history: nothing of either is lost, nothing deleted comes back."""

from __future__ import annotations

import json

from rag.ui.context import Filters
from rag.ui.history import Conversation, Exchange, History
from rag.ui.merging import merged
from rag.ui.shelf import Shelf
from tests.ui.examples import an_answer

AT = "2025-09-04T10:00:00+02:00"


def asked(text: str) -> Exchange:
    return Exchange.begun(text, AT, Filters()).answered(an_answer(text))


def talk(*questions: str) -> Conversation:
    return Conversation(exchanges=tuple(asked(each) for each in questions))


def questions(history: History) -> list[list[str]]:
    return [[e.asked for e in c.exchanges] for c in (history.current, *history.others)]


def test_a_conversation_of_another_window_stays_where_this_one_goes_on():
    before = History(current=talk("Wer?"))
    mine = before.with_current(before.current.put(asked("Und wann?")))
    theirs = History(current=talk("Wo?"), others=(before.current,))
    assert questions(merged(before, mine, theirs)) == [["Wer?", "Und wann?"], ["Wo?"]]


def test_two_windows_in_one_conversation_add_to_it():
    before = History(current=talk("Wer?"))
    mine = before.with_current(before.current.put(asked("Und wann?")))
    theirs = before.with_current(before.current.put(asked("Und wo?")))
    assert questions(merged(before, mine, theirs)) == [["Wer?", "Und wann?", "Und wo?"]]


def test_what_either_window_deleted_is_gone():
    old, older = talk("Alt?"), talk("Älter?")
    before = History(current=talk("Wer?", "Wann?"), others=(old, older))
    mine = before.forget(old.conversation_id)
    first = before.current.exchanges[0].turn_id
    theirs = before.forget(older.conversation_id)
    theirs = theirs.with_current(theirs.current.without(first))
    assert questions(merged(before, mine, theirs)) == [["Wann?"]]


def test_an_answer_replaces_the_question_that_was_being_worked_on():
    exchange = Exchange.begun("Wer?", AT, Filters())
    begun = History(current=Conversation(exchanges=(exchange,)))
    done = begun.with_current(begun.current.put(exchange.answered(an_answer("Wer?"))))
    assert merged(begun, done, begun).current.exchanges[0].state == "done"


def test_on_disk_two_windows_keep_their_own_conversation_in_one_file(tmp_path):
    shelf = Shelf(tmp_path / "conversations")
    kept = shelf.write({"where": "disk"}, History(current=talk("Wer?")))
    other = {**kept, "current": "f" * 32}
    here, there = shelf.read(kept), shelf.read(other)
    assert there.current.exchanges == ()
    there_now = there.with_current(there.current.put(asked("Wo?")))
    other = shelf.write(other, there_now, None, there)
    here_now = here.with_current(here.current.put(asked("Wann?")))
    kept = shelf.write(kept, here_now, None, here)
    assert questions(shelf.read(kept)) == [["Wer?", "Wann?"], ["Wo?"]]
    assert questions(shelf.read(other)) == [["Wo?"], ["Wer?", "Wann?"]]
    [file] = (tmp_path / "conversations").glob("*.json")
    assert len(json.loads(file.read_text(encoding="utf-8"))["others"]) == 1
