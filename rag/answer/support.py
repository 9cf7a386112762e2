"""Is a written sentence supported by the quotes it cites? Facts by rules, meaning by likeness.

The weights of the likeness are fitted by ``evals/fit/support.py`` (``rag/data/support.json``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answer.model import linear_model, load_model_data, logistic
from rag.answer.support_facts import Missing, missing_facts
from rag.answer.support_quotes import Quoted
from rag.language.sentences import split_sentences
from rag.language.terms import terms
from rag.protocols import Embedder, FloatArray
from rag.types import Language, Support

__all__ = [
    "Quoted",
    "Similarity",
    "Verdict",
    "check_support",
    "likeness_features",
    "mean_of_best",
    "similarity_by",
]

Similarity = Callable[[str, Sequence[str]], float]
"""How near a sentence is to texts, across languages: ``mean_of_best`` of its cosines."""
_MARKS = re.compile(r"[„“”\"»«‚‘’']")
_PREFIX = 5
_NEAR = 0.8
_BEST = 3
_SETTLED = 0.9
_SETTLED_PAIRS = 0.4
_WINDOW = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether quotes support a sentence, how alike they are (0..1), and what they lack."""

    support: Support
    likeness: float
    missing: tuple[Missing, ...] = ()


def check_support(
    sentence: str,
    language: Language,
    quotes: Sequence[Quoted],
    similarity: Similarity | None = None,
) -> Verdict:
    """The verdict on one sentence.

    Words of another language say little, so there only ``similarity`` can tell the meaning; without
    it a sentence whose facts hold is ``unchecked``. It is asked only where words do not settle it.
    """
    if not quotes:
        return Verdict("unsupported", 0.0)
    plain = _plain(sentence)
    if any(plain == _plain(each.quote) for each in quotes):
        return Verdict("verbatim", 1.0)
    missing = missing_facts(sentence, language, quotes)
    if missing:
        return Verdict("unsupported", 0.0, missing)
    texts = [each.quote for each in quotes]
    data = load_model_data("support")
    if any(each.language != language for each in quotes):
        if similarity is None:
            return Verdict("unchecked", 0.0)
        return _judged(similarity(sentence, texts), float(data["cross_language_similarity"]))
    features = likeness_features(sentence, language, texts, [e.article.outlet for e in quotes])
    if features["coverage"] < float(data["least_coverage"]):
        return Verdict("unsupported", features["coverage"])
    is_settled = features["coverage"] >= _SETTLED and features["pairs"] >= _SETTLED_PAIRS
    if is_settled or similarity is None:
        words = logistic(linear_model(data["words"]).score(features))
        return _judged(words, 0.0 if is_settled else float(data["words"]["threshold"]))
    if _is_short(quotes):
        return _judged(similarity(sentence, [" ".join(texts)]), float(data["quote_similarity"]))
    features["similarity"] = similarity(sentence, texts)
    meaning = logistic(linear_model(data["meaning"]).score(features))
    return _judged(meaning, float(data["meaning"]["threshold"]))


def _is_short(quotes: Sequence[Quoted]) -> bool:
    """Whether the quotes are a few sentences, which then must say it together."""
    return sum(len(split_sentences(e.quote, e.language)) for e in quotes) <= _BEST


def mean_of_best(cosines: Sequence[float]) -> float:
    """The mean of the three highest: one sentence alike by chance is not enough."""
    best = sorted(cosines, reverse=True)[:_BEST]
    return sum(best) / len(best) if best else 0.0


def similarity_by(embedder: Embedder) -> Similarity:
    """The similarity that an embedding model sees; each text is embedded once."""
    known: dict[str, FloatArray] = {}

    def near(sentence: str, texts: Sequence[str]) -> float:
        for text in (sentence, *texts):
            if text not in known:
                known[text] = embedder.embed_queries([text])[0]
        return mean_of_best([float(known[sentence] @ known[text]) for text in texts])

    return near


def _judged(likeness: float, threshold: float) -> Verdict:
    return Verdict("supported" if likeness >= threshold else "unsupported", likeness)


def likeness_features(
    sentence: str, language: Language, quotes: Sequence[str], outlets: Sequence[str] = ()
) -> dict[str, float]:
    """How much of what the sentence says the quotes hold, all together and in one place."""
    named = {term for outlet in outlets for term in terms(outlet, language)}
    said = [term for term in terms(sentence, language) if term not in named]
    wanted = list(dict.fromkeys(said))
    stretches = _stretches(quotes, language)
    every = frozenset(term for stretch in stretches for term in stretch)
    pairs = {(a, b) for a, b in pairwise(said) if a != b}
    best = max((_coverage(wanted, stretch) for stretch in stretches), default=0.0)
    return {
        "coverage": _coverage(wanted, every),
        "best_coverage": best,
        "pairs": max((_pair_share(pairs, quote, language) for quote in quotes), default=0.0),
    }


def _stretches(quotes: Sequence[str], language: Language) -> list[frozenset[str]]:
    """The index terms of every two neighbouring sentences."""
    found = []
    for quote in quotes:
        sentences = [
            frozenset(terms(quote[span.start_char : span.end_char], language))
            for span in split_sentences(quote, language)
        ]
        found += [
            frozenset[str]().union(*sentences[place : place + _WINDOW])
            for place in range(max(1, len(sentences) - _WINDOW + 1))
        ]
    return found


def _coverage(wanted: Sequence[str], text: frozenset[str]) -> float:
    return sum(_holds(term, text) for term in wanted) / len(wanted) if wanted else 1.0


def _holds(term: str, text: frozenset[str]) -> float:
    """1 for the term itself, less for a word with the same beginning."""
    if term in text:
        return 1.0
    if len(term) < _PREFIX:
        return 0.0
    return _NEAR if any(other[:_PREFIX] == term[:_PREFIX] for other in text) else 0.0


def _pair_share(pairs: set[tuple[str, str]], quote: str, language: Language) -> float:
    """The share of neighbouring terms that stand near each other in the quote, too."""
    if not pairs:
        return 1.0
    places: dict[str, list[int]] = {}
    for place, term in enumerate(terms(quote, language)):
        places.setdefault(term, []).append(place)
    near = sum(
        any(abs(one - other) <= 4 for one in places.get(a, ()) for other in places.get(b, ()))
        for a, b in pairs
    )
    return near / len(pairs)


def _plain(text: str) -> str:
    """The words alone: quotation marks and spaces may differ."""
    return " ".join(_MARKS.sub("", text).split()).rstrip(".!?… ")
