"""Conversations: kept, read back, and never trusted."""

from __future__ import annotations

import json

import pytest

from rag.ui.context import Filters
from rag.ui.history import MOST_CHARS, Conversation, Exchange, History, read_history
from rag.ui.shelf import Shelf
from tests.ui.examples import an_answer

AT = "2025-09-04T10:00:00+02:00"


def asked(text: str) -> Exchange:
    return Exchange.begun(text, AT, Filters(outlets=("Talbote",))).answered(an_answer(text))


def history(*questions: str) -> History:
    return History().with_current(Conversation(exchanges=tuple(asked(q) for q in questions)))


def test_what_was_kept_is_read_back_as_it_was():
    kept = history("Wer?", "Wo?")
    assert read_history(json.loads(json.dumps(kept.to_json()))) == kept


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "x",
        [],
        {"current": 1},
        {"current": {"exchanges": [{"turn_id": "../x"}]}},
        {"current": {"conversation_id": "<img>"}},
    ],
)
def test_what_is_not_ours_is_an_empty_history(value):
    assert read_history(value).current.exchanges == ()


def test_a_question_without_its_answer_is_over_when_it_is_read_again():
    begun = History().with_current(Conversation(exchanges=(Exchange.begun("Wer?", AT, Filters()),)))
    assert read_history(begun.to_json()).current.exchanges[0].state == "stopped"


def test_a_follow_up_leans_on_answers_only():
    stopped = Exchange.begun("Und?", AT, Filters())
    turns = Conversation(exchanges=(asked("Wer?"), stopped)).turns()
    assert [turn.question for turn in turns] == ["Wer?"]


def test_too_much_drops_the_oldest_conversation():
    long = Conversation(exchanges=(asked("x" * (MOST_CHARS // 2)),))
    kept = History(others=(long, long, long)).to_json()
    assert len(kept["others"]) < 3


def test_conversations_are_set_aside_reopened_and_forgotten():
    first = history("Wer?")
    second = first.begin_another()
    assert second.current.exchanges == ()
    identity = second.others[0].conversation_id
    assert second.reopen(identity).current.title == "Wer?"
    assert second.reopen("0" * 32) == second
    assert second.forget(identity).others == ()


def test_on_disk_a_key_opens_only_its_readers_conversations(tmp_path):
    shelf = Shelf(tmp_path / "conversations")
    kept = shelf.write({"where": "disk"}, history("Wer?"), "ann")
    assert shelf.read(kept, "ann").current.title == "Wer?"
    assert shelf.read(kept, "bob").current.title == ""
    assert shelf.read({"where": "disk", "key": "../../x"}, "ann").current.title == ""
    (file,) = [f for f in (tmp_path / "conversations").iterdir() if "Wer?" in f.read_text()]
    assert file.stat().st_mode & 0o077 == 0


def test_moving_between_browser_and_disk_takes_all_along_and_leaves_nothing(tmp_path):
    shelf = Shelf(tmp_path / "conversations")
    in_browser = shelf.write(None, history("Wer?"))
    on_disk = shelf.move(in_browser, "disk")
    assert "history" not in on_disk
    assert shelf.read(on_disk).current.title == "Wer?"
    back = shelf.move(on_disk, "browser")
    assert shelf.read(back).current.title == "Wer?"
    assert list((tmp_path / "conversations").iterdir()) == []


def test_forgetting_deletes_the_file_of_this_reader_only(tmp_path):
    shelf = Shelf(tmp_path / "conversations")
    one = shelf.write({"where": "disk"}, history("Wer?"))
    two = shelf.write({"where": "disk"}, history("Wo?"))
    shelf.forget(one)
    assert shelf.read(one).current.title == ""
    assert shelf.read(two).current.title == "Wo?"
