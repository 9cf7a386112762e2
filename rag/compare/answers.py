"""Second step: each article's own answers to the question, typed, with how sure we are of them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.compare.contents import Content, content_of
from rag.compare.event import relevance, things_asked
from rag.compare.frame import Frame, mentions, word_bag
from rag.compare.named import Named
from rag.compare.office import is_office
from rag.compare.setting import in_question, with_lands
from rag.language.terms import query_terms, terms
from rag.types import Article, Evidence, Passage

_WEIGHTS = Path(__file__).resolve().parent.parent / "data" / "compare_weights.json"
MIN_RELEVANCE = 0.15
"""Articles less likely to report the event are not read."""
_SENTENCES_READ = 8
_SHORT_CHARS = 1500
_LEAST_SHARE = 0.15
_LEAST_ON_THING, _MISSING_THING = 0.5, 0.35
_SURE_SENTENCES = 4
_SIMILARITY_STEP = 0.03
_LEAST_GAP = -3.5
_CLEAR_FIT = 0.5
_LEAST = 0.002
_MIN_PROBABILITY = 0.05
_SLOPE, _SHIFT = 0.49, 0.97
_EVIDENT = 0.6
"""A sentence that says of one name what is asked of another answers, however it is worded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of an article with the typed answer it gives.

    ``likelihood`` that the sentence answers the question as compared with any other sentence,
    ``probability`` the same once the article is known to report the event; ``fit`` says how well
    the typed value answers.
    """

    article: Article
    quote: str
    start_char: int
    end_char: int
    before: str
    content: Content
    likelihood: float
    probability: float

    @property
    def fit(self) -> float:
        """How well the value fits the question, 0..1."""
        return self.content.fit

    @property
    def value(self) -> str:
        """The value as the sentence puts it."""
        return self.content.shown(self.quote)


@dataclass(frozen=True, slots=True)
class ArticleAnswers:
    """An article's answers, most probable first; none: it is silent."""

    article: Article
    relevance: float
    answers: tuple[Answer, ...]
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """An evidence sentence with its neighbour and what was read in it."""

    evidence: Evidence
    before: str
    content: Content | None
    features: tuple[float, ...]


def read_answers(
    frame: Frame, passages: Sequence[Passage], evidence: Sequence[Evidence]
) -> tuple[ArticleAnswers, ...]:
    """The answers of every article among the passages, in the order of the passages."""
    related = relevance(frame, passages)
    reporting = [item for item in evidence if related[item.article.article_id] >= MIN_RELEVANCE]
    grouped = read_sentences(frame, reporting)
    things = things_asked(frame, passages)
    return tuple(
        ArticleAnswers(
            article=article,
            relevance=related[article.article_id],
            answers=tuple(
                answer
                for answer in _answers(grouped.get(article.article_id, ()), things)
                if _in_question(frame, answer)
            ),
            sentences=tuple(
                sentence
                for sentence in grouped.get(article.article_id, ())
                if in_question(frame, article, sentence.before, sentence.evidence.quote)
            ),
        )
        for article in {
            passage.article.article_id: passage.article for passage in passages
        }.values()
    )


def _in_question(frame: Frame, answer: Answer) -> bool:
    if isinstance(answer.content.value, Named) and not frame.asked.years:
        return True
    return in_question(frame, answer.article, answer.before, answer.quote)


def read_sentences(frame: Frame, evidence: Sequence[Evidence]) -> dict[str, tuple[Sentence, ...]]:
    """The evidence of each article in text order, read and measured."""
    by_article: dict[str, list[Evidence]] = {}
    for item in evidence:
        by_article.setdefault(item.article.article_id, []).append(item)
    top = max((item.similarity for item in evidence), default=0.0)
    return {
        article_id: _read_article(frame, items, top) for article_id, items in by_article.items()
    }


def _worth_reading(items: list[Evidence]) -> list[tuple[Evidence, str]]:
    """The sentences of an article closest to the question, each with the one before it."""
    closest = sorted(items, key=lambda item: (-item.similarity, item.start_char))
    surest = sorted(items, key=lambda item: (-item.probability, item.start_char))
    kept = {item.start_char for item in (*closest[:_SENTENCES_READ], *surest[:_SURE_SENTENCES])}
    ordered = sorted(items, key=lambda item: item.start_char)
    before = [ordered[0].article.title or "", *(item.quote for item in ordered[:-1])]
    return [
        (item, previous)
        for item, previous in zip(ordered, before, strict=True)
        if item.start_char in kept
    ]


def _read_article(frame: Frame, items: list[Evidence], top: float) -> tuple[Sentence, ...]:
    chosen = _worth_reading(items)
    contents = [
        None
        if item.quote.rstrip().endswith("?")  # a heading of an FAQ answers nothing
        else content_of(item.quote, before, frame, item.article)
        for item, before in chosen
    ]
    fits = [content.fit if content else 0.0 for content in contents]
    return tuple(
        Sentence(
            evidence=item,
            before=before,
            content=content,
            features=_features(frame, item, before, top, fit, fits),
        )
        for (item, before), content, fit in zip(chosen, contents, fits, strict=True)
    )


def _features(
    frame: Frame, item: Evidence, before: str, top: float, fit: float, fits: list[float]
) -> tuple[float, ...]:
    """The values of ``FEATURES``, in that order."""
    return (
        max(_LEAST_GAP, (item.similarity - top) / _SIMILARITY_STEP),
        *_overlaps(frame, item, before),
        float(item.start_char == 0),
        fit,
        fit - max(fits),
        float(item.article.language != frame.language),
        _sole(fit, fits),
        _log_odds(item.probability),
    )


FEATURES = (
    "similarity_gap",
    "names",
    "predicate",
    "before",
    "opens_article",
    "fit",
    "fit_gap_in_article",
    "other_language",
    "sole_candidate",
    "evidence",
)


def _log_odds(share: float) -> float:
    return math.log(max(share, _LEAST) / max(1 - share, _LEAST))


def _sole(fit: float, fits: list[float]) -> float:
    """1 where no other sentence of the article offers as good a value, 1/n where n do."""
    if fit < _CLEAR_FIT or fit < 0.8 * max(fits):
        return 0.0
    return 1 / sum(other >= 0.8 * fit for other in fits)


def _overlaps(frame: Frame, item: Evidence, before: str) -> tuple[float, float, float]:
    """Shares of the question's names, of its other words, and of all in the sentence before."""
    language = item.article.language
    said, said_before = set(terms(item.quote, language)), set(terms(before, language))
    asked = set(query_terms(frame.question.text, frame.language))
    named = {term for name in frame.asked.names for term in query_terms(name, frame.language)}
    return (
        len(named & said) / max(1, len(named)),
        len((asked - named) & said) / max(1, len(asked - named)),
        len(asked & said_before) / max(1, len(asked)),
    )


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    loaded = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["sentence"]
    return tuple(loaded["weights"][name] for name in FEATURES), float(loaded["intercept"])


def probability(features: Sequence[float]) -> float:
    """That a sentence with these features answers the question."""
    weights, intercept = _weights()
    total = intercept + sum(w * f for w, f in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _given_report(share: float) -> float:
    """The probability given that the article reports the event, which most then answer."""
    return 1 / (1 + math.exp(-(_SLOPE * _log_odds(share) + _SHIFT)))


def _answers(sentences: Sequence[Sentence], things: Mapping[str, float]) -> tuple[Answer, ...]:
    found = [
        _answer(sentence, sentence.content, things) for sentence in sentences if sentence.content
    ]
    likely = [answer for answer in found if answer.probability >= _MIN_PROBABILITY]
    return tuple(sorted(likely, key=lambda answer: (-answer.likelihood, answer.start_char)))


def _answer(sentence: Sentence, content: Content, things: Mapping[str, float]) -> Answer:
    evidence = sentence.evidence
    likelihood = probability(sentence.features)
    return Answer(
        article=evidence.article,
        quote=evidence.quote,
        start_char=evidence.start_char,
        end_char=evidence.end_char,
        before=sentence.before,
        content=content,
        likelihood=likelihood,
        probability=max(
            _given_report(likelihood)
            * _length_share(evidence, content, f"{sentence.before} {evidence.quote}", things),
            _EVIDENT if isinstance(content.value, Named) else 0.0,
        ),
    )


def answer_with(sentence: Sentence, content: Content) -> Answer:
    """A sentence as an answer with a value that was not read from it alone."""
    return _answer(sentence, content, {})


def _length_share(
    evidence: Evidence, content: Content, near: str, things: Mapping[str, float]
) -> float:
    """A long article leaves most questions open: there the sentence must be evidence by itself.

    So must it in a text without a date, which may be on any event.
    """
    article = evidence.article
    if len(article.text) <= _SHORT_CHARS and article.published_at:
        return 1.0
    if is_office(content.value):
        return 1.0
    share = max(_LEAST_SHARE, min(1.0, (_log_odds(evidence.probability) + 5.0) / 4.0))
    bag = with_lands(word_bag(near))
    missing = sum(rare for name, rare in things.items() if not mentions(name, bag))
    return share * max(_LEAST_ON_THING, 1 - _MISSING_THING * missing)
