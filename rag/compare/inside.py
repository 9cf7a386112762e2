"""Contradictions inside one article: body against appended FAQ, figures that do not add up."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

from rag.compare.align import align
from rag.compare.answers import Answer, ArticleAnswers
from rag.compare.contents import Content, Stretch
from rag.compare.frame import Frame
from rag.compare.positions import Difference
from rag.compare.reconcile import Reconciled
from rag.compare.stance import is_probable
from rag.compare.subject import speaks_of_things
from rag.compare.verdict import Verdict
from rag.language.quantities import Quantity, quantities
from rag.types import Language

_APPENDED = re.compile(
    r"^\W*(?:häufig gestellte fragen|fragen und antworten|faqs?\b|frequently asked questions)",
    re.IGNORECASE | re.MULTILINE,
)
_ALTERNATIVES = 3
_FACT_OR_NOT = 0.8
_SURELY_APART = 0.9
_HALF_AS_LIKELY = 0.5
_LISTED = re.compile(r"\s*\((?P<items>[^()]{3,400})\)")
_EXAMPLES = re.compile(
    r"\b(?:including|such as|e\.g|among|like|mostly|etc|darunter|z\. ?b|zum beispiel|etwa|"
    r"unter anderem|usw)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*[,;]\s*(?:and\s+|und\s+|sowie\s+)?")
_AND = re.compile(r"\s+(?:and|und|sowie|&)\s+")
_IDENTIFIER = re.compile(r"[\w/-]*\d[\w/-]*$")
_LONGEST_ITEM = 5
_FEWEST, _MOST = 2, 40
_OTHER_MEASURE = re.compile(
    r"\s*(?:\(|,?\s*(?:or|oder|that is|i\.e\.|das sind|also)\s)\s*"
    r"(?:about|approximately|roughly|circa|ca\.|c\.|etwa|rund)?\s*$",
    re.IGNORECASE,
)
_ROUGH, _ROUGHER = 0.1, 0.3
_POUNDS_IN_KG = 0.453592


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Two stretches of a sentence that cannot both be right."""

    first: tuple[int, int]
    second: tuple[int, int]


def contradiction_inside(item: ArticleAnswers, frame: Frame) -> Difference | None:
    """The contradiction of two parts of one article, ``None`` where it holds none."""
    return _against_appended(item, frame) or _in_figures(item, frame)


def _against_appended(item: ArticleAnswers, frame: Frame) -> Difference | None:
    appended = _APPENDED.search(item.article.text)
    if appended is None:
        return None
    body = [answer for answer in item.answers if answer.end_char <= appended.start()]
    rest = [answer for answer in item.answers if answer.start_char >= appended.end()]
    for one, other in product(body[:_ALTERNATIVES], rest[:_ALTERNATIVES]):
        if not (speaks_of_things(one.quote, frame) and speaks_of_things(other.quote, frame)):
            continue
        verdict = align(one, other, frame)
        if verdict.relation == "same" and is_probable(one.quote) != is_probable(other.quote):
            verdict = Verdict("different", _FACT_OR_NOT, "a fact here, only probable there")
        if verdict.relation == "different":
            # One article speaks of one event: no doubt about that weakens the difference.
            likelihood = math.sqrt(one.probability * other.probability)
            inside = Reconciled("conflict", "inside one article")
            return Difference(one, other, inside, likelihood * verdict.confidence)
    return None


def _in_figures(item: ArticleAnswers, frame: Frame) -> Difference | None:
    """A likely answer whose figure the same sentence tells otherwise."""
    if frame.kind not in ("number", "duration"):
        return None
    for answer in item.answers[:_ALTERNATIVES]:
        if answer.likelihood < _HALF_AS_LIKELY * item.answers[0].likelihood:
            continue
        value = answer.content.value
        for found in mismatches(answer.quote, item.article.language):
            both = (found.first, found.second)
            if any(start < value.end_char and value.start_char < end for start, end in both):
                first, second = (_with_stretch(answer, at) for at in both)
                inside = Reconciled("conflict", "figures that do not add up")
                return Difference(first, second, inside, answer.probability * _SURELY_APART)
    return None


def _with_stretch(answer: Answer, at: tuple[int, int]) -> Answer:
    value = Stretch(*at, answer.fit)
    kind = answer.content.kind
    return replace(answer, content=Content(kind=kind, value=value, others=(), fit=answer.fit))


@lru_cache(maxsize=1024)
def mismatches(sentence: str, language: Language) -> tuple[Mismatch, ...]:
    """Numbers that their own list or measure in other units belies: "five (A, B, C)"."""
    found = quantities(sentence, language)
    return (*_lists(sentence, found), *_measures(sentence, found))


def _lists(sentence: str, found: tuple[Quantity, ...]) -> Iterator[Mismatch]:
    for quantity in found:
        if quantity.hedge != "exact" or quantity.unit or quantity.is_weak or quantity.ordinal:
            continue
        at = _behind_counted(sentence, quantity)
        listed = _LISTED.match(sentence, at)
        if listed is None or not _FEWEST <= quantity.value <= _MOST:
            continue
        counts = _counts(listed["items"])
        if counts and quantity.value not in counts:
            yield Mismatch((quantity.start_char, at), listed.span("items"))


def _behind_counted(sentence: str, quantity: Quantity) -> int:
    """Where the counted noun ends, or the number itself."""
    if not quantity.counted:
        return quantity.end_char
    at = sentence.find(quantity.counted, quantity.end_char)
    return quantity.end_char if at < 0 else at + len(quantity.counted)


def _counts(listed: str) -> frozenset[float]:
    """What a list may add up to: so many items, or the sum of their numbers; none if no list."""
    if _EXAMPLES.search(listed):
        return frozenset()
    pieces = [piece for piece in _COMMA.split(listed.strip()) if piece]
    items = [item for piece in pieces for item in _AND.split(piece)]
    if len(items) < _FEWEST or any(len(item.split()) > _LONGEST_ITEM for item in items):
        return frozenset()
    if all(_IDENTIFIER.match(item) for item in items):
        numbers = [float(item) for item in items if item.isdecimal()]
        return frozenset({float(len(items)), sum(numbers)})
    if all(item[:1].isupper() for item in items):
        return frozenset(float(count) for count in range(len(pieces), len(items) + 1))
    counted = [_leading(item) for item in items]
    if any(number is None for number in counted):
        return frozenset()
    return frozenset({float(len(items)), sum(number or 0.0 for number in counted)})


def _leading(item: str) -> float | None:
    """The count an item opens with: „zwei Frauen“."""
    for language in ("de", "en"):
        found = quantities(item, language)
        if found and not found[0].start_char and found[0].unit is None and found[0].counted:
            return found[0].value
    return None


def _measures(sentence: str, found: tuple[Quantity, ...]) -> Iterator[Mismatch]:
    """One measure in two units: "20 miles (50 km)"."""
    for one, other in pairwise(found):
        between = sentence[one.end_char : other.start_char]
        if not _OTHER_MEASURE.fullmatch(between) or one.text.split()[-1] == other.text.split()[-1]:
            continue
        first = one.value
        if other.unit == "£" and one.unit == "kg" and one.text.endswith("pounds"):
            first = one.value / _POUNDS_IN_KG
        elif one.unit is None or one.unit != other.unit or one.kind != other.kind:
            continue
        if {one.hedge, other.hedge} - {"exact", "about"} or not min(first, other.value) > 0:
            continue
        apart = abs(first - other.value) / max(first, other.value)
        if apart > (_ROUGHER if min(one.digits, other.digits) < _FEWEST else _ROUGH):
            yield Mismatch((one.start_char, one.end_char), (other.start_char, other.end_char))
