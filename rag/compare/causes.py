"""Whether two articles name the same cause: by the groups of known causes, else by words."""

from __future__ import annotations

from rag.compare.across import across_languages
from rag.compare.answers import Answer
from rag.compare.assumed import CONSEQUENCE_FIT
from rag.compare.cause_groups import likeness
from rag.compare.frame import Frame, mentions, stem_of
from rag.compare.verdict import Verdict
from rag.compare.why import Cause, fields, is_general
from rag.language.terms import terms

_NAMED_OUTRIGHT = 0.5
_SAID_TO_BE_CAUSE = 0.55
"""Beside a known cause, what does not say that it is a cause is seldom one."""
_KNOWN = {
    "same": Verdict("same", 0.85, "one known cause"),
    "related": Verdict("compatible", 0.5, "known causes that go together"),
    "different": Verdict("different", 1.0, "two known causes"),
}


def align_causes(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """Whether two answers name one cause."""
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Cause) and isinstance(other, Cause)):
        return Verdict("unknown", 0.0, "no cause")
    if min(one.fit, other.fit) <= CONSEQUENCE_FIT:
        return Verdict("unknown", 0.0, "what came of it is no cause")
    if known := likeness(one.groups, other.groups):
        return _KNOWN[known]
    if first.article.language != second.article.language:
        return across_languages(one.words, other.words)
    return _by_words(one, other)


def _by_words(one: Cause, other: Cause) -> Verdict:
    told = (one.nouns, other.nouns) if one.nouns and other.nouns else (one.words, other.words)
    if _share_stem(*told) or _share_stem(*told[::-1]):
        return Verdict("same", 0.9, "a word of the cause is shared")
    if is_general(one) or is_general(other):
        return Verdict("compatible", 0.5, "one cause is only named by its kind")
    if fields(one.words) & fields(other.words) and not (_is_exact(one) and _is_exact(other)):
        return Verdict("compatible", 0.5, "causes of one kind")
    if _is_beside_known(one, other) or _is_beside_known(other, one):
        return Verdict("unknown", 0.0, "beside a known cause it is none")
    named = sum(cause.fit >= _NAMED_OUTRIGHT for cause in (one, other))
    return Verdict("different", (0.4, 0.55, 0.9)[named], "the causes share nothing")


def _is_beside_known(cause: Cause, other: Cause) -> bool:
    is_known = bool(cause.groups.held)
    return not is_known and bool(other.groups.held) and cause.fit < _SAID_TO_BE_CAUSE


def _is_exact(cause: Cause) -> bool:
    return bool(cause.nouns) and cause.fit >= 0.8


def _share_stem(words: frozenset[str], others: frozenset[str]) -> bool:
    parts = frozenset(part for word in others for part in (word, *terms(word, "de")))
    return any(
        mentions(part, parts) for word in words for part in {stem_of(word), *terms(word, "de")}
    )
