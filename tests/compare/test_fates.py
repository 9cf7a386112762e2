"""Soldiers who were sent are not soldiers who were killed."""

from __future__ import annotations

import pytest

from rag.compare.figures import figures
from rag.compare.frame import read_frame
from rag.types import Question


@pytest.mark.parametrize(
    "question",
    [
        "Zahl der getöteten Soldaten aus Norland?",
        "Wie viele Soldaten aus Norland wurden getötet?",
        "Wie viele gefallene Soldaten zählt Norland?",
    ],
)
def test_the_dead_asked_for_are_no_others_of_their_kind(question):
    frame = read_frame(Question(text=question, language="de"), "de")
    (sent,) = figures("Norland hat seit Mai rund 15.000 Soldaten entsandt.", frame, "de")
    (killed,) = figures("Im Mai wurden 600 Soldaten getötet.", frame, "de")
    assert sent.fit < 0.3 < 0.6 < killed.fit
