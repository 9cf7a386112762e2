from __future__ import annotations

import pytest

from rag.compare.frame import read_frame
from rag.compare.office import asks_office
from rag.types import Question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Ist Jonas Ehlert amtierender oder ehemaliger Ministerpräsident?", True),
        ("Wer ist der frühere Ministerpräsident?", True),
        ("Wo war Jonas Ehlert am Abend?", False),
    ],
)
def test_a_choice_between_former_and_sitting_asks_for_the_office(question, expected):
    asked = Question(text=question, language="de")
    assert asks_office(read_frame(asked, "de")) is expected
