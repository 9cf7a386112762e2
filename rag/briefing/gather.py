"""First step of a briefing: topic → the articles that belong to it, and why others do not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rag.briefing.texts import say
from rag.compare.frame import mentions, read_frame, word_bag
from rag.language.date_resolution import parse_published
from rag.language.dates import dates
from rag.language.terms import query_terms, terms
from rag.protocols import FloatArray
from rag.retrieve.matching import question_words
from rag.types import Article, Language, Question

if TYPE_CHECKING:
    from rag.index.store import Store

_CANDIDATES = 6000
"""Chunks looked at by each search: more than a thousand articles."""
_LEAD_CHARS = 700
_NAMED_OFTEN = 3
_SHORTEST_NAME = 3
_LEAST_WORDS = 0.6
_LEAST_CLOSE = 0.825
"""With e5, articles on something else stay below."""
_CLOSE = 0.84
_STEP_BEHIND = 0.06
_GAP_DAYS = 60
_BEFORE_DAYS, _AFTER_DAYS = 3, 45
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Considered:
    """An article that came up for the topic; ``reason`` is empty where it is used."""

    article: Article
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, read: its names, its other words, and the days it speaks of."""

    question: Question
    names: frozenset[str]
    words: tuple[frozenset[str], ...]
    days: tuple[date, date] | None


def read_topic(question: Question) -> Topic:
    """What a topic asks for. A date in it filters; it is no word to look for."""
    text, language = question.text, question.language
    mentioned = [found for found in dates(text, language) if found.start and found.end]
    stated = [found for found in mentioned if found.basis == "stated"]
    bare = text
    for found in reversed(stated):
        bare = bare[: found.start_char] + " " + bare[found.end_char :]
    frame = read_frame(Question(text=bare, language=language), language)
    words = tuple(word.terms | word.parts for word in question_words(bare, language).words)
    days = None
    if stated:
        starts = [date.fromisoformat(str(found.start)) for found in stated]
        ends = [date.fromisoformat(str(found.end)) for found in stated]
        days = (min(starts), max(ends))
    # „G“ of „G8 oder G9“ is no name.
    names = frozenset(each for each in frame.proper if len(each) >= _SHORTEST_NAME)
    return Topic(question, names, words, days)


def gather(
    topic: Topic, store: Store, query: FloatArray, allowed: frozenset[str] | None
) -> tuple[Considered, ...]:
    """Every article that comes up for the topic, the closest first."""
    closeness = _closeness(topic, store, query, allowed)
    articles = [each for each in store.articles() if each.article_id in closeness]
    nearest = max(closeness.values(), default=0.0)
    found = []
    for article in articles:
        close = closeness[article.article_id]
        if close < _LEAST_CLOSE:
            continue
        share = _share_of_words(topic, article)
        if close >= max(_CLOSE, nearest - _STEP_BEHIND) or share >= _LEAST_WORDS:
            passing = _named_in_passing(topic, article)
            reason = say("other_place", topic.question.language, passing) if passing else ""
            found.append(Considered(article, share + close, reason))
    found.sort(key=lambda each: (-each.weight, each.article.article_id))
    return _of_one_period(topic, _unless_none_is_left(topic, found))


def _unless_none_is_left(topic: Topic, found: list[Considered]) -> list[Considered]:
    """Names in passing rule articles out where others are about them; unheard of, they rule all."""
    if any(not each.reason for each in found):
        return found
    bags = [word_bag(each.article.text) for each in found]
    if all(any(mentions(name, bag) for bag in bags) for name in topic.names):
        return [Considered(each.article, each.weight, "") for each in found]
    return []


def _closeness(
    topic: Topic, store: Store, query: FloatArray, allowed: frozenset[str] | None
) -> Mapping[str, float]:
    """The best cosine of each article that one of the searches found."""
    limit = min(_CANDIDATES, max(1, store.counts().chunks))
    dense = dict(store.search_dense(query, limit, allowed))
    wanted = query_terms(topic.question.text, topic.question.language)
    lexical = [chunk_id for chunk_id, _ in store.search_lexical(wanted, limit, allowed)]
    missing = [chunk_id for chunk_id in lexical if chunk_id not in dense]
    dense.update(store.dense_scores(query, missing))
    best: dict[str, float] = {}
    for chunk_id, cosine in dense.items():
        article_id = chunk_id.rsplit(":", 2)[0]
        best[article_id] = max(best.get(article_id, 0.0), cosine)
    return best


def _share_of_words(topic: Topic, article: Article) -> float:
    """Of the topic's words the share the article holds; in title and lead they count in full."""
    if not topic.words:
        return 1.0
    lead = set(terms(f"{article.title or ''} {article.text[:_LEAD_CHARS]}", article.language))
    rest = set(terms(article.text, article.language))
    return sum(_held(word, lead, rest) for word in topic.words) / len(topic.words)


def _held(word: frozenset[str], lead: set[str], rest: set[str]) -> float:
    if word & lead:
        return 1.0
    if word & rest:
        return 0.7
    long = [term for term in word if len(term) > 4]
    return 0.5 if any(term in other for term in long for other in lead) else 0.0


def _named_in_passing(topic: Topic, article: Article) -> str | None:
    """A name of the topic that the article does not open with and hardly speaks of."""
    opening = word_bag(f"{article.title or ''} {article.text[:_LEAD_CHARS]}")
    whole = word_bag(article.text)
    for name in sorted(topic.names):
        if mentions(name, opening):
            continue
        if not mentions(name, whole):
            # Written otherwise, or in another language: what else it holds has decided.
            if article.language != topic.question.language:
                continue
            return name.capitalize()
        if _count(name, article.text) < _NAMED_OFTEN:
            return name.capitalize()
    return None


def _count(name: str, text: str) -> int:
    stem = name[: max(4, len(name) - 2)]
    return sum(1 for word in re.findall(r"\w+", text.lower()) if word.startswith(stem))


def _of_one_period(topic: Topic, found: Sequence[Considered]) -> tuple[Considered, ...]:
    """Sets aside what belongs to another time than the topic, or than most of the articles."""
    used = [each for each in found if not each.reason]
    kept = _in_days(topic.days, used) if topic.days else _main_period(used)
    reason = say("other_event", topic.question.language)
    return tuple(
        each
        if each.reason or each.article.article_id in kept
        else Considered(each.article, each.weight, reason)
        for each in found
    )


def _in_days(days: tuple[date, date], used: Sequence[Considered]) -> set[str]:
    first = days[0] - timedelta(days=_BEFORE_DAYS)
    last = days[1] + timedelta(days=_AFTER_DAYS)
    kept = set()
    for each in used:
        published = published_day(each.article)
        years = {int(year) for year in _YEAR.findall(each.article.text)}
        is_then = first <= published <= last if published else _may_be(days[0].year, years)
        if is_then:
            kept.add(each.article.article_id)
    return kept


def _may_be(year: int, years: set[int]) -> bool:
    """An undated text that names no year later or only other years is judged by its latest."""
    return not years or max(years) == year or year in years


def _main_period(used: Sequence[Considered]) -> set[str]:
    """The heaviest run of articles without a gap of months; undated ones go by their years."""
    dated = sorted(
        ((day, each) for each in used if (day := published_day(each.article))),
        key=lambda pair: (pair[0], pair[1].article.article_id),
    )
    runs: list[list[tuple[date, Considered]]] = []
    for pair in dated:
        if runs and (pair[0] - runs[-1][-1][0]).days <= _GAP_DAYS:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    if not runs:
        return {each.article.article_id for each in used}
    main = max(runs, key=lambda run: (sum(each.weight for _, each in run), run[0][0]))
    years = {day.year for day, _ in main}
    others = {day.year for run in runs if run is not main for day, _ in run} - years
    kept = {each.article.article_id for _, each in main}
    for each in used:
        if published_day(each.article) is None:
            named = {int(year) for year in _YEAR.findall(each.article.text)}
            if not named & others or named & years:
                kept.add(each.article.article_id)
    return kept


def published_day(article: Article) -> date | None:
    """The day of publication, where it is known."""
    return parse_published(article.published_at)


def language_of(articles: Sequence[Article]) -> Language:
    """The language most of the articles are in."""
    german = sum(each.language == "de" for each in articles)
    return "de" if 2 * german >= len(articles) else "en"
