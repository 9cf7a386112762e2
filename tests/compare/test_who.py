"""Persons and groups as answers: how well they fit."""

from __future__ import annotations

import pytest

from rag.compare.who import agents
from tests.compare.reading import frame

ONLY_SOURCES = (
    "Am Wochenende steigen die Temperaturen auf acht Grad, sagen die Meteorologen.",
    "Das Rennen gewann niemand, wie die Meteorologen mitteilten, sagte der Sprecher.",
    "Vor dem Sturm warnte die Feuerwehr, sagten die Meteorologen des Instituts.",
)


@pytest.mark.parametrize("sentence", ONLY_SOURCES)
@pytest.mark.parametrize(
    "question", ["Wer warnte vor dem Sturm?", "Wer gewann das Rennen?", "Wer sagte Frost voraus?"]
)
def test_who_is_only_named_as_a_source_fits_badly_but_never_less_than_not_at_all(
    question: str, sentence: str
) -> None:
    found = agents(sentence, frame(question), "de", "")
    assert found
    assert all(0.0 <= agent.fit <= 1.0 for agent in found)
