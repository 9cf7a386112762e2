"""A draft of a case file loads as it stands and fits the articles it was made for."""

from __future__ import annotations

import json

import pytest

from evals.case_files import check_against, load_cases
from evals.new_cases import write_case_file
from rag.errors import InputError, UsageError
from rag.types import Article

ARTICLES = [
    Article(
        article_id=f"bote/{number}",
        text=f"Grünau. Am {number}. Mai brannte es (wieder) in Grünau. Niemand wurde verletzt.",
        content_hash="",
        raw_hash="",
        path="",
        language="de",
    )
    for number in range(1, 8)
]
TEXTS = {article.article_id: article.text for article in ARTICLES}


def test_a_draft_loads_and_holds(tmp_path):
    file = tmp_path / "mine.yaml"
    assert write_case_file(file, ARTICLES, None) == 5
    cases = load_cases([file])
    check_against(cases, TEXTS, file)
    assert cases.questions[0].evidence[0].quote == "Am 1. Mai brannte es (wieder) in Grünau."
    assert "rag eval --cases mine.yaml" in file.read_text(encoding="utf-8")


def test_nothing_is_overwritten(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="exists"):
        write_case_file(file, ARTICLES, None)
    assert file.read_text(encoding="utf-8") == "mine"


def test_without_articles_there_is_nothing_to_ask(tmp_path):
    with pytest.raises(InputError):
        write_case_file(tmp_path / "mine.yaml", [], None)


def judged(**changes: object) -> dict:
    answer = {
        "question": "Wo brannte es?",
        "status": "answered",
        "language": "de",
        "citations": [{"article_id": "bote/1", "quote": "Am 1. Mai brannte es"}],
    }
    return {"answer": answer, "rating": "up", **changes}


@pytest.mark.parametrize(
    ("row", "status", "evidence"),
    [
        (judged(), "answered", 1),
        (judged(rating="down"), "answered", 0),  # what is right is left to be completed
        (judged(answer={"question": "Wer?", "status": "not_in_sources"}), "not_in_sources", 0),
        (
            judged(rating="down", answer={"question": "Wer?", "status": "not_in_sources"}),
            "answered",
            0,
        ),
        ({"question": "Wo?", **judged()["answer"], "verdict": "good"}, "answered", 1),
    ],
)
def test_feedback_becomes_cases(tmp_path, row, status, evidence):
    feedback = tmp_path / "feedback.jsonl"
    feedback.write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    file = tmp_path / "mine.yaml"
    assert write_case_file(file, ARTICLES, feedback) == 1
    cases = load_cases([file])
    check_against(cases, TEXTS, file)
    case = cases.questions[0]
    assert (case.expected_status, len(case.evidence)) == (status, evidence)
    assert "feedback" in case.tags


def test_a_quote_that_no_longer_stands_there_is_left_out(tmp_path):
    row = judged()
    row["answer"]["citations"].append({"article_id": "bote/1", "quote": "ganz anders"})
    feedback = tmp_path / "feedback.jsonl"
    feedback.write_text(json.dumps(row), encoding="utf-8")
    write_case_file(tmp_path / "mine.yaml", ARTICLES, feedback)
    assert len(load_cases([tmp_path / "mine.yaml"]).questions[0].evidence) == 1


@pytest.mark.parametrize("content", ["no json", ""])
def test_feedback_that_is_none_is_named(tmp_path, content):
    feedback = tmp_path / "feedback.jsonl"
    feedback.write_text(content, encoding="utf-8")
    with pytest.raises((UsageError, InputError), match=r"feedback\.jsonl"):
        write_case_file(tmp_path / "mine.yaml", ARTICLES, feedback)
