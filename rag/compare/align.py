"""Third step: whether two articles' typed answers agree, differ, or cannot be compared."""

from __future__ import annotations

from collections.abc import Callable

from rag.compare.across import across_languages
from rag.compare.amounts import align_figures, align_moments
from rag.compare.answers import Answer
from rag.compare.frame import Frame, mentions, stem_of
from rag.compare.places import align_sites
from rag.compare.same import knows_name, same_agent
from rag.compare.sides import align_said, align_stances, compare_sides
from rag.compare.stance import Stance
from rag.compare.verdict import Verdict
from rag.compare.who import Agent
from rag.compare.why import CONSEQUENCE_FIT, Cause, fields, is_general
from rag.language.terms import terms

_NAMED_OUTRIGHT = 0.5


def align(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """How two answers from different articles relate."""
    if first.quote == second.quote:
        return Verdict("same", 1.0, "equal wording")
    comparer = _COMPARERS.get(first.content.kind)
    if comparer is None or first.content.kind != second.content.kind:
        return Verdict("unknown", 0.0, "nothing typed to compare")
    return comparer(first, second, frame)


def _agents(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if isinstance(one, Stance) and isinstance(other, Stance):
        return compare_sides(one.sides, other.sides)
    if not (isinstance(one, Agent) and isinstance(other, Agent)):
        return Verdict("unknown", 0.0, "no person or group")
    relation, confidence = same_agent(one, other, first.article, second.article)
    if relation == "different":
        if _named_beside(one, second) or _named_beside(other, first):
            return Verdict("compatible", 0.8, "one is named beside the other")
        crossed = knows_name(one, second.article.text) + knows_name(other, first.article.text)
        confidence *= (1.0, 0.85, 0.5)[crossed]
    return Verdict(relation, confidence, "who did it")


def _named_beside(agent: Agent, answer: Answer) -> bool:
    """„Eine Tochter der Gruppe H., unter dem Namen T. bekannt“: the other's name is told with it.

    Somebody without a name is whom the article names elsewhere.
    """
    told = answer.content.value
    is_nameless = isinstance(told, Agent) and not told.names
    return knows_name(agent, answer.article.text if is_nameless else answer.quote)


def _causes(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Cause) and isinstance(other, Cause)):
        return Verdict("unknown", 0.0, "no cause")
    if min(one.fit, other.fit) <= CONSEQUENCE_FIT:
        return Verdict("unknown", 0.0, "what came of it is no cause")
    if first.article.language != second.article.language:
        return across_languages(one.words, other.words)
    told = (one.nouns, other.nouns) if one.nouns and other.nouns else (one.words, other.words)
    if _share_stem(*told) or _share_stem(*told[::-1]):
        return Verdict("same", 0.9, "a word of the cause is shared")
    if is_general(one) or is_general(other):
        return Verdict("compatible", 0.5, "one cause is only named by its kind")
    if fields(one.words) & fields(other.words) and not (_is_exact(one) and _is_exact(other)):
        return Verdict("compatible", 0.5, "causes of one kind")
    named = sum(cause.fit >= _NAMED_OUTRIGHT for cause in (one, other))
    return Verdict("different", (0.4, 0.55, 0.9)[named], "the causes share nothing")


def _is_exact(cause: Cause) -> bool:
    return bool(cause.nouns) and cause.fit >= 0.8


def _share_stem(words: frozenset[str], others: frozenset[str]) -> bool:
    parts = frozenset(part for word in others for part in (word, *terms(word, "de")))
    return any(
        mentions(part, parts) for word in words for part in {stem_of(word), *terms(word, "de")}
    )


_COMPARERS: dict[str, Callable[[Answer, Answer, Frame], Verdict]] = {
    "number": align_figures,
    "duration": align_figures,
    "date": align_moments,
    "place": align_sites,
    "who": _agents,
    "cause": _causes,
    "negation": align_stances,
    "outcome": align_stances,
    "wording": align_said,
}
