"""Sixth stage: does the evidence answer the question, in part, or not at all?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.answer.abstention_features import abstention_features
from rag.answer.model import linear_model, load_model_data, logistic
from rag.language.names import Name, names
from rag.language.questions import Asked
from rag.language.terms import Token, terms, tokens
from rag.retrieve.matching import QuestionWords, context_terms, matcher, question_words
from rag.retrieve.retrieve import Retrieval
from rag.settings import AnswerSettings
from rag.types import AnswerStatus, Article, Evidence, Question

CLOSE = 3.5
"""Log-odds below the best sentence from which on a sentence is no answer beside it.

On the half of XQuAD that nothing was fitted on, sentences further off never answered among the
first three, and leaving them out shortens the answer from 3 sentences to 2.
"""
TermsOf = Callable[[Collection[str]], Mapping[str, frozenset[str]]]

_LOOKED_AT = 5
_HELD = 0.5
"""How sure a word must be found to count as held: "Südkorea" is in "südkoreanisch"."""
_CHECKED_PARTS = frozenset({"number", "date", "duration", "place", "who"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether the sources answer; ``missing`` names words of the question they do not hold."""

    status: AnswerStatus
    confidence: float
    missing: tuple[str, ...] = ()


def decide(
    question: Question,
    evidence: Sequence[Evidence],
    retrieval: Retrieval,
    settings: AnswerSettings | None = None,
    terms_of: TermsOf = lambda article_ids: {},
) -> Decision:
    """The status with the calibrated probability that the best evidence answers.

    A question that names a year is not answered from articles of other years. ``terms_of`` knows
    the index terms of whole articles, to spare working them out.
    """
    if not evidence:
        return Decision(status="not_in_sources", confidence=0.0)
    words = question_words(question.text, question.language)
    in_time = [each for each in evidence if is_in_time(words.asked, each.article)]
    if not in_time:
        years = tuple(str(year) for year in words.asked.years)
        return Decision(status="not_in_sources", confidence=0.0, missing=years)
    features = abstention_features(words, in_time, retrieval.passages)
    own = "same" if question.language == in_time[0].article.language else "other"
    data = load_model_data("abstain")[f"{own}_language"]
    confidence = logistic(linear_model(data).score(features))
    threshold = float(data["threshold"])
    if settings and settings.min_confidence is not None:
        threshold = settings.min_confidence
    absent = _absent_names(words, retrieval, terms_of)
    missing = tuple(_as_called(name, words.asked) for name in absent)
    # Whatever else fits: of a person nobody mentions, nothing is said.
    is_unheard_of = own == "same" and any(name.kind == "person" for name in absent)
    if confidence < threshold or is_unheard_of:
        return Decision(status="not_in_sources", confidence=confidence, missing=missing)
    unanswered = _unanswered_part(words.asked, in_time)
    if unanswered:
        return Decision(status="partial", confidence=confidence, missing=(unanswered,))
    return Decision(status="answered", confidence=confidence)


def is_in_time(asked: Asked, article: Article) -> bool:
    """Whether an article may answer: it names an asked year, is from one, or is not dated."""
    if not asked.years or not article.published_at:
        return True
    if int(article.published_at[:4]) in asked.years:
        return True
    return any(re.search(rf"(?<!\d){year}(?!\d)", article.text) for year in asked.years)


def _absent_names(
    words: QuestionWords, retrieval: Retrieval, terms_of: TermsOf
) -> tuple[Name, ...]:
    """Proper names of the question that no retrieved article holds in any form."""
    articles = {p.article.article_id: p.article for p in retrieval.passages}.values()
    # Most names are there word for word; to read whole articles for the others is slow.
    left = [
        (name, own)
        for name in names(words.text, words.language)
        if name.kind != "role"
        and (own := _own_words(name, words))
        and not any(_is_said(words.words[at].token, one) for at in own for one in articles)
    ]
    if not left:
        return ()
    known = terms_of([each.article_id for each in articles])
    held = frozenset[str]().union(
        *(
            context_terms(each)
            | (known.get(each.article_id) or frozenset(terms(each.text, each.language)))
            for each in articles
        )
    )
    found = matcher(words, (held,)).found(held)
    return tuple(name for name, own in left if max(found[at] for at in own) < _HELD)


def _own_words(name: Name, words: QuestionWords) -> tuple[int, ...]:
    """The places of a name's words among the question's; its first word may be any."""
    return tuple(
        at
        for at, word in enumerate(words.words)
        if name.start_char <= word.token.start_char < name.end_char and word.token.start_char
    )


def _is_said(token: Token, article: Article) -> bool:
    """Whether a word that gives an index term stands in an article as it is."""
    return (
        article.language != "other"
        and token.text in article.text
        and token.text in _words_of(article.text)
        and bool(terms(token.text, article.language))
    )


def _as_called(name: Name, asked: Asked) -> str:
    """„Merz“ of „Nahm Merz teil?“: the verb a closed question begins with is no part of it."""
    begins = asked.kind == "yes_no" and name.start_char == 0
    return name.text.split(" ", 1)[-1] if begins else name.text


@lru_cache(maxsize=1024)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(token.text for token in tokens(text))


def _unanswered_part(asked: Asked, evidence: Sequence[Evidence]) -> str | None:
    """The kind of a second question ("… und wann?") that no good sentence fits."""
    for kind in asked.kinds[1:]:
        good = [
            each
            for each in evidence[:_LOOKED_AT]
            if each.features["score"] >= evidence[0].features["score"] - CLOSE
        ]
        if kind in _CHECKED_PARTS and not any(each.features[f"fit_{kind}"] for each in good):
            return kind
    return None
