"""The outlet × answer matrix of one question: who says what, who denies it, who is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.compare.align import align
from rag.compare.answers import MIN_RELEVANCE, Answer, ArticleAnswers, read_answers
from rag.compare.casing import as_printed
from rag.compare.engine import compare_read
from rag.compare.frame import Frame, read_frame
from rag.compare.positions import claim_of
from rag.compare.stance import Stance
from rag.types import AnswerKind, Comparison, Evidence, Language, Passage, PositionClaim, Question

CellState = Literal["says", "denies", "silent"]
_MIN_PROBABILITY = 0.35
_MIN_FIT = 0.4
_SHARE_OF_BEST = 0.55


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one article says. ``position`` is the row of ``Matrix.values`` it belongs to."""

    article_id: str
    source: str | None
    published_at: str | None
    origin: str | None
    origin_id: str | None
    state: CellState
    position: int | None = None
    value: str | None = None
    claim: PositionClaim | None = None
    probability: float = 0.0
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All articles on the question's event, with the positions they take.

    ``values`` shows each position by its first wording; positions that cannot be told apart by
    type stay one row each. ``independent_origins`` counts wire copies once.
    """

    question: Question
    kind: AnswerKind
    values: tuple[str, ...]
    cells: tuple[Cell, ...]
    comparison: Comparison
    independent_origins: int


def answer_matrix(
    question: Question,
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    *,
    language: Language,
    explain: bool = False,
) -> Matrix:
    """What each article among the passages says to the question, denies or leaves out."""
    frame = read_frame(as_printed(question, passages), language)
    read = read_answers(frame, passages, evidence)
    on_event = [item for item in read if item.relevance >= MIN_RELEVANCE]
    positions: list[Answer] = []
    comparison = compare_read(frame, read, explain=explain)
    least = _least_probable(on_event)
    taking_sides = {
        claim.article_id
        for found in comparison.disagreements
        for position in found.positions
        for claim in position.claims
    }
    cells = tuple(
        _cell(item, positions, frame, 0.0 if item.article.article_id in taking_sides else least)
        for item in on_event
    )
    return Matrix(
        question=question,
        kind=frame.kind,
        values=tuple(answer.value for answer in positions),
        cells=cells,
        comparison=comparison,
        independent_origins=len(
            {cell.origin_id or cell.article_id for cell in cells if cell.state != "silent"}
        ),
    )


def _least_probable(read: Sequence[ArticleAnswers]) -> float:
    """Where one article answers outright, what others only may be saying is no answer."""
    best = max((item.answers[0].probability for item in read if item.answers), default=0.0)
    return max(_MIN_PROBABILITY, _SHARE_OF_BEST * best)


def _cell(item: ArticleAnswers, positions: list[Answer], frame: Frame, least: float) -> Cell:
    article = item.article
    answer = item.answers[0] if item.answers else None
    least = max(least, _MIN_PROBABILITY)
    if answer is None or answer.probability < least or answer.fit < _MIN_FIT:
        return Cell(
            article_id=article.article_id,
            source=article.source,
            published_at=article.published_at,
            origin=article.origin,
            origin_id=article.origin_id,
            state="silent",
            label=article.label,
        )
    return Cell(
        article_id=article.article_id,
        source=article.source,
        published_at=article.published_at,
        origin=article.origin,
        origin_id=article.origin_id,
        state="denies" if _denies(answer) else "says",
        position=_position(answer, positions, frame),
        value=answer.value,
        claim=claim_of(answer),
        probability=round(answer.probability, 3),
        label=article.label,
    )


def _denies(answer: Answer) -> bool:
    return isinstance(answer.content.value, Stance) and answer.content.value.answer < 0


def _position(answer: Answer, positions: list[Answer], frame: Frame) -> int:
    """The row whose wording this answer agrees with, a new one where there is none."""
    for row, other in enumerate(positions):
        if align(answer, other, frame).relation in ("same", "compatible"):
            return row
    positions.append(answer)
    return len(positions) - 1
