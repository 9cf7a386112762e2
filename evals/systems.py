"""What is evaluated: anything that turns a question into an ``Answer``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from rag.language.sentences import split_sentences
from rag.types import Answer, Citation, CitedSentence, Coverage, Passage, Question, Run, Turn

if TYPE_CHECKING:
    from rag.wiring import Deps


class System(Protocol):
    """A system under evaluation. ``takes_history``: it understands follow-up questions."""

    @property
    def name(self) -> str:
        """As shown in reports."""
        ...

    @property
    def takes_history(self) -> bool:
        """Whether ``history`` is used; cases that need it are unscored otherwise."""
        ...

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """The answer, whatever it takes."""
        ...


class Program:
    """This program, as ``rag ask`` runs it."""

    takes_history = True

    def __init__(self, deps: Deps, name: str = "gegenlese") -> None:
        self.name = name
        self._deps = deps

    def warm_up(self) -> None:
        """Load models and lexicons, so that times are those of a running program."""
        # Whatever fails here fails again in the cases, where it is counted.
        with suppress(Exception):
            self.answer(Question(text="Wer traf wen im September in Peking?"))

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """What ``rag ask`` answers."""
        from rag.pipeline import ask

        return ask(question, self._deps, history=tuple(history))


def extractive_answer(
    question: Question, shown: Sequence[Passage], ranked: Sequence[Passage], model: str
) -> Answer:
    """An answer that shows whole passages, each citing itself: what a peer has without an LLM."""
    citations = tuple(
        Citation(
            marker=marker,
            article_id=passage.article.article_id,
            source=passage.article.source,
            title=passage.article.title,
            published_at=passage.article.published_at,
            quote=passage.chunk.text,
            start_char=passage.chunk.start_char,
            end_char=passage.chunk.end_char,
        )
        for marker, passage in enumerate(shown, 1)
    )
    return Answer(
        question=question,
        status="answered" if shown else "not_in_sources",
        text="\n".join(f"{c.quote} [{c.marker}]" for c in citations),
        sentences=tuple(
            CitedSentence(text=text, citations=(marker,))
            for marker, passage in enumerate(shown, 1)
            for text in _sentences(passage)
        ),
        citations=citations,
        disagreements=(),
        coverage=Coverage(
            articles_considered=len({p.article.article_id for p in ranked}),
            articles_cited=len({c.article_id for c in citations}),
            outlets=tuple(sorted({p.article.outlet for p in shown})),
            independent_origins=0,
            pairs_compared=0,
            pairs_not_compared=0,
        ),
        run=Run(
            mode="extractive",
            llm=None,
            embedding_model=model,
            index_fingerprint="",
            prompt_hashes={},
            seconds={},
        ),
        passages=tuple(ranked),
    )


def _sentences(passage: Passage) -> list[str]:
    text = passage.chunk.text
    spans = split_sentences(text, passage.article.language)
    return [text[span.start_char : span.end_char] for span in spans]
