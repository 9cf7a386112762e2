"""Which articles report the event the question is about."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from rag.compare.frame import Frame, mentions, word_bag
from rag.compare.persons import noun_ends_in
from rag.language.date_resolution import parse_published
from rag.language.folding import fold
from rag.types import Article, Passage

_WEIGHTS = Path(__file__).resolve().parent.parent / "data" / "compare_weights.json"
_NUMBERED = re.compile(
    r"\b(?P<kind>[ABKLSU]|Linie|Gleis|Tor|Halle|Etappe|Landstraße|Bundesstraße|Autobahn|Route|Line)"
    r"[ -]?(?P<number>\d{1,4})\b(?![.,]?\d)"
)
_BY_ITS_NAME = 0.4
"""That an article shares a rare name with one that surely reports, and was written that week."""
_SURE, _FEW, _DAYS = 0.8, 4, 3
_STEP = 0.03
_FOREIGN = 0.5
_ACROSS = 0.02
"""By how much a text in another language is less similar to the question."""
_USUAL_SIMILARITY = 0.83


def relevance(frame: Frame, passages: Sequence[Passage]) -> dict[str, float]:
    """For each article the probability that it reports what the question is about.

    Rests on the names of the question it mentions, the rarest words counting most, and on its
    similarity to the question, which decides where a name is spelt differently or translated. An
    article of the same days in quite other words is known by a name that few share.
    """
    articles = {passage.article.article_id: passage.article for passage in passages}
    features = event_features(frame, passages)
    found = {
        key: _probability(features[key])
        if _in_year(frame, article) and _on_number(frame, article)
        else 0.0
        for key, article in articles.items()
    }
    for key in _of_one_name(frame, articles, found):
        found[key] = max(found[key], _BY_ITS_NAME)
    return found


def _of_one_name(
    frame: Frame, articles: Mapping[str, Article], found: Mapping[str, float]
) -> frozenset[str]:
    """Articles that share a name few others have with one that surely reports, near in time.

    „Halb Vierlandstadt saß im Dunkeln“ has nothing else of "Stromausfall in Vierlandstadt".
    """
    bags = {key: word_bag(_text(article)) for key, article in articles.items()}
    sure = {key for key, share in found.items() if share >= _SURE}
    kept: set[str] = set()
    for name in frame.proper:
        told = {key for key, bag in bags.items() if mentions(name, bag)}
        if len(told) <= _FEW and (known := told & sure):
            days = [parse_published(articles[key].published_at) for key in known]
            kept |= {
                key
                for key in told - sure
                if found[key] and _near(parse_published(articles[key].published_at), days)
            }
    return frozenset(kept)


def _near(day: date | None, others: Sequence[date | None]) -> bool:
    return day is not None and any(
        other is not None and abs((day - other).days) <= _DAYS for other in others
    )


EVENT_FEATURES = ("proper", "names", "similarity_gap", "similarity")


def event_features(
    frame: Frame, passages: Sequence[Passage]
) -> dict[str, tuple[float, float, float, float]]:
    """What ``relevance`` is computed from, by article."""
    articles = {passage.article.article_id: passage.article for passage in passages}
    bags = {key: word_bag(_text(article)) for key, article in articles.items()}
    rarity = _rarity(frame, bags)
    named = {
        key: sum(rarity[name] for name in frame.names if mentions(name, bag))
        for key, bag in bags.items()
    }
    most = max(named.values(), default=0.0) or 1.0
    dense: dict[str, float] = {}
    for passage in passages:
        key = passage.article.article_id
        dense[key] = max(dense.get(key, 0.0), passage.scores.dense)
    closest = max(dense.values(), default=0.0)
    least = {  # names are translated: their absence from a text in another language tells little
        key: _FOREIGN if article.language != frame.language else 0.0
        for key, article in articles.items()
    }
    return {
        key: (
            max(least[key], _share(frame.proper, bags[key])),
            max(least[key], named[key] / most) if frame.names else 1.0,
            (dense[key] - closest) / _STEP,
            (dense[key] + _ACROSS * bool(least[key]) - _USUAL_SIMILARITY) / _STEP,
        )
        for key in articles
    }


def _rarity(frame: Frame, bags: Mapping[str, frozenset[str]]) -> dict[str, float]:
    return {
        name: math.log((len(bags) + 1) / (sum(mentions(name, bag) for bag in bags.values()) + 0.5))
        for name in frame.names
    }


def things_asked(frame: Frame, passages: Sequence[Passage]) -> dict[str, float]:
    """The question's nouns and names that are no counted people, with how rare each is.

    None of an English question: there only names are capitalised, and an encyclopedia's sentence
    leaves its subject's name to the title.
    """
    if frame.language == "en":
        return {}
    articles = {passage.article.article_id: passage.article for passage in passages}
    bags = {key: word_bag(_text(article)) for key, article in articles.items()}
    people = {
        fold(noun) for noun in frame.asked.names if noun_ends_in(noun, "people_endings", "de")
    }
    return {name: rare for name, rare in _rarity(frame, bags).items() if name not in people}


def _share(names: frozenset[str], bag: frozenset[str]) -> float:
    if not names:
        return 0.5
    return sum(mentions(name, bag) for name in names) / len(names)


@cache
def _weights() -> tuple[tuple[float, ...], float]:
    loaded = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["event"]
    return tuple(loaded["weights"][name] for name in EVENT_FEATURES), float(loaded["intercept"])


def _probability(features: Sequence[float]) -> float:
    weights, intercept = _weights()
    total = intercept + sum(w * f for w, f in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _text(article: Article) -> str:
    return f"{article.title or ''} {article.text}"


def _on_number(frame: Frame, article: Article) -> bool:
    """Whether the article can speak of "A 12" or "Linie 4" of the question, not of "A 7"."""
    asked = numbered(frame.question.text)
    told = numbered(_text(article)) if asked else frozenset()
    kinds = {kind for kind, _ in told}
    return all((kind, number) in told or kind not in kinds for kind, number in asked)


@lru_cache(maxsize=4096)
def numbered(text: str) -> frozenset[tuple[str, str]]:
    """What is told apart by a number: roads, lines, tracks, as ("a", "12")."""
    return frozenset((m["kind"].lower(), m["number"]) for m in _NUMBERED.finditer(text))


def _in_year(frame: Frame, article: Article) -> bool:
    """Whether the article can speak of a year the question names."""
    years = frame.asked.years
    if not years or not article.published_at:
        return True
    published = int(article.published_at[:4])
    text = _text(article)
    return any(published == year or str(year) in text for year in years)
