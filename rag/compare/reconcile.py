"""Fourth step: what explains a difference away, an update or another scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.compare.answers import Answer
from rag.compare.frame import Frame
from rag.compare.lexicon import patterns
from rag.compare.scope import other_scope
from rag.compare.setting import land_of, other_occasion
from rag.compare.where import Site
from rag.language.date_resolution import parse_published
from rag.types import Article

Explanation = Literal["conflict", "update", "scope", "reported"]
_UPDATE_KINDS = frozenset({"number", "duration", "date", "outcome", "cause", "negation", "who"})
_DAYS_WITHOUT_MARKER = 5


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The status of a difference with what speaks for it."""

    status: Explanation
    reason: str


def reconcile(first: Answer, second: Answer, frame: Frame) -> Reconciled:
    """Why two different answers may both be right; ``conflict`` when nothing explains it."""
    earlier, later = _in_order(first, second)
    reason = (
        other_scope(first, second, frame)
        or _other_country(first, second)
        or other_occasion(
            (first.article, first.quote, first.start_char),
            (second.article, second.quote, second.start_char),
            frame,
        )
    )
    if reason:
        return Reconciled("scope", reason)
    reason = _update(earlier, later, frame)
    if reason:
        return Reconciled("update", reason)
    return Reconciled("conflict", "nothing explains the difference")


def _in_order(first: Answer, second: Answer) -> tuple[Answer, Answer]:
    days = [published(answer.article) or date.max for answer in (first, second)]
    return (first, second) if days[0] <= days[1] else (second, first)


def published(article: Article) -> date | None:
    """The day of publication."""
    return parse_published(article.published_at)


def days_between(first: Article, second: Article) -> int | None:
    """Days between two publications, ``None`` where one is not known."""
    one, other = published(first), published(second)
    return abs((one - other).days) if one and other else None


def _update(earlier: Answer, later: Answer, frame: Frame) -> str | None:
    if earlier.content.kind not in _UPDATE_KINDS:
        return None
    gap = days_between(earlier.article, later.article)
    if not gap:
        return None
    asked = frame.question.text
    marker = _marker("later", later.quote, asked) or _marker("earlier", earlier.quote, asked)
    if marker:
        return f"{gap} days later, marked by {marker!r}"
    if gap >= _DAYS_WITHOUT_MARKER and earlier.content.kind in ("number", "date"):
        return f"{gap} days later"
    return None


def _marker(when: str, text: str, asked: str = "") -> str | None:
    """A word of an update that is not the question's: „die neue Schule“ is only its name."""
    for pattern in patterns("update_markers", when):
        if (match := pattern.search(text)) and not pattern.search(asked):
            return match.group()
    return None


def plain_status(
    first: tuple[Article, str, str], second: tuple[Article, str, str], kind: str
) -> tuple[Explanation, str]:
    """The status of a difference between two sentences, each given with the one before it."""
    one, other = first, second
    if (published(one[0]) or date.max) > (published(other[0]) or date.max):
        one, other = other, one
    for name in ("wide_scope", "narrow_scope"):
        found = [_first(patterns(name), text) for _, text, _ in (one, other)]
        if bool(found[0]) != bool(found[1]):
            return "scope", f"„{found[0] or found[1]}“"
    gap = days_between(one[0], other[0])
    marker = _marker("later", other[1]) or _marker("earlier", one[1])
    if gap and kind in _UPDATE_KINDS and marker:
        return "update", ""
    return "conflict", ""


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    for pattern in patterns:
        if match := pattern.search(text):
            return match.group()
    return None


def _other_country(first: Answer, second: Answer) -> str | None:
    """Two countries, told by reports of which one is not dated: two occasions."""
    one, other = first.content.value, second.content.value
    if isinstance(one, Site) and isinstance(other, Site):
        lands = [land_of(answer.value) for answer in (first, second)]
        is_dated = published(first.article) and published(second.article)
        if lands[0] and lands[1] and lands[0] != lands[1] and not is_dated:
            return f"{first.value} / {second.value}"
    return None
