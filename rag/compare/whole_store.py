"""All disagreements in a store, without a question: what an editor looks through.

Sentences near in time and alike in words are compared (``near``); a pair contradicts where it
differs in one typed value (``plain``) or in one stretch (``substitution``) and nothing explains
that away. Most of what differs between news reports is a later count, so running counts of
different days are updates, never conflicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.compare.bracketed import Membership, differing_memberships
from rag.compare.claims import SentenceClaims, claims_of
from rag.compare.near import NearPair, NearSentences, PlainSentence, content_stems
from rag.compare.plain import PlainDifference, compare_claims
from rag.compare.positions import quote_of
from rag.compare.reconcile import days_between, plain_status
from rag.compare.running import running_update
from rag.compare.substitution import substitution
from rag.compare.texts import aspect_of, explanation
from rag.language.sentences import split_sentences
from rag.types import Article, Comparison, Disagreement, Position

MAX_DAYS_APART = 4
_LEAST_ALIKE = 0.25
_LEAST_STRENGTH = 0.4
_SAME_OUTLET = 0.6
_SURE_EVENT = 0.12
_POSSIBLE_EVENT = 0.05
_NEARLY_EQUAL = 0.5
_ALIKE = 0.4
_ALIKE_IN_EVENT = 0.27
_COUNTED = frozenset({"number", "duration"})
_UNITS = re.compile(
    r"\b(?:hundert|tausend|million(?:en)?|milliarden?|billionen?|euro|dollar|prozent|insgesamt|rund|"
    r"etwa|million|billion|thousand|percent|total|about)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_MEMBERSHIP = 0.8
_FIGURE = re.compile(
    r"\d|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend|million|"
    r"milliarde|dutzend|hälfte|drittel|viertel|two|three|four|five|six|seven|eight|nine|ten|dozen|"
    r"hundred|thousand|half)",
    re.IGNORECASE,
)


def compare_articles(
    articles: Iterable[Article], *, limit: int = 100, explain: bool = False
) -> Comparison:
    """The disagreements between articles, the surest first."""
    near = NearSentences(list(articles))
    found: dict[tuple[str, ...], Disagreement] = {}
    compared, trace = 0, []
    for pair in near.pairs(days=MAX_DAYS_APART, least=_LEAST_ALIKE):
        compared += 1
        difference = _difference(pair)
        if difference is None:
            continue
        disagreement = _disagreement(pair, difference)
        if disagreement.strength < _LEAST_STRENGTH:
            continue
        if explain:
            trace.append(_trace(pair, disagreement))
        _keep(found, disagreement)
    for odd, usual in differing_memberships(near.articles):
        compared += 1
        _keep(found, _membership_conflict(odd, usual))
    ranked = sorted(found.values(), key=_rank)
    possible = len(near.sentences) * (len(near.sentences) - 1) // 2
    return Comparison(
        disagreements=tuple(ranked[:limit]),
        pairs_compared=compared,
        pairs_not_compared=possible - compared,
        trace=tuple(trace),
    )


def _rank(item: Disagreement) -> tuple[bool, float, str, int]:
    first = item.positions[0].claims[0]
    return (item.status != "conflict", -item.strength, first.article_id, first.start_char)


def _difference(pair: NearPair) -> PlainDifference | None:
    """The one value in which two sentences differ that say the same otherwise."""
    one, other = pair.first, pair.second
    alike = _alike(one.text, other.text)
    if one.text == other.text or not _one_statement(pair, alike, is_count=False):
        return None
    found = _typed(pair) or _substituted(pair)
    if found is None or not _one_statement(pair, alike, is_count=found.kind in _COUNTED):
        return None
    return found


def _typed(pair: NearPair) -> PlainDifference | None:
    """A figure or a side on which they differ."""
    one, other = pair.first, pair.second
    has_figures = _FIGURE.search(one.text) and _FIGURE.search(other.text)
    if not has_figures and pair.alike < _NEARLY_EQUAL:
        return None
    return compare_claims(_claims(one), _claims(other))


def _substituted(pair: NearPair) -> PlainDifference | None:
    """Another stretch that stands in the place of one."""
    one, other = pair.first, pair.second
    texts = (one.article.text, other.article.text)
    language, day = one.article.language, one.article.published_at
    changed = substitution(one.text, other.text, language, texts, day)
    if changed is None or language != other.article.language:
        return None
    if changed.kind not in _COUNTED and _figures_differ(one.text, other.text):
        return None
    return PlainDifference(changed.kind, changed.first, changed.second, changed.equal)


def _alike(first: str, second: str) -> float:
    """The share of words, beside figures and their units, that both sentences have."""
    one, other = _stated(first), _stated(second)
    return len(one & other) / max(1, len(one | other))


@lru_cache(maxsize=50_000)
def _stated(text: str) -> frozenset[str]:
    return content_stems(_UNITS.sub(" ", text))


def _one_statement(pair: NearPair, alike: float, *, is_count: bool) -> bool:
    """Whether two sentences say one thing: in equal words, or in like words of one event.

    A figure says less of its sentence than a name does, so its sentence must say the more, or the
    reports be of one day.
    """
    is_one_day = days_between(pair.first.article, pair.second.article) == 0
    if pair.one_event >= _SURE_EVENT and (is_one_day or not is_count):
        return alike >= _ALIKE_IN_EVENT
    is_dated = bool(pair.first.article.published_at and pair.second.article.published_at)
    least = _POSSIBLE_EVENT if is_dated else _SURE_EVENT
    return alike >= _ALIKE and pair.one_event >= least


def _figures_differ(first: str, second: str) -> bool:
    """Each names a number the other does not: more than one thing differs."""
    one, other = set(_NUMBER.findall(first)), set(_NUMBER.findall(second))
    return len(one - other) > 1 and len(other - one) > 1


def _claims(item: PlainSentence) -> SentenceClaims:
    return claims_of(item.text, item.article.language, item.article.published_at)


def _disagreement(pair: NearPair, difference: PlainDifference) -> Disagreement:
    one, other = pair.first, pair.second
    status, reason = plain_status(
        (one.article, one.text, one.before),
        (other.article, other.text, other.before),
        difference.kind,
    )
    if status == "conflict" and (update := running_update(one, other, difference.kind)):
        status, reason = "update", update
    strength = difference.confidence * min(1.0, 0.5 + pair.one_event / (2 * _SURE_EVENT))
    if one.article.source and one.article.source == other.article.source:
        strength *= _SAME_OUTLET
    positions = (_position(one, difference.first), _position(other, difference.second))
    language = one.article.language
    return Disagreement(
        aspect=aspect_of(difference.kind, None, language),
        kind=difference.kind,
        status=status,
        positions=positions,
        explanation=explanation(difference.kind, status, positions, language, reason=reason),
        strength=round(strength, 3),
    )


def _membership_conflict(odd: Membership, usual: Membership) -> Disagreement:
    """One person, two parties."""
    positions = tuple(
        Position(value=item.shown, claims=(quote_of(item.article, *_around(item)),))
        for item in (odd, usual)
    )
    language = odd.article.language
    name = odd.article.text[odd.start_char : odd.end_char].split(" (")[0]
    return Disagreement(
        aspect=aspect_of("who", name, language),
        kind="who",
        status="conflict",
        positions=positions,
        explanation=explanation("who", "conflict", positions, language),
        strength=_MEMBERSHIP,
    )


def _around(item: Membership) -> tuple[int, int]:
    """The sentence that names the person."""
    for span in split_sentences(item.article.text, item.article.language):
        if span.start_char <= item.start_char and item.end_char <= span.end_char:
            return span.start_char, span.end_char
    return item.start_char, item.end_char


def _position(item: PlainSentence, value: str) -> Position:
    claim = quote_of(item.article, item.start_char, item.end_char)
    return Position(value=value, claims=(claim,))


def _trace(pair: NearPair, found: Disagreement) -> str:
    names = f"{pair.first.article.article_id} / {pair.second.article.article_id}"
    values = " / ".join(position.value for position in found.positions)
    closeness = f"alike {pair.alike:.2f}, one event {pair.one_event:.2f}"
    return f"{names}: {found.status} {found.strength:.2f}, {values} ({closeness})"


def _keep(found: dict[tuple[str, ...], Disagreement], item: Disagreement) -> None:
    """One disagreement per pair of origins and values: wire copies repeat each other's."""
    sides = sorted(
        (position.claims[0].origin_id or position.claims[0].article_id, position.value)
        for position in item.positions
    )
    key = tuple(part for side in sides for part in side)
    known = found.get(key)
    if known is None or known.strength < item.strength:
        found[key] = item
