"""How sure a found conflict is, given how many pairs were looked at to find it.

Every pair compared is one more chance for a false alarm, so what two of twenty articles seem to
contradict must be stronger than what two of two do. A logistic model of the engine's strength and
the number of pairs, of its kind (that articles hold many figures makes a conflict of figures the
likeliest to be found by chance, one of sides taken the least), and of the days between the
reports: what is written days later mostly tells what came of it. Fitted by
``python -m evals.fit.compare_sureness``; for English questions, which are read by other rules, by
``python -m evals.fit.english_sureness``.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from rag.language.date_resolution import parse_published
from rag.types import Comparison, Disagreement, DisagreementKind, Language, Position

_MOST_DAYS = 4
_YEAR = re.compile(r"1\d\d\d|20\d\d")
_YEARS_LONG_PAST = 1
_LEAST_INSIDE = 0.4
"""A contradiction inside one article was not looked for among pairs."""


def keep_sure(comparison: Comparison, language: Language = "de") -> Comparison:
    """The comparison without conflicts that many pairs would show by chance; they are counted."""
    pairs = comparison.pairs_compared + comparison.pairs_not_compared
    kept = tuple(
        found
        for found in comparison.disagreements
        if found.status != "conflict" or _is_sure(found, pairs, language)
    )
    left_out = len(comparison.disagreements) - len(kept)
    if not left_out:
        return comparison
    note = f"{left_out} possible contradiction(s) too weak among {pairs} pairs to be shown."
    return replace(comparison, disagreements=kept, notes=(*comparison.notes, note))


def _is_sure(found: Disagreement, pairs: int, language: Language) -> bool:
    articles = [{claim.article_id for claim in position.claims} for position in found.positions]
    if articles and set.intersection(*articles):
        return found.strength >= _LEAST_INSIDE
    return sureness(found, pairs, language) >= _model(language)["threshold"]


def sureness(found: Disagreement, pairs: int, language: Language = "de") -> float:
    """Probability 0..1 that a conflict found among ``pairs`` compared pairs is a true one."""
    return sureness_of(found.strength, found.kind, days_apart(found), pairs, language)


def sureness_of(
    strength: float, kind: DisagreementKind, days: float, pairs: int, language: Language = "de"
) -> float:
    """The same of a difference's strength, 0..1, and kind; ``days`` as ``share_of_days`` has it."""
    model = _model(language)
    share = min(max(strength, 0.001), 0.999)
    score = (
        model["bias"]
        + model["strength"] * math.log(share / (1 - share))
        + model["pairs"] * math.log1p(pairs)
        + model.get("days", 0.0) * days
        + model.get(kind, 0.0)
    )
    return 1 / (1 + math.exp(-score))


def days_apart(found: Disagreement) -> float:
    """Days between the first reports of two sides, 0..1 for none to four and more; 0 undated.

    0 also for two years long past: what was built in 1391 does not change within a week.
    """
    if all(_is_long_past(position) for position in found.positions[:2]):
        return 0.0
    days = [parse_published(position.claims[0].published_at) for position in found.positions[:2]]
    if len(days) < 2 or days[0] is None or days[1] is None:
        return 0.0
    return share_of_days(abs((days[0] - days[1]).days))


def _is_long_past(position: Position) -> bool:
    told = parse_published(position.claims[0].published_at)
    year = _YEAR.fullmatch(position.value.strip())
    return bool(told and year and int(year[0]) < told.year - _YEARS_LONG_PAST)


def share_of_days(days: int) -> float:
    """0..1 for none to four and more days between two reports."""
    return min(days, _MOST_DAYS) / _MOST_DAYS


@lru_cache(maxsize=4)
def _model(language: Language) -> dict[str, float]:
    name = "compare_sureness_en.json" if language == "en" else "compare_sureness.json"
    text = (files("rag") / "data" / name).read_text(encoding="utf-8")
    model: dict[str, float] = json.loads(text)
    return model
