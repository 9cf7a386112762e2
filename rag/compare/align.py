"""Third step: whether two articles' typed answers agree, differ, or cannot be compared."""

from __future__ import annotations

from collections.abc import Callable

from rag.compare.amounts import align_figures, align_moments
from rag.compare.answers import Answer
from rag.compare.causes import align_causes
from rag.compare.frame import Frame
from rag.compare.places import align_sites
from rag.compare.same import EXCLUSIVE, knows_name, same_agent
from rag.compare.sides import align_said, align_stances, compare_sides
from rag.compare.stance import Stance
from rag.compare.verdict import Verdict
from rag.compare.who import Agent

_ONE_UNTOLD = 0.7
"""Where only one of the sentences tells the act asked about, the other may name anybody."""

_BOTH_UNTOLD = 0.6


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
        is_exclusive = confidence >= EXCLUSIVE
        if _named_beside(one, second, is_exclusive) or _named_beside(other, first, is_exclusive):
            if not (one.is_told and other.is_told):
                return Verdict("unknown", 0.0, "somebody else is named beside")
            return Verdict("compatible", 0.8, "one is named beside the other")
        crossed = knows_name(one, second.article.text) + knows_name(other, first.article.text)
        confidence *= (1.0, 0.85, 0.5)[crossed]
        if one.is_told != other.is_told:
            confidence *= _ONE_UNTOLD
    if relation == "same" and not (one.is_told and other.is_told):
        confidence *= _BOTH_UNTOLD
    return Verdict(relation, confidence, "who did it")


def _named_beside(agent: Agent, answer: Answer, is_exclusive: bool) -> bool:
    """„Eine Tochter der Gruppe H., unter dem Namen T. bekannt“: the other's name is told with it.

    Somebody without a name is whom the article names elsewhere, if he can be.
    """
    told = answer.content.value
    is_nameless = isinstance(told, Agent) and not told.names and not is_exclusive
    return knows_name(agent, answer.article.text if is_nameless else answer.quote)


_COMPARERS: dict[str, Callable[[Answer, Answer, Frame], Verdict]] = {
    "number": align_figures,
    "duration": align_figures,
    "date": align_moments,
    "place": align_sites,
    "who": _agents,
    "cause": align_causes,
    "negation": align_stances,
    "outcome": align_stances,
    "wording": align_said,
}
