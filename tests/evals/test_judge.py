"""The optional judge: only labels it was offered count, and a failed judgement is unscored."""

from __future__ import annotations

import pytest

from evals.judge import Judge
from evals.metrics.tally import UNSCORED, mean
from evals.oracle import Oracle
from evals.schema import Case
from rag.llm.failures import LLMFailure
from rag.types import Article, Question

TEXT = "Im Hafen brannten zwei Schiffe."
ARTICLE = Article(article_id="a", text=TEXT, content_hash="", raw_hash="", path="", language="de")
CASE = Case.model_validate(
    {
        "case_id": "q",
        "question": "Was brannte?",
        "reference_answer": "Zwei Schiffe.",
        "evidence": [{"article_id": "a", "quote": "zwei Schiffe"}],
    }
)
ANSWER = Oracle([CASE], [ARTICLE]).answer(Question(text=CASE.question, question_id="q"))


class Says:
    """A model that says one thing, or fails."""

    def __init__(self, said: str | LLMFailure):
        self.said, self.asked = said, []

    def allowance(self):
        return None

    def complete(self, build, allowance, *, max_tokens):
        self.asked.append(build(1000))
        if isinstance(self.said, LLMFailure):
            raise self.said
        return type("Completion", (), {"text": self.said})()


@pytest.mark.parametrize(
    ("said", "tally"),
    [
        ("right", mean(1.0)),
        (" Right.", mean(1.0)),
        ("**partly** because …", mean(0.5)),
        ("wrong", mean(0.0)),
        ("0.9", UNSCORED),
        ("I think it is right", UNSCORED),  # not a label first: not taken
        ("correct", UNSCORED),
        ("", UNSCORED),
        (LLMFailure("paused"), UNSCORED),
    ],
)
def test_only_offered_labels_count(said, tally):
    assert Judge(Says(said)).judge(CASE, ANSWER).tally == tally


def test_the_judge_sees_question_reference_and_answer():
    model = Says("right")
    Judge(model).judge(CASE, ANSWER)
    asked = model.asked[0][-1].text
    assert all(part in asked for part in ("Was brannte?", "Zwei Schiffe.", "zwei Schiffe"))


def test_without_a_reference_nobody_is_asked():
    model = Says("right")
    case = CASE.model_copy(update={"reference_answer": None})
    assert Judge(model).judge(case, ANSWER).tally == UNSCORED
    assert model.asked == []
