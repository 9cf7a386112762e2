"""Where two sentences in the same words differ: the stretches that stand in each other's place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.compare.frame import stem_of
from rag.compare.function_words import is_function_word
from rag.language.folding import fold

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_NEGATION = re.compile(r"(?:nicht|nichts|nie|niemals|kein(?:e[mnrs]?)?|not|no|never|nothing)$")
_PRONOUN = re.compile(r"(?:er|sie|es|ih[mnr]|ihnen|diese[rs]?|he|she|it|him|her)$")
_FEWEST_EQUAL = 3
_LEAST_EQUAL = 0.55
_LONGEST_ADDITION = 2
_ONE_SPELLING = 0.65
_FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A word with what it is compared by."""

    text: str
    key: str
    start_char: int
    end_char: int
    is_content: bool


_Stretches = tuple[tuple[Token, ...], tuple[Token, ...]]


@lru_cache(maxsize=4096)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a sentence."""
    return tuple(
        Token(
            text=match.group(),
            key=_key(match.group()),
            start_char=match.start(),
            end_char=match.end(),
            is_content=_is_content(match.group()),
        )
        for match in _WORD.finditer(text)
    )


@lru_cache(maxsize=65536)
def _content_keys(text: str) -> frozenset[str]:
    """Most sentences share too little with any other to be cut into tokens."""
    return frozenset(_key(word) for word in _WORD.findall(text) if _is_content(word))


def _key(word: str) -> str:
    return stem_of(fold(word))


def _is_content(word: str) -> bool:
    return word[0].isdigit() or not is_function_word(word)


def replaced_stretch(
    first: str, second: str
) -> tuple[tuple[Token, ...], tuple[Token, ...], float] | None:
    """The one stretch in which two sentences differ, and the share of words that are equal."""
    if len(_content_keys(first) & _content_keys(second)) < _FEWEST_EQUAL:
        return None
    one, other = tokens_of(first), tokens_of(second)
    matcher = SequenceMatcher(
        None, [token.key for token in one], [token.key for token in other], autojunk=False
    )
    replaced, equal = _replaced(matcher, one, other)
    if replaced is None:
        return None
    if len(replaced) != 1 or equal < _FEWEST_EQUAL:
        return None
    share = equal / (equal + max(1, _longest(*replaced[0])))
    if share < _LEAST_EQUAL:
        return None
    return *replaced[0], share


def _replaced(
    matcher: SequenceMatcher[str], one: tuple[Token, ...], other: tuple[Token, ...]
) -> tuple[list[_Stretches] | None, int]:
    """The stretches that stand in each other's place, and how many words are equal.

    Another clause behind the difference is left out, and so is another opening unless the openings
    are all that differs. ``None`` where one sentence says more inside.
    """
    replaced: list[_Stretches] = []
    opening: list[_Stretches] = []
    equal = 0
    for tag, a, b, c, d in matcher.get_opcodes():
        left, right = one[a:b], other[c:d]
        is_last = b == len(one) or d == len(other)
        counts = negates(left) != negates(right) or (content(left) and content(right))
        if tag == "equal":
            equal += len(content(left))
        elif equal == 0:
            opening = [(left, right)] if counts else []
        elif (
            counts
            and not (is_last and replaced and equal >= _FEWEST_EQUAL)
            and not (_is_pronoun(left) or _is_pronoun(right))
        ):
            replaced.append((left, right))
        elif not counts and not is_last and _longest(left, right) > _LONGEST_ADDITION:
            return None, equal
    return replaced or opening, equal


def _longest(left: tuple[Token, ...], right: tuple[Token, ...]) -> int:
    return max(len(content(left)), len(content(right)))


def _is_pronoun(tokens: tuple[Token, ...]) -> bool:
    return len(tokens) == 1 and bool(_PRONOUN.match(fold(tokens[0].text)))


def content(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The words that carry meaning."""
    return tuple(token for token in tokens if token.is_content)


def negates(tokens: tuple[Token, ...]) -> bool:
    """Whether a word among them negates."""
    return any(_NEGATION.match(fold(token.text)) for token in tokens)


def is_denial(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """All that differs is a "not"."""
    return _is_bare_denial(left, right) or _is_bare_denial(right, left)


def _is_bare_denial(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Nothing but a "not" is added, or "kein" stands for "ein"."""
    if len(left) != 1 or not negates(left):
        return False
    return not right or (len(right) == 1 and fold(right[0].text).startswith(("ein", "a")))


def nouns_replaced(
    left: tuple[Token, ...], right: tuple[Token, ...]
) -> tuple[tuple[Token, ...], tuple[Token, ...]] | None:
    """The nouns and names of two stretches, ``None`` where they are spelt alike or missing."""
    one, other = (tuple(t for t in side if t.text[0].isupper()) for side in (left, right))
    return None if not one or not other or _spelt_alike(one, other) else (one, other)


def _spelt_alike(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Two spellings of one word, an initial, or a compound of the other."""
    return any(
        len(one.key) < _FEWEST_LETTERS
        or len(other.key) < _FEWEST_LETTERS
        or one.key in other.key
        or other.key in one.key
        or SequenceMatcher(None, one.key, other.key, autojunk=False).ratio() > _ONE_SPELLING
        for one in left
        for other in right
    )
