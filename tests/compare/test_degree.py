"""English yes-no questions on ranks and quantifiers."""

from __future__ import annotations

import pytest

from rag.compare.degree import degree, ranks
from rag.compare.frame import read_frame
from rag.types import Question


@pytest.mark.parametrize(
    ("question", "sentence", "answer"),
    [
        ("Is the Wenn the longest river?", "The Wenn is the longest river of Lissen.", 1),
        ("Is the Wenn the longest river?", "The Wenn is the second-longest river.", -1),
        ("Is the Wenn the longest river?", "The Wenn is the shortest river.", -1),
        ("Is the Wenn the longest river?", "The Wenn is one of the longest rivers.", None),
        ("Is the Wenn the longest river?", "The Wenn is a river in the west.", None),
        ("Was Ada Sorrel the first woman there?", "Ada Sorrel was the third woman there.", -1),
        ("Are all Tarn frogs green?", "All Tarn frogs are green.", 1),
        ("Are all Tarn frogs green?", "Most Tarn frogs are green.", -1),
        ("Is the Tarn frog always green?", "The Tarn frog is usually green.", -1),
        ("Is the Tarn frog green?", "Most Tarn frogs are green.", None),
    ],
)
def test_a_rank_or_quantifier_is_affirmed_or_denied(
    question: str, sentence: str, answer: int | None
) -> None:
    frame = read_frame(Question(text=question, language="en"), "en")
    found = degree(sentence, frame, "en")
    assert (found.answer if found else None) == answer


def test_words_that_only_end_like_superlatives_rank_nothing() -> None:
    assert ranks("A guest from the north-west lit the forest.") == {}
