from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.grouping import Statement, agree, corroborated, group
from rag.types import Article, Evidence


def _said(text: str, article_id: str = "a") -> Evidence:
    article = Article(
        article_id=article_id, text=text, content_hash="", raw_hash="", path="", language="de"
    )
    return Evidence(
        article=article,
        chunk_id=article_id,
        quote=text,
        start_char=0,
        end_char=len(text),
        probability=0.5,
        similarity=0.5,
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Der Damm brach am Morgen.", "Am Morgen brach der Damm.", True),
        ("Der Damm brach am Morgen.", "Am frühen Morgen brach der alte Damm.", True),
        ("30 Häuser stehen unter Wasser.", "50 Häuser stehen unter Wasser.", False),
        ("Der Damm brach am Morgen.", "Die Feuerwehr pumpt Keller aus.", False),
        (
            "Der Damm brach.",
            "Der Damm brach, und der Landrat ließ vier Dörfer räumen und Schulen schließen.",
            False,
        ),
    ],
)
def test_sentences_agree_when_they_say_nearly_the_same(
    left: str, right: str, expected: bool
) -> None:
    assert agree(_said(left, "a"), _said(right, "b")) is expected


def test_different_figures_stay_apart() -> None:
    told = [
        _said("30 Häuser stehen unter Wasser.", "a"),
        _said("50 Häuser stehen unter Wasser.", "b"),
    ]
    assert len(group(told)) == 2


def test_one_article_gives_one_sentence_to_a_statement() -> None:
    told = [_said("Der Damm brach am Morgen.", "a"), _said("Am Morgen brach der Damm.", "a")]
    assert [len(statement.evidence) for statement in group(told)] == [1]


def test_agreeing_sentences_further_down_are_added_once_an_article() -> None:
    statement = Statement(_said("Der Damm brach am Morgen.", "a"))
    others = [
        _said("Die Feuerwehr pumpt.", "b"),
        _said("Am Morgen brach der Damm.", "b"),
        _said("Der Damm brach morgens, am Morgen.", "b"),
        _said("Am Morgen brach der Damm.", "c"),
    ]
    found = corroborated(statement, others)
    assert [each.article.article_id for each in found.others] == ["b", "c"]


@given(st.text(min_size=1, max_size=80), st.text(min_size=1, max_size=80))
def test_agreement_is_mutual(left: str, right: str) -> None:
    assert agree(_said(left), _said(right)) == agree(_said(right), _said(left))
