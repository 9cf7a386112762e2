# ruff: noqa: E501
"""The 52 bad inputs and faults of the list: one row each, with the outcome it must have.

Files are in ``hostile_files``; what is no file is here, or named with the test that has it.
"""

from __future__ import annotations

import importlib.util
import pickle
import re
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from evals.trust.noted import note
from rag.cli.batch import questions_of
from rag.errors import RagError
from rag.ingest.clean import clean_article
from rag.ingest.load import load_path
from rag.settings import IngestSettings, load_settings
from rag.types import Rejection

ROOT = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location(
    "hostile_files", Path(__file__).with_name("hostile_files.py")
)
hostile = importlib.util.module_from_spec(_SPEC)
sys.modules["hostile_files"] = hostile
_SPEC.loader.exec_module(hostile)
LIMITS = IngestSettings(parser_seconds=10, parser_memory_bytes=1_000_000_000)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """All files read in one go, as a folder is: row number → what came of it; and the seconds."""
    root = tmp_path_factory.mktemp("bad")
    rows = list(hostile.write_all(root))
    (root / "zzz").mkdir()
    (root / "zzz" / "good.txt").write_text(hostile.TEXT, encoding="utf-8")
    found: dict[str, list] = {}
    started = time.monotonic()
    for item in load_path(root, LIMITS):
        own = Path(item.path).relative_to(root.resolve()).parts[0]
        found.setdefault(own, []).append(item)
    return rows, found, time.monotonic() - started


@pytest.mark.parametrize("number", range(len(hostile.ROWS)))
def test_a_bad_file_is_read_clean_or_rejected_with_its_reason(outcomes, number):
    rows, found, _ = outcomes
    row, own = rows[number]
    (item,) = found[own.name]
    if isinstance(item, Rejection):
        assert not row.is_read or row.either, item.reason
        assert "\n" not in item.reason and 3 < len(item.reason) < 200
        assert item.hint and "\n" not in item.path and "\u202e" not in item.path
        assert row.either or row.says.lower() in f"{item.reason} {item.hint}".lower()
        return
    article = clean_article(item)
    assert row.is_read or row.either
    assert row.holds in article.text
    for sign in row.lacks:
        assert sign not in article.text + (article.title or "")
    assert row.either or row.says in " ".join(article.notes)
    assert article.url is None or article.url.startswith("http")
    article.text.encode("utf-8")
    assert "<" not in article.article_id and "\n" not in article.article_id


def test_good_files_among_bad_ones_are_read_and_nothing_was_run(outcomes):
    _, found, _ = outcomes
    (good,) = found["zzz"]
    assert hostile.SENTENCE in good.text
    assert not Path("/tmp/owned").exists()


ITEMS = {
    26: ("tests/ingest/test_load.py", "test_a_file_that_changes_while_it_is_read_is_left_for_later"),
    27: ("tests/index/test_build.py", "test_copies_are_kept_and_linked"),
    28: ("tests/index/test_build.py", "test_two_files_of_one_name_are_both_kept_and_stay_themselves"),
    31: ("tests/trust/test_hostile_articles.py", "test_a_model_that_obeys_every_word_gets_nothing_foreign_to_the_screen"),
    32: ("tests/trust/test_hostile_articles.py", "test_other_questions_are_answered_as_if_the_hostile_articles_were_not_there"),
    33: ("tests/trust/test_hostile_articles.py", "test_a_model_that_obeys_every_word_gets_nothing_foreign_to_the_screen"),
    34: ("tests/llm/test_faults.py", "test_a_wrong_citation_is_moved_to_the_quote_that_says_it"),
    35: ("tests/llm/test_faults.py", "test_a_fault_that_passes_ends_in_the_written_answer"),
    36: ("tests/retrieve/test_retrieve.py", "test_outlets_that_copy_one_another_do_not_crowd_out_an_honest_report"),
    37: ("tests/trust/test_hostile_articles.py", "test_what_no_reader_sees_is_not_stored_and_no_outlet_is_made_up"),
    38: ("tests/trust/test_hostile_articles.py", "test_a_claim_of_one_source_is_called_that"),
    39: ("tests/llm/test_faults.py", "test_only_the_configured_key_leaves_and_it_is_never_shown"),
    40: ("tests/llm/test_faults.py", "test_nothing_listens"),
    **{
        number: ("tests/llm/test_faults.py", "test_a_fault_ends_in_the_extractive_answer_with_its_reason")
        for number in range(41, 49)
    },
    49: ("tests/index/test_crash.py", "test_a_writer_killed_while_chroma_writes_its_files_loses_nothing"),
    50: ("tests/index/test_lock.py", "test_a_second_writer_is_refused_within_a_second_and_told_who_holds_it"),
    51: ("tests/trust/test_surroundings.py", "test_a_command_works_or_says_why_in_odd_surroundings"),
    52: ("tests/trust/test_hostile_input.py", "test_odd_questions_are_asked_or_refused"),
}  # fmt: skip
"""Items that are no file: the test that has them."""


def test_every_item_of_the_list_has_its_test():
    kinds = {row.item for row in hostile.ROWS}
    assert kinds | set(ITEMS) == set(range(1, 53))
    note(f"{len(hostile.ROWS)} files of {len(kinds)} kinds, and what is no file")
    for path, name in ITEMS.values():
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), name


NO_FILTERS = {"outlets": (), "published_from": None, "published_to": None}


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("", False),
        ("   \n", False),
        ("x" * 100_001, False),
        ("x" * 100_000, True),
        ("🙂🙃" * 20, True),
        ("\u202eנסיון\u202c?", True),
        ("Wer\x00 kam\ud800?", True),
        ("'; DROP TABLE articles; --", True),
        ("NEAR(a b) AND * OR \"x", True),
        ("{question} %s %n {0.__class__}", True),
        ("Wer kam? e" + "\u0301" * 5000, True),
        ("Wie viele " + "Donaudampfschiffahrts" * 4000 + "?", True),
    ],
)  # fmt: skip
def test_odd_questions_are_asked_or_refused(text, is_asked, rag, tmp_path):
    if not is_asked:
        with pytest.raises(RagError):
            questions_of(text, None, **NO_FILTERS)
        return
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(hostile.TEXT, encoding="utf-8")
    assert rag("ingest", str(tmp_path / "news")).code == 0
    said = rag("ask", text, "--format", "json")
    assert said.code == 0, said.err
    assert said.json["status"] in ("answered", "partial", "not_in_sources")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAG_RETRIEVE__TOP_K", "-1"),
        ("RAG_RETRIEVE__TOP_K", "9" * 40),
        ("RAG_CHUNK__TARGET_CHARS", "nan"),
        ("RAG_LLM__URL", "file:///etc/passwd"),
        ("RAG_LLM__URL", "http://user:sk-GEHEIM@host/v1"),
        ("RAG_LLM__URL", "http://host/v1?key=sk-GEHEIM"),
        ("RAG_ANSWER__MODE", "yolo"),
        ("RAG_INGEST__PARSER_SECONDS", "0"),
    ],
)
def test_bad_settings_are_refused_without_showing_keys(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(RagError) as refused:
        load_settings()
    assert "sk-GEHEIM" not in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize("content", [b"[store\npath", b"\xff\xfe", b"[nothing]\nx = 1\n"])
def test_a_bad_settings_file_is_refused(content, tmp_path, monkeypatch):
    (tmp_path / "rag.toml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RagError):
        load_settings()


CITED = (
    b'{"citations": [{"marker": 1, "article_id": %s, "quote": "Der \\udfff", "start_char": 1e400, '
    b'"end_char": 3}], "sentences": [{"text": "\\ud800 [1]", "citations": [1]}]}'
)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{" * 100_000, b'{"schema": 1, "answer": "x [1]", "citations": 7}',
     b"\xff\xfe\x00", b"%PDF-1.4\n", b"<html><script>x</script>", pickle.dumps({"a": 1}),
     b"[" * 100_000, CITED % b'"\\ud800"', CITED % b"1e999"],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".json", ".md", ".html", ".pdf", ".txt"])
def test_a_bad_export_is_refused_or_fails_the_check(content, suffix, rag, tmp_path, filled):
    export = tmp_path / f"export{suffix}"
    export.write_bytes(content)
    said = rag("verify", str(export))
    assert said.code in (1, 2, 4), said.err
    assert "Traceback" not in said.err


@pytest.fixture
def filled(rag, tmp_path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text(hostile.TEXT, encoding="utf-8")
    assert rag("ingest", str(tmp_path / "news")).code == 0


@pytest.mark.parametrize(
    "lines",
    ["[1, 2]", '{"question": 7}', '{"question": "Wer?", "from": "2099-13-45"}', "nonsense",
     '{"question": ' * 5000, '{"question": "Wer?", "outlets": {"a": {"b": 1}}}'],
)  # fmt: skip
def test_a_bad_batch_is_refused_with_its_line_or_answered(lines, rag, tmp_path, filled):
    (tmp_path / "batch.jsonl").write_text(lines, encoding="utf-8")
    said = rag("ask", "--batch", str(tmp_path / "batch.jsonl"))
    assert said.code in (0, 2)
    assert "Traceback" not in said.err


def test_no_module_of_the_program_loads_pickles():
    """Only what cannot run code is read: JSON, SQLite, safetensors, npy without pickle."""
    loads = re.compile(
        r"\bpickle\b|\bjoblib\b|torch\.load\(|allow_pickle=True|yaml\.unsafe_load|yaml\.load\((?!.*Loader=_TextLoader)"
        r"|trust_remote_code=True|\beval\(|\bexec\("
    )
    for path in (ROOT / "rag").rglob("*.py"):
        code = re.sub(r'"""[\s\S]*?"""|#.*|"[^"\n]*"', "", path.read_text(encoding="utf-8"))
        code = code.replace(".eval()", "")
        assert not loads.search(code), f"{path}: {loads.search(code)}"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [("identity", "{", 3), ("identity", "[]", 3), ("identity", '{"model": 7}', 3),
     ("revision", '"x"', 3), ("chroma", '{"future": 1}', 0), ("chroma", "[]", 0)],
)  # fmt: skip
def test_an_entry_of_the_store_that_nobody_wrote_is_named_or_made_anew(
    key, value, code, rag, tmp_path, filled
):
    with closing(sqlite3.connect(tmp_path / "store" / "catalogue.sqlite3")) as database:
        database.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
        database.commit()
    for command in (["ask", "Was beschloss der Rat?"], ["ingest", str(tmp_path / "news")]):
        said = rag(*command)
        assert said.code == code, said.err
        assert code == 0 or (key in said.err and "rag store check --repair" in said.err)


@pytest.mark.parametrize(
    "change",
    ["vectors SET vector = x'00'", "vectors SET sentence_vectors = x'0001'",
     "articles SET authors = '{'", "articles SET notes = '5'", "articles SET text = x'ff'",
     "chunks SET sentences = x'01'", "postings SET chunk_nos = x'01'",
     "postings SET chunk_nos = x'ffffff7f'"],
)  # fmt: skip
def test_a_row_that_nobody_wrote_is_called_damage(change, rag, tmp_path, filled):
    with closing(sqlite3.connect(tmp_path / "store" / "catalogue.sqlite3")) as database:
        database.execute(f"UPDATE {change}")
        database.commit()
    said = rag("ask", "Was beschloss der Rat von Hagendorf?")
    assert said.code == 3 and "damaged" in said.err, said.err
    assert rag("store", "check").code in (1, 3)


def test_a_name_that_no_system_can_hold_is_not_there(rag, tmp_path):
    said = rag("ingest", "a" * 5000)
    assert said.code == 2 and "no file or folder" in said.err
    assert rag("articles", "--store", "a" * 5000).code == 3
    assert rag("verify", "a" * 5000).code in (3, 4)


def test_an_id_with_half_a_character_is_not_there(rag, filled):
    assert rag("articles", "show", "a\udcff").code == 2


def test_a_share_that_is_no_number_is_no_bound(rag, filled):
    said = rag("verify", "/dev/null", "--fail-under", "nan")
    assert said.code == 2 and "no number" in said.err


def test_a_file_without_an_end_is_not_read_to_its_end(rag, filled):
    said = rag("verify", "/dev/zero")
    assert said.code == 4 and "larger than" in said.err


def test_there_is_no_ingestion_by_address(rag):
    said = rag("ingest", "http://169.254.169.254/latest/meta-data")
    assert said.code == 2
    assert "no file or folder" in said.err
