from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.compare.pairs import compare_sentences
from rag.language.detect import detect_language
from rag.types import Language, Question

PUBLISHED_AT = "2025-05-28"
MIN_CONFIDENCE = 0.3


def language_of(text: str) -> Language:
    return "en" if detect_language(text) == "en" else "de"


def rows() -> Iterator[tuple[str, str, str, str, str]]:
    section = ""
    files = [Path(__file__).parent / name for name in ("cases.txt", "opposites.txt")]
    for line in (line for file in files for line in file.read_text(encoding="utf-8").splitlines()):
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            verdict, question, first, second = line.split(" | ")
            yield section, verdict, question, first, second


@pytest.mark.parametrize(("section", "verdict", "question", "first", "second"), list(rows()))
def test_two_answers_to_one_question_are_judged_as_the_table_says(
    section: str, verdict: str, question: str, first: str, second: str
) -> None:
    language = language_of(question)
    found = compare_sentences(
        first,
        second,
        Question(text=question, language=language),
        languages=(language_of(first), language_of(second)),
        published_at=PUBLISHED_AT,
    )
    is_conflict = found.relation == "different" and found.confidence >= MIN_CONFIDENCE
    expected = verdict.removeprefix("known miss: ") == "conflict"
    if verdict.startswith("known miss"):
        assert is_conflict != expected, "found after all: take the mark off"
    else:
        assert is_conflict == expected, found


@pytest.mark.parametrize(("section", "verdict", "question", "first", "second"), list(rows()))
def test_the_order_of_the_sources_does_not_matter(
    section: str, verdict: str, question: str, first: str, second: str
) -> None:
    asked = Question(text=question, language=language_of(question))
    languages = (language_of(first), language_of(second))
    one = compare_sentences(first, second, asked, languages=languages, published_at=PUBLISHED_AT)
    other = compare_sentences(
        second, first, asked, languages=languages[::-1], published_at=PUBLISHED_AT
    )
    assert (one.relation, one.confidence) == (other.relation, other.confidence)
