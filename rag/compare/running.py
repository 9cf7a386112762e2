"""Counts that run on: case numbers, markets, doses. Of two days they differ because time passed."""

from __future__ import annotations

import re
from functools import cache

from rag.compare.lexicon import rules
from rag.compare.near import PlainSentence
from rag.compare.reconcile import days_between
from rag.language.dates import dates

_UPDATED_KINDS = frozenset({"number", "duration"})


def running_update(first: PlainSentence, second: PlainSentence, kind: str) -> str | None:
    """Why two figures may be counts of different days; ``None`` where they are of one day."""
    if kind not in _UPDATED_KINDS:
        return None
    texts = [f"{item.before} {item.text}" for item in (first, second)]
    counted = next((found for text in texts if (found := _running().search(text))), None)
    if counted is None or _same_stated_day(first, second):
        return None
    gap = days_between(first.article, second.article)
    if gap == 0 and _day_of(first) == _day_of(second):
        return None
    return f"„{counted.group()}“: counted again"


def _same_stated_day(first: PlainSentence, second: PlainSentence) -> bool:
    """Both sentences name one and the same day."""
    return bool(_days(first) & _days(second))


def _days(item: PlainSentence) -> frozenset[str]:
    found = dates(item.text, item.article.language, item.article.published_at)
    return frozenset(
        mention.start
        for mention in found
        if mention.precision in ("day", "weekday") and mention.start
    )


def _day_of(item: PlainSentence) -> str | None:
    """The part of the day of publication; counts of the morning and the evening differ."""
    stamp = item.article.published_at or ""
    return stamp[:13]


@cache
def _running() -> re.Pattern[str]:
    listed: list[str] = rules()["running_counts"]
    return re.compile("|".join(listed), re.IGNORECASE)
