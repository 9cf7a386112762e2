"""Saved answers are checked as printed: quotes exactly, sentences by what they state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.briefing.read_back import read_back
from rag.errors import InputError
from rag.types import Article
from rag.verify import verify

TEXT = "Bei dem Brand in Lüderau wurden 12 Menschen verletzt. Die Feuerwehr kam um 9 Uhr."
QUOTE = "Bei dem Brand in Lüderau wurden 12 Menschen verletzt."
ARTICLE = Article(
    article_id="a",
    text=TEXT,
    content_hash="ab" * 32,
    raw_hash="",
    path="a.txt",
    language="de",
    source="Nordblatt",
    origin="LPA",
)


def saved(tmp_path: Path, sentence: str, quote: str = QUOTE, **citation: object) -> Path:
    row = {
        "answer": f"{sentence} [1]",
        "sentences": [{"text": sentence, "citations": [1]}],
        "citations": [
            {
                "marker": 1,
                "article_id": "a",
                "quote": quote,
                "start_char": 0,
                "end_char": len(QUOTE),
            }
            | citation
        ],
        "run": {"mode": "extractive"},
    }
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(row), encoding="utf-8")
    return path


def problems(path: Path) -> set[str | None]:
    (printed,) = read_back(path)
    checked = verify(printed, {"a": ARTICLE}.get).checked
    return {each.problem for each in checked if each.problem}


@pytest.mark.parametrize(
    "sentence",
    [QUOTE, f"Nordblatt: „{QUOTE}“", f"Nordblatt (unter Berufung auf LPA): {QUOTE}"],
)
def test_a_sentence_that_says_what_its_quote_says_holds(tmp_path: Path, sentence: str):
    assert problems(saved(tmp_path, sentence)) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "Nordblatt: Bei dem Brand in Lüderau wurden 13 Menschen verletzt.",
        "Nordblatt: Bei dem Brand in Dornbach wurden 12 Menschen verletzt.",
        "Nordblatt: „Bei dem Brand in Lüderau wurden 12 Menschen gerettet.“",
    ],
)
def test_a_sentence_that_says_something_else_does_not(tmp_path: Path, sentence: str):
    assert problems(saved(tmp_path, sentence)) == {"unsupported"}


def test_the_text_of_the_answer_is_checked_as_well(tmp_path: Path):
    path = saved(tmp_path, QUOTE)
    text = path.read_text(encoding="utf-8").replace("12 Menschen", "13 Menschen", 1)
    path.write_text(text, encoding="utf-8")
    assert problems(path) == {"unsupported"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"article_id": "x"}, "unknown_article"),
        ({"content_hash": "cd" * 32}, "changed_text"),
        ({"start_char": 1}, "wrong_quote"),
        ({"end_char": 9999}, "wrong_quote"),
        ({"quote": QUOTE.replace("12", "21")}, "wrong_quote"),
    ],
)
def test_a_citation_that_does_not_hold_takes_its_sentence_along(
    tmp_path: Path, change: dict[str, object], problem: str
):
    assert problems(saved(tmp_path, QUOTE, **change)) == {problem, "failed_citation"}


def test_a_line_separator_in_a_text_does_not_cut_the_line_of_a_batch(tmp_path: Path):
    rows = [
        {"status": "not_in_sources", "answer": "Nichts.\u2028Gar nichts."},
        json.loads(saved(tmp_path, QUOTE).read_text(encoding="utf-8")),
    ]
    path = tmp_path / "answers.jsonl"
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(lines, encoding="utf-8")
    assert len(read_back(path)) == 2


def test_a_refusal_asserts_nothing_and_holds(tmp_path: Path):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"status": "not_in_sources", "answer": "…"}), encoding="utf-8")
    assert problems(path) == set()


def with_claim(tmp_path: Path, **change: object) -> Path:
    path = saved(tmp_path, QUOTE)
    row = json.loads(path.read_text(encoding="utf-8"))
    claim = {"article_id": "a", "quote": QUOTE, "start_char": 0, "end_char": len(QUOTE)} | change
    claim = {name: value for name, value in claim.items() if value != "gone"}
    row["disagreements"] = [{"positions": [{"value": "12", "claims": [claim]}]}]
    path.write_text(json.dumps(row), encoding="utf-8")
    return path


def test_the_claims_of_a_disagreement_are_checked_like_citations(tmp_path: Path):
    assert problems(with_claim(tmp_path)) == set()
    assert problems(with_claim(tmp_path, quote=QUOTE.replace("12", "21"))) == {"wrong_quote"}
    assert problems(with_claim(tmp_path, article_id="x")) == {"unknown_article"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"start_char": "gone"}, "start_char is missing"),
        ({"start_char": "0"}, 'start_char is "0", not a whole number'),
        ({"end_char": True}, "end_char is true, not a whole number"),
        ({"end_char": 53.0}, "end_char is 53.0, not a whole number"),
        ({"quote": None}, "quote is missing"),
        ({"article_id": ["a"]}, 'article_id is ["a"], not a text'),
    ],
)
def test_a_malformed_claim_is_named_with_its_place(
    tmp_path: Path, change: dict[str, object], named: str
):
    with pytest.raises(InputError) as told:
        read_back(with_claim(tmp_path, **change))
    assert f"disagreements[0].positions[0].claims[0].{named}" in told.value.message


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"schema": 2}, "its schema is 2, this program reads schema 1"),
        ({"schema": "1"}, 'its schema is "1"'),
        ({"schema": True}, "its schema is true"),
        ({"citations": {}}, "citations is no list"),
        ({"citations": [7]}, "citations[0] is no object"),
        ({"sentences": [{"text": "So."}]}, "sentences[0].citations is missing"),
        ({"sentences": [{"text": "So.", "citations": ["1"]}]}, "no whole number"),
        ({"disagreements": [None]}, "disagreements[0] is no object"),
        ({"disagreements": [{"positions": [{"claims": "x"}]}]}, "claims is"),
        ({"sections": [{}]}, "sections[0].sentences is missing"),
        ({"answer": 5}, "answer is 5, not a text"),
        ({"run": "llm"}, "run is no object"),
    ],
)
def test_an_export_with_a_field_of_another_kind_is_refused_with_its_name(
    tmp_path: Path, change: dict[str, object], named: str
):
    path = saved(tmp_path, QUOTE)
    row = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_back(path)
    assert named in told.value.message
    assert "\n" not in told.value.message


@pytest.mark.parametrize("second", [{"foo": 1}, [], "x", {"schema": 9, "answer": "So. [1]"}])
def test_no_record_of_a_file_is_passed_over(tmp_path: Path, second: object):
    path = saved(tmp_path, QUOTE)
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps(second))
    with pytest.raises(InputError, match="record 2"):
        read_back(path)


@pytest.mark.parametrize("text", ["", "Nur Text ohne Beleg.", "{", "[1, 2]"])
def test_what_is_no_export_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "file.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_back(path)
