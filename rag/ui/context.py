"""What every view is given, and what a session may hold."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from rag.language.detect import detect_language
from rag.types import Question
from rag.ui.gate import Gate
from rag.ui.library import Library
from rag.ui.texts import Say, UiLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles a session asks; days are ISO, both inclusive."""

    outlets: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None

    @property
    def are_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.outlets or self.published_from or self.published_to)

    def question(self, text: str) -> Question:
        """The question with these filters, in the language it is written in."""
        return Question(
            text=text,
            language=detect_language(text),
            outlets=frozenset(self.outlets),
            published_from=self.published_from,
            published_to=self.published_to,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewContext:
    """What a view works with; see the package's docstring."""

    language: UiLanguage
    say: Say
    library: Library
    filters: gr.State
    gate: Gate
    page: gr.Blocks
