"""How much a sentence matters for a briefing: features, and weights that were fitted.

The weights of ``rag/data/briefing_weights.json`` are written by ``evals/fit/briefing.py`` from how
many statements of human annotators a sentence holds (1 on average). What a sentence states that
can be checked counts on top: the annotated texts are no news.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from rag.briefing.sentences import Sentence, Sentences, leans, specificity
from rag.briefing.texts import addressing_words
from rag.language.terms import terms
from rag.protocols import FloatArray

_FILE = Path(__file__).resolve().parent.parent / "data" / "briefing_weights.json"
FEATURES = (
    "similarity", "central", "opening", "leans", "shared", "length", "common", "titled",
    "addresses", "asks",
)  # fmt: skip
_SPECIFIC = 0.3
_NEIGHBOURS = 8
_BLOCK = 512


@cache
def fitted() -> Mapping[str, float]:
    """The weight of each feature, and the ``bias``."""
    loaded: dict[str, float] = json.loads(_FILE.read_text(encoding="utf-8"))["weights"]
    return loaded


def weigh(sentences: Sentences, weights: Mapping[str, float] | None = None) -> list[float]:
    """The weight of each sentence; about 1 on average."""
    if not sentences.items:
        return []
    chosen = fitted() if weights is None else weights
    own = np.array([chosen[name] for name in FEATURES])
    weighed = features(sentences) @ own + chosen["bias"]
    checkable = np.array([specificity(each) for each in sentences.items])
    return [float(each) for each in weighed + _SPECIFIC * (checkable - checkable.mean())]


def features(sentences: Sentences) -> FloatArray:
    """A row for each sentence, a column for each of ``FEATURES``."""
    items = sentences.items
    places = _places(items)
    spread = word_spread(items)
    most = max(spread.values(), default=1)
    count = Counter(term for each in items for term in each.terms)
    topic = standardised(np.array([each.similarity for each in items]))
    central = standardised(_centrality(sentences))
    titles = {
        each.article.article_id: set(terms(each.article.title or "", each.article.language))
        for each in items
    }
    rows = [
        (
            topic[index],
            central[index],
            1 / (1 + 0.5 * places[index]),
            float(leans(each)),
            # How widely its words are used by other origins, and how often in all.
            sum(spread[term] for term in each.terms) / (most * max(6, len(each.terms))),
            math.log(max(1, each.words)),
            sum(math.log(count[term]) for term in each.terms) / max(1, len(each.terms)),
            _share(titles[each.article.article_id], each.terms),
            float(addresses(each)),
            float(each.quote.rstrip().endswith("?")),
        )
        for index, each in enumerate(items)
    ]
    return np.array(rows, dtype=np.float32)


def word_spread(items: Sequence[Sentence]) -> Counter[str]:
    """By how many independent origins each word is used."""
    pairs = {(each.origin, term) for each in items for term in each.terms}
    return Counter(term for _, term in pairs)


def standardised(values: FloatArray) -> FloatArray:
    """Mean 0, deviation 1, what lies far off brought nearer."""
    spread = float(values.std())
    result: FloatArray = (values - values.mean()) / (spread if spread > 1e-6 else 1.0)
    return np.clip(result, -2.5, 2.5)


def _places(items: Sequence[Sentence]) -> list[int]:
    """Which sentence of its article each is, from 0."""
    seen: Counter[str] = Counter()
    places = []
    for each in items:
        places.append(seen[each.article.article_id])
        seen[each.article.article_id] += 1
    return places


def _share(wanted: set[str], held: frozenset[str]) -> float:
    return len(wanted & held) / max(1, len(wanted))


def addresses(sentence: Sentence) -> bool:
    """Whether it speaks of „wir“ or to the reader."""
    known = addressing_words(sentence.article.language)
    return any(word.strip('.,;:!?„“"()').lower() in known for word in sentence.quote.split())


def _centrality(sentences: Sentences) -> FloatArray:
    """The mean cosine with the nearest sentences of other origins."""
    items, vectors = sentences.items, sentences.vectors
    origins = {origin: place for place, origin in enumerate({s.origin: 0 for s in items})}
    own = np.array([origins[each.origin] for each in items])
    found = np.zeros(len(items), dtype=np.float32)
    for start in range(0, len(items), _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        block[own[start : start + _BLOCK, None] == own[None, :]] = 0.0
        count = min(_NEIGHBOURS, block.shape[1])
        top = -np.partition(-block, count - 1, axis=1)[:, :count]
        found[start : start + _BLOCK] = top.mean(axis=1)
    return found
