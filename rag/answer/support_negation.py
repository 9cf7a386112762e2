"""Negation that a sentence has and its quotes have not, or the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rag.answer.support_quotes import Quoted
from rag.language.lexicon import word_set
from rag.language.negation import negations
from rag.language.polarity import outcomes
from rag.language.terms import Token, terms, tokens
from rag.types import Language

_BEGINNING = 6
_NEGATED_SHARE = 0.3
_RESTATED_SHARE = 0.6


def slipped_negation(
    sentence: str, language: Language, quotes: Sequence[Quoted]
) -> tuple[str, ...]:
    """The negations that only the sentence or only a quote has, over the same words."""
    moved = _slipped_negator(sentence, language, quotes)
    if moved:
        return (moved,)
    own = [_scope_terms(sentence, n.scope_start, n.scope_end, language)
           for n in negations(sentence, language)]  # fmt: skip
    theirs = [
        _scope_terms(each.quote, n.scope_start, n.scope_end, language)
        for each in quotes
        for n in negations(each.quote, language)
    ]
    if _outcomes_agree(sentence, language, quotes):
        return ()
    missing = []
    for negated in own:
        if not any(_share(negated, other) >= _NEGATED_SHARE for other in theirs):
            missing.append(" ".join(sorted(negated)) or sentence)
    said = set(terms(sentence, language))
    for negated in theirs:
        is_restated = bool(negated) and len(negated & said) >= _RESTATED_SHARE * len(negated)
        if is_restated and not any(_share(negated, other) >= _NEGATED_SHARE for other in own):
            missing.append(" ".join(sorted(negated)))
    return tuple(missing)


def _slipped_negator(sentence: str, language: Language, quotes: Sequence[Quoted]) -> str | None:
    """A negator that one text has between two words which stand side by side in the other."""
    own, own_pairs = _around_negators(sentence, language), _neighbours(sentence)
    for each in quotes:
        theirs, their_pairs = _around_negators(each.quote, language), _neighbours(each.quote)
        slipped = [own[pair] for pair in own.keys() & their_pairs]
        slipped += [theirs[pair] for pair in theirs.keys() & own_pairs]
        if slipped:
            return slipped[0]
    return None


def _around_negators(text: str, language: Language) -> dict[tuple[str, str], str]:
    """The words left and right of each negator, by their beginnings: endings change with it."""
    found = tokens(text)
    negators = {negation.start_char: negation.text for negation in negations(text, language)}
    return {
        (_beginning(left), _beginning(right)): negators[middle.start_char]
        for left, middle, right in zip(found, found[1:], found[2:], strict=False)
        if middle.start_char in negators
    }


def _neighbours(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((_beginning(a), _beginning(b)) for a, b in pairwise(tokens(text)))


def _beginning(token: Token) -> str:
    return token.text.lower()[:_BEGINNING]


def _scope_terms(text: str, start: int, end: int, language: Language) -> frozenset[str]:
    tongue = "en" if language == "en" else "de"
    negators = word_set("negation", tongue)
    words = [t.text for t in tokens(text[start:end]) if t.text.lower() not in negators]
    return frozenset(term for word in words for term in terms(word, language)[:1])


def _share(left: frozenset[str], right: frozenset[str]) -> float:
    if not left or not right:
        return 1.0
    return len(left & right) / min(len(left), len(right))


def _outcomes_agree(sentence: str, language: Language, quotes: Sequence[Quoted]) -> bool:
    """„nicht angenommen“ and „abgelehnt“ differ in negation and say the same."""
    stated = [(o.topic, o.result) for each in quotes for o in outcomes(each.quote, language)]
    own = [(o.topic, o.result) for o in outcomes(sentence, language)]
    return bool(own) and all(each in stated for each in own)
