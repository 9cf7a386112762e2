"""What the pipeline needs of a language model: a question that stands alone, a written answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.settings import Settings
from rag.types import Evidence, Question, Turn

if TYPE_CHECKING:
    from rag.answer.extractive import Composed
    from rag.answer.generate import Generated
    from rag.llm.policy import Model
    from rag.protocols import Embedder


def standing_alone(
    question: Question, history: Sequence[Turn], model: Model | None, settings: Settings
) -> tuple[Question, tuple[str, ...]]:
    """The question made to stand alone where it leans on the turns before, and a note that says so.

    Works without a model.
    """
    if not history:
        return question, ()
    from rag.answer.rewrite import standalone_question

    rewritten = standalone_question(
        question.text,
        history,
        question.language,
        model=model,
        prompts_dir=settings.llm.prompts_dir,
    )
    if not rewritten.changed:
        return question, ()
    asked = replace(question, text=rewritten.text, original=question.text)
    return asked, (f"Read as: {rewritten.text}",)


def write(
    question: Question,
    evidence: Sequence[Evidence],
    extractive: Composed,
    model: Model,
    settings: Settings,
    embedder: Embedder,
    on_draft: Callable[[str], None] | None,
) -> Generated:
    """The model's checked answer, or the extractive one with the reason."""
    from rag.answer.generate import generate
    from rag.answer.support import similarity_by

    return generate(
        question,
        evidence,
        extractive,
        model,
        settings,
        similarity=similarity_by(embedder),
        on_draft=on_draft or (lambda draft: None),
    )
