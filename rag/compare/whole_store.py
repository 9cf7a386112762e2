"""All disagreements in a store, without a question: what an editor looks through.

Sentences are compared that lie at most a few days apart and share words; an inverted index over
all but the commonest words proposes the pairs. Nearly equal wording is asked for before a value is
compared, which near vectors cannot guarantee and shared words can; so no vectors are needed here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.compare.claims import SentenceClaims, claims_of
from rag.compare.plain import PlainDifference, compare_claims
from rag.compare.positions import quote_of
from rag.compare.reconcile import days_between, plain_status, published
from rag.compare.texts import aspect_of, explanation
from rag.language.folding import fold
from rag.language.names import names
from rag.language.sentences import split_sentences
from rag.types import Article, Comparison, Disagreement, Position

MAX_DAYS_APART = 2
_FEWEST_WORDS = 5
_SHARED_WORDS = 3
_SHARED_WORDS_WITHOUT_FIGURE = 6
_TOO_COMMON = 3000
_ALIKE = 0.42
_ALIKE_IN_CONTEXT = 0.27
_SENTENCE_CHARS = (30, 400)
_SAME_OUTLET = 0.6


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence of an article with what it claims."""

    article: Article
    start_char: int
    end_char: int
    claims: SentenceClaims
    before: str


def compare_articles(
    articles: Iterable[Article], *, limit: int = 100, explain: bool = False
) -> Comparison:
    """The disagreements between (and inside) articles, the strongest first."""
    sentences = [item for article in articles for item in _typed_sentences(article)]
    found: dict[tuple[str, ...], Disagreement] = {}
    compared, trace = 0, []
    for one, other in _candidates(sentences):
        compared += 1
        difference = compare_claims(one.claims, other.claims)
        if difference is None or not same_statement(one, other):
            continue
        disagreement = _disagreement(one, other, difference)
        if explain:
            trace.append(
                f"{one.article.article_id} / {other.article.article_id}: "
                f"{disagreement.status} {disagreement.strength:.2f}"
            )
        _keep(found, disagreement)
    ranked = sorted(
        found.values(),
        key=lambda item: (
            item.status != "conflict",
            -item.strength,
            item.positions[0].claims[0].article_id,
            item.positions[0].claims[0].start_char,
        ),
    )
    possible = len(sentences) * (len(sentences) - 1) // 2
    return Comparison(
        disagreements=tuple(ranked[:limit]),
        pairs_compared=compared,
        pairs_not_compared=possible - compared,
        trace=tuple(trace),
    )


def _typed_sentences(article: Article) -> Iterator[StoredSentence]:
    before = article.title or ""
    for span in split_sentences(article.text, article.language):
        text = article.text[span.start_char : span.end_char]
        if _SENTENCE_CHARS[0] <= len(text) <= _SENTENCE_CHARS[1]:
            claims = claims_of(text, article.language, article.published_at)
            if len(claims.words) >= _FEWEST_WORDS:
                yield StoredSentence(article, span.start_char, span.end_char, claims, before)
        before = text


def _candidates(
    sentences: Sequence[StoredSentence],
) -> Iterator[tuple[StoredSentence, StoredSentence]]:
    """Pairs of different articles, few days apart, that share several not too common words."""
    frequency = Counter(word for item in sentences for word in item.claims.words)
    ordered = sorted(sentences, key=_by_day)
    postings: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(ordered):
        shared: Counter[int] = Counter()
        for word in item.claims.words:
            if 1 < frequency[word] <= _TOO_COMMON:
                shared.update(_near(postings[word], ordered, item))
                postings[word].append(place)
        for other in sorted(shared):
            if _worth_comparing(ordered[other], item, shared[other]):
                yield ordered[other], item


def _by_day(item: StoredSentence) -> tuple[str, str, int]:
    day = published(item.article)
    return (day.isoformat() if day else "", item.article.article_id, item.start_char)


def _near(
    places: Sequence[int], ordered: Sequence[StoredSentence], item: StoredSentence
) -> Iterator[int]:
    """The places not more than ``MAX_DAYS_APART`` before; articles without a date are all near."""
    for place in reversed(places):
        gap = days_between(ordered[place].article, item.article)
        if gap is not None and gap > MAX_DAYS_APART:
            return
        yield place


def _worth_comparing(one: StoredSentence, other: StoredSentence, shared: int) -> bool:
    if one.article.article_id == other.article.article_id:
        return False
    if one.claims.figures and other.claims.figures:
        return shared >= _SHARED_WORDS
    return shared >= _SHARED_WORDS_WITHOUT_FIGURE


def same_statement(one: StoredSentence, other: StoredSentence) -> bool:
    """Whether the sentences say so much alike that a differing value contradicts.

    Where title, sentence before and sentence name nothing in common, the wording must be closer.
    """
    words, others = one.claims.words, other.claims.words
    alike = len(words & others) / max(1, len(words | others))
    named = bool(_named_around(one) & _named_around(other))
    return alike >= (_ALIKE_IN_CONTEXT if named else _ALIKE)


def _named_around(item: StoredSentence) -> frozenset[str]:
    context = f"{item.article.title or ''}. {item.before}"
    found = names(context, item.article.language)
    return item.claims.names | frozenset(fold(name.text) for name in found if name.key)


def _disagreement(
    one: StoredSentence, other: StoredSentence, difference: PlainDifference
) -> Disagreement:
    status, reason = plain_status(
        (one.article, one.claims.text, one.before),
        (other.article, other.claims.text, other.before),
        difference.kind,
    )
    strength = difference.confidence
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


def _position(item: StoredSentence, value: str) -> Position:
    claim = quote_of(item.article, item.start_char, item.end_char)
    return Position(value=value, claims=(claim,))


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
