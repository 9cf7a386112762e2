"""What the decision to answer is made from: the best evidence, its passage, and what is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.answer.features import passage_terms
from rag.language.terms import terms
from rag.retrieve.matching import Matcher, QuestionWords, context_terms, matcher, named
from rag.types import AnswerKind, Evidence, Passage

_TOP = 3
_TYPED: frozenset[AnswerKind] = frozenset({"number", "date", "duration", "place", "who"})
"""Kinds of answers whose presence in a sentence can be told."""
_NEAR_BEST = 3.5
_FOUND = 0.5
_CLEAR = 3.0
"""A lead over the next passage or sentence beyond which more says no more.

Where several outlets report one event, the next passage is as good as the first: unlimited, the
lead would speak against every answer that more than one outlet gives.
"""
_OF_BEST = (
    "about",
    "coverage",
    "coverage_after",
    "coverage_before",
    "coverage_gap",
    "coverage_title",
    "fit_date",
    "fit_number",
    "fit_place",
    "fit_what",
    "fit_who",
    "focus",
    "focus_part",
    "is_short",
    "length",
    "name_coverage",
    "names_held",
    "passage_coverage",
    "passage_gap",
    "passage_similarity",
    "rarest_missing",
    "similarity",
    "similarity_gap",
    "words_found",
)


def abstention_features(
    words: QuestionWords, evidence: Sequence[Evidence], passages: Sequence[Passage]
) -> Mapping[str, float]:
    """The features of ``rag/data/abstain.json``; ``evidence`` holds at least one sentence."""
    best = evidence[0]
    features = {f"best_{name}": best.features[name] for name in _OF_BEST}
    top = evidence[:_TOP]
    second = evidence[1].features["score"] if len(evidence) > 1 else best.features["score"]
    features["score"] = best.features["score"]
    features["margin"] = min(best.features["score"] - second, _CLEAR)
    features["top_similarity"] = max(each.similarity for each in top)
    features["top_coverage"] = max(each.features["coverage_title"] for each in top)
    features |= _asked(words, evidence)
    return features | _passages(passages, best) | _words(words, best, passages)


def _asked(words: QuestionWords, evidence: Sequence[Evidence]) -> dict[str, float]:
    """What kind of answer is asked for, and whether the good sentences lack it."""
    kind = words.asked.kind
    floor = evidence[0].features["score"] - _NEAR_BEST
    good = [each for each in evidence[:_TOP] if each.features["score"] >= floor]
    typed = kind in _TYPED
    fit = max(each.features[f"fit_{kind}"] for each in good) if typed else 1.0
    measured = kind in ("number", "duration") and bool(words.asked.units)
    about = max(each.features["about"] for each in good) if measured else 1.0
    return {
        "asks_number": float(kind == "number"),
        "asks_cause": float(kind == "cause"),
        "asks_yes_no": float(kind == "yes_no"),
        "lacks_kind": 1.0 - fit,
        "lacks_kind_best": 1.0 - evidence[0].features[f"fit_{kind}"] if typed else 0.0,
        "lacks_unit": 1.0 - about,
        "lacks_focus": float(
            bool(words.asked.focus)
            and not any(each.features["focus"] or each.features["focus_part"] for each in good)
        ),
    }


def _passages(passages: Sequence[Passage], best: Evidence) -> dict[str, float]:
    fused = sorted((passage.scores.fused for passage in passages), reverse=True)
    own = next((p for p in passages if p.chunk.chunk_id == best.chunk_id), passages[0])
    return {
        "passage_dense": own.scores.dense,
        "passages_dense": max(passage.scores.dense for passage in passages),
        "passages_best_sentence": max(passage.scores.best_sentence for passage in passages),
        "passages_fused": fused[0],
        "passages_lead": min(fused[0] - fused[1], _CLEAR) if len(fused) > 1 else 0.0,
    }


def _words(words: QuestionWords, best: Evidence, passages: Sequence[Passage]) -> dict[str, float]:
    """How much of the question the sentence, its passage, its article and all passages lack."""
    texts = [passage_terms(passage) for passage in passages]
    match = matcher(words, tuple(texts))
    own = next((i for i, p in enumerate(passages) if p.chunk.chunk_id == best.chunk_id), 0)
    title = context_terms(best.article)
    in_sentence = _found(match, title | frozenset(terms(best.quote, best.article.language)))
    in_each = [_found(match, text) for text in texts]
    article_id = best.article.article_id
    same = [f for f, p in zip(in_each, passages, strict=True) if p.article.article_id == article_id]
    weights = np.array(match.weights)
    total = float(weights.sum()) or 1.0
    proper = frozenset[str]().union(*named(words.text, words.language))
    is_name = np.array([not word.terms.isdisjoint(proper) for word in words.words], dtype=bool)
    is_noun = np.array(
        [word.is_name and words.language == "de" for word in words.words], dtype=bool
    )
    marked = np.array([word.is_name or word.is_number for word in words.words], dtype=bool)
    numbers = np.array([word.is_number for word in words.words], dtype=bool)
    everywhere = _highest(in_each)
    in_passage = in_each[own]
    lacks_sentence, lacks_passage = in_sentence < _FOUND, in_passage < _FOUND
    lacks_all = everywhere < _FOUND
    return {
        "article_coverage": float(weights @ _highest(same)) / total,
        "all_coverage": float(weights @ everywhere) / total,
        "passage_coverage": float(weights @ in_passage) / total,
        "all_missing": float(weights @ lacks_all) / total,
        "all_missing_count": float(lacks_all.sum()),
        "passage_missing_count": float(lacks_passage.sum()),
        "passage_missing_share": _mean(lacks_passage),
        "passage_missing_rarest": float(max(weights * lacks_passage, default=0.0)) / total,
        "sentence_missing_count": float(lacks_sentence.sum()),
        "sentence_missing_share": _mean(lacks_sentence),
        "names_missing_passage": float((lacks_passage & marked).sum()),
        "names_missing_sentence": float((lacks_sentence & marked).sum()),
        "numbers_missing_passage": float((lacks_passage & numbers).sum()),
        "numbers_missing_all": float((lacks_all & numbers).sum()),
        "names_asked": float(is_name.sum()),
        "names_missing_all": float((lacks_all & is_name).sum()),
        "said_in_passage": _share(weights, in_passage, ~is_name),
        "said_in_sentence": _share(weights, in_sentence, ~is_name),
        "nouns_missing_all": float((lacks_all & is_noun & ~is_name).sum()),
        "others_missing_all": float((lacks_all & ~is_noun & ~is_name).sum()),
        "nouns_missing_passage": float((lacks_passage & is_noun & ~is_name).sum()),
        "others_missing_passage": float((lacks_passage & ~is_noun & ~is_name).sum()),
        "nouns_missing_sentence": float((lacks_sentence & is_noun & ~is_name).sum()),
        "others_missing_sentence": float((lacks_sentence & ~is_noun & ~is_name).sum()),
        "words": math.log1p(len(weights)),
        "weight_in_sentence": float(weights @ in_sentence),
        "weight_in_passage": float(weights @ in_passage),
    }


def _found(match: Matcher, text: frozenset[str]) -> NDArray[np.float64]:
    return np.array(match.found(text), dtype=np.float64)


def _highest(found: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    highest: NDArray[np.float64] = np.max(np.array(found), axis=0)
    return highest


def _share(
    weights: NDArray[np.float64], found: NDArray[np.float64], which: NDArray[np.bool_]
) -> float:
    """How much of the question's weight in some of its words is found; 1 where there are none."""
    total = float(weights[which].sum())
    return float((weights * found)[which].sum()) / total if total else 1.0


def _mean(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if flags.size else 0.0
