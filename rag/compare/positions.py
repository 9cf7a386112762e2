"""Last step: differences between pairs become disagreements with sides and verified quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.compare.align import align
from rag.compare.answers import Answer, ArticleAnswers
from rag.compare.frame import Frame
from rag.compare.reconcile import Reconciled, days_between
from rag.compare.stance import is_probable
from rag.compare.sureness import share_of_days, sureness_of
from rag.compare.texts import aspect_of, explanation, inside_explanation
from rag.language.speech import attribution
from rag.types import Article, Disagreement, Position, PositionClaim

MIN_STRENGTH = 0.1
_HOW_MANY = re.compile(
    r"\b(?:wie\s+viele|how\s+many|(?:an)?zahl\s+der|number\s+of)\b", re.IGNORECASE
)
_LEAST_JOINING = 0.2


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers that differ, with what explains it and how strong it is."""

    first: Answer
    second: Answer
    reconciled: Reconciled
    strength: float


def disagreements(
    frame: Frame,
    articles: Sequence[ArticleAnswers],
    differences: Sequence[Difference],
    inside: Sequence[Difference] = (),
) -> tuple[Disagreement, ...]:
    """The disagreement on the question: the strongest difference with all who take a side.

    Contradictions inside one article follow, each by itself.
    """
    out = []
    for status in ("conflict", "update", "scope", "reported"):
        chosen = [
            item
            for item in differences
            if item.reconciled.status == status and item.strength >= MIN_STRENGTH
        ]
        if chosen:
            out.append(_disagreement(frame, articles, chosen))
            break
    out.extend(_inside(frame, articles, item) for item in inside if item.strength >= MIN_STRENGTH)
    return tuple(out)


def _inside(frame: Frame, articles: Sequence[ArticleAnswers], item: Difference) -> Disagreement:
    """A contradiction inside one article; other articles that agree with one side join it."""
    sides = [[item.first], [item.second]]
    for other in articles:
        answer = other.answers[0]
        if other.article is item.first.article:
            continue
        if _is_copy(item.first, other):  # a copy holds both
            for side in sides:
                side.append(replace(side[0], article=other.article))
            continue
        if answer.probability < _LEAST_JOINING:
            continue
        joins = [
            align(answer, side[0], frame).relation == "same"
            and is_probable(answer.quote) == is_probable(side[0].quote)
            for side in sides
        ]
        if sum(joins) == 1:
            sides[joins.index(True)].append(answer)
    positions = tuple(_position(side) for side in sides)
    kind = item.first.content.kind
    return Disagreement(
        aspect=aspect_of(kind, _focus(frame), frame.language, is_counted=_counts(frame)),
        kind=kind,
        status="conflict",
        positions=positions,
        explanation=inside_explanation(positions, frame.language),
        strength=round(item.strength, 3),
    )


def _disagreement(
    frame: Frame, articles: Sequence[ArticleAnswers], chosen: list[Difference]
) -> Disagreement:
    strongest = max(chosen, key=lambda item: (_rank(item), item.first.article.article_id))
    sides = [[strongest.first], [strongest.second]]
    taken = {strongest.first.article.article_id, strongest.second.article.article_id}
    for item in articles:
        if item.article.article_id in taken:
            continue
        copied = [side for side in sides if _is_copy(side[0], item)]
        if copied:
            if len(copied) == 1:
                copied[0].append(replace(copied[0][0], article=item.article))
            continue
        answer = item.answers[0]
        if answer.probability < _LEAST_JOINING:
            continue
        joins = [align(answer, side[0], frame).relation in ("same", "compatible") for side in sides]
        if sum(joins) == 1:
            sides[joins.index(True)].append(answer)
    positions = tuple(_position(side) for side in sides)
    kind, status = strongest.first.content.kind, strongest.reconciled.status
    speaker = attribution(strongest.first.quote, strongest.first.article.language).speaker
    return Disagreement(
        aspect=aspect_of(kind, _focus(frame), frame.language, is_counted=_counts(frame)),
        kind=kind,
        status=status,
        positions=positions,
        explanation=explanation(
            kind,
            status,
            positions,
            frame.language,
            reason=strongest.reconciled.reason,
            speaker=speaker or "",
        ),
        strength=round(strongest.strength, 3),
    )


def _rank(item: Difference) -> float:
    """How sure it is: less with days between, for a later report mostly tells what followed."""
    days = days_between(item.first.article, item.second.article) or 0
    return sureness_of(item.strength, item.first.content.kind, share_of_days(days), pairs=1)


def _is_copy(answer: Answer, item: ArticleAnswers) -> bool:
    """A letter-perfect copy of the article an answer is from."""
    return answer.article.text == item.article.text


def _focus(frame: Frame) -> str | None:
    """The noun asked about as the question writes it."""
    wanted = frame.asked.focus
    if wanted is None or frame.kind not in ("number", "who"):
        return None
    words = (word.strip(".,?!") for word in frame.question.text.split())
    return next((word for word in words if word.lower() == wanted), None)


def _counts(frame: Frame) -> bool:
    return bool(_HOW_MANY.search(frame.question.text))


def _position(side: list[Answer]) -> Position:
    return Position(value=side[0].value, claims=tuple(claim_of(answer) for answer in side))


def claim_of(answer: Answer) -> PositionClaim:
    """The sentence of an answer as a verified quote."""
    return quote_of(answer.article, answer.start_char, answer.end_char)


def quote_of(article: Article, start_char: int, end_char: int) -> PositionClaim:
    """A stretch of an article as a verified quote, with who is speaking in it."""
    quote = article.text[start_char:end_char]
    return PositionClaim(
        article_id=article.article_id,
        source=article.source,
        published_at=article.published_at,
        quote=quote,
        start_char=start_char,
        end_char=end_char,
        attributed_to=attribution(quote, article.language).speaker,
        origin_id=article.origin_id,
        label=article.label,
    )
