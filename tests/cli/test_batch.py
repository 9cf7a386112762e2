from __future__ import annotations

import pytest

from rag.cli.batch import questions_of
from rag.errors import UsageError

NO_FILTERS = {"outlets": (), "published_from": None, "published_to": None}


def test_a_question_takes_the_filters_of_the_flags():
    [question] = questions_of(
        "Wer hat die Brücke gebaut?",
        None,
        outlets=("Talbote",),
        published_from="2025-01-01",
        published_to=None,
    )
    assert question.outlets == frozenset({"Talbote"})
    assert (question.published_from, question.published_to) == ("2025-01-01", None)
    assert question.language == "de"


def test_lines_of_a_batch_keep_their_ids_and_order(tmp_path):
    batch = tmp_path / "q.jsonl"
    batch.write_text(
        '{"id": "b", "question": "Wer kam zum Fest?"}\n\n'
        '{"id": 7, "question": "Who came to the party?", "from": "2025-01-02"}\n',
        encoding="utf-8-sig",
    )
    first, second = questions_of(None, batch, **NO_FILTERS)
    assert (first.question_id, first.language) == ("b", "de")
    assert (second.question_id, second.language, second.published_from) == ("7", "en", "2025-01-02")


def test_a_line_separator_inside_a_question_does_not_cut_its_line(tmp_path):
    batch = tmp_path / "q.jsonl"
    batch.write_text('{"id": 1, "question": "Wer kam\u2028zum Fest?"}\r\n', encoding="utf-8")
    (question,) = questions_of(None, batch, **NO_FILTERS)
    assert question.question_id == "1"


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ('{"question": "Wer?"}\n{broken', "Line 2"),
        ('["Wer?"]', "Line 1"),
        ('{"id": 1}', "line 1"),
        ('{"question": "   "}', "line 1"),
        ('{"question": "Wer?", "to": "2099-13-45"}', "2099-13-45"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, lines, named):
    batch = tmp_path / "q.jsonl"
    batch.write_text(lines)
    with pytest.raises(UsageError, match=named):
        questions_of(None, batch, **NO_FILTERS)


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b\u2060", "\u202e", "\x07"])
def test_an_empty_question_is_refused(text):
    with pytest.raises(UsageError, match="no text"):
        questions_of(text, None, **NO_FILTERS)


def test_neither_question_nor_batch_is_refused():
    with pytest.raises(UsageError, match="not both"):
        questions_of(None, None, **NO_FILTERS)


def test_lone_surrogates_and_nuls_in_a_question_do_no_harm():
    [question] = questions_of("Wer \ud800 kam\x00?", None, **NO_FILTERS)
    question.text.encode("utf-8")
    assert "\x00" not in question.text


def test_a_span_of_days_that_ends_before_it_begins_is_refused():
    days = {"published_from": "2025-09-05", "published_to": "2025-09-01"}
    with pytest.raises(UsageError, match="2025-09-05 to 2025-09-01"):
        questions_of("Wer kam?", None, outlets=(), **days)
    same = dict.fromkeys(days, "2025-09-05")
    assert questions_of("Wer kam?", None, outlets=(), **same)


def test_a_missing_batch_file_is_one_clear_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        questions_of(None, tmp_path / "none.jsonl", **NO_FILTERS)
