"""Two sentences in the same words but for one stretch: what was put in its place.

A wire copy with one changed fact is the surest contradiction there is, whatever the fact: a date, a
name, a place, a cause or a "not". The stretch must be of one type on both sides; everything else
that carries meaning must be equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.compare.amounts import compare_quantities, same_measure
from rag.compare.frame import mentions, stem_of, word_bag
from rag.compare.function_words import is_function_word
from rag.compare.lexicon import rules, word_set
from rag.compare.persons import noun_ends_in
from rag.language.common_nouns import is_common_noun
from rag.language.dates import DateMention, compatible_dates, dates
from rag.language.folding import fold
from rag.language.quantities import quantities
from rag.types import DisagreementKind, Language

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_NEGATION = re.compile(r"(?:nicht|nichts|nie|niemals|kein(?:e[mnrs]?)?|not|no|never|nothing)$")
_PRONOUN = re.compile(r"(?:er|sie|es|ih[mnr]|ihnen|diese[rs]?|he|she|it|him|her)$")
_FEWEST_EQUAL = 3
_LEAST_EQUAL = 0.55
_LONGEST_STRETCH = 4
_LONGEST_ADDITION = 2
_EXACT_DATES = frozenset({"day", "month", "year", "time"})
_ONE_SPELLING = 0.65
_PLACES = ("place_endings", "wide_places")
_FEWEST_LETTERS = 3
_QUOTED = re.compile(r"[„“\"»«][^„“”\"»«]{8,}[“”\"»«]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word with what it is compared by."""

    text: str
    key: str
    start_char: int
    end_char: int
    is_content: bool


_Stretches = tuple[tuple[Token, ...], tuple[Token, ...]]


@dataclass(frozen=True, slots=True)
class Substitution:
    """The stretches that stand in each other's place, ``equal`` is the share of equal words."""

    kind: DisagreementKind
    first: str
    second: str
    equal: float


@lru_cache(maxsize=65536)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a sentence."""
    return tuple(
        Token(
            text=match.group(),
            key=stem_of(fold(match.group())),
            start_char=match.start(),
            end_char=match.end(),
            is_content=_is_content(match.group()),
        )
        for match in _WORD.finditer(text)
    )


def _is_content(word: str) -> bool:
    return word[0].isdigit() or not is_function_word(word)


def substitution(
    first: str, second: str, language: Language, texts: tuple[str, str], published: str | None
) -> Substitution | None:
    """The one typed stretch in which two otherwise equal sentences differ, if there is one."""
    found = replaced_stretch(first, second)
    if found is None:
        return None
    left, right, share = found
    kind = _kind(left, right, first, second, language, texts, published)
    if kind is None:
        return None
    return Substitution(kind, _shown(left, first), _shown(right, second), share)


def replaced_stretch(
    first: str, second: str
) -> tuple[tuple[Token, ...], tuple[Token, ...], float] | None:
    """The one stretch in which two sentences differ, and the share of words that are equal."""
    one, other = tokens_of(first), tokens_of(second)
    shared = {token.key for token in one if token.is_content} & {
        token.key for token in other if token.is_content
    }
    if len(shared) < _FEWEST_EQUAL:
        return None
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
        counts = _negates(left) != _negates(right) or (_content(left) and _content(right))
        if tag == "equal":
            equal += len(_content(left))
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
    return max(len(_content(left)), len(_content(right)))


def _is_pronoun(tokens: tuple[Token, ...]) -> bool:
    return len(tokens) == 1 and bool(_PRONOUN.match(fold(tokens[0].text)))


def _content(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.is_content)


def _negates(tokens: tuple[Token, ...]) -> bool:
    return any(_NEGATION.match(fold(token.text)) for token in tokens)


def _shown(tokens: tuple[Token, ...], sentence: str) -> str:
    if not tokens:
        return sentence
    return sentence[tokens[0].start_char : tokens[-1].end_char]


def _kind(
    left: tuple[Token, ...],
    right: tuple[Token, ...],
    first: str,
    second: str,
    language: Language,
    texts: tuple[str, str],
    published: str | None,
) -> DisagreementKind | None:
    """The type both stretches have, where they cannot both be right."""
    if _negates(left) != _negates(right):
        return _denied(left, right, first, second)
    if max(len(left), len(right)) > _LONGEST_STRETCH:
        return None
    counted = _differing_figures(left, right, first, second, language)
    if counted is not None:
        return counted
    dated = (
        _dates_in(left, first, language, published),
        _dates_in(right, second, language, published),
    )
    if dated[0] and dated[1]:
        differ = all(
            compatible_dates(one, other) == "different" for one in dated[0] for other in dated[1]
        )
        return "date" if differ else None
    if dated[0] or dated[1] or any(token.text[0].isdigit() for token in (*left, *right)):
        return None
    return _named(left, right, first, texts, language)


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


def _denied(
    left: tuple[Token, ...], right: tuple[Token, ...], first: str, second: str
) -> DisagreementKind | None:
    """One says it, one says it is not so: in the outlets' words or in those of one speaker."""
    if is_denial(left, right):
        return "negation"
    if not _content(left) or not _content(right):
        return None
    quoted = [
        any(m.start() <= side[0].start_char < m.end() for m in _QUOTED.finditer(text))
        for side, text in ((left, first), (right, second))
    ]
    return "wording" if all(quoted) else None


def is_denial(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """All that differs is a "not"."""
    return _is_bare_denial(left, right) or _is_bare_denial(right, left)


def _is_bare_denial(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Nothing but a "not" is added, or "kein" stands for "ein"."""
    if len(left) != 1 or not _negates(left):
        return False
    return not right or (len(right) == 1 and fold(right[0].text).startswith(("ein", "a")))


def _differing_figures(
    left: tuple[Token, ...],
    right: tuple[Token, ...],
    first: str,
    second: str,
    language: Language,
) -> DisagreementKind | None:
    """The figures the stretches hold, of one measure."""
    found = [
        [
            quantity
            for quantity in quantities(text, language)
            if quantity.start_char < side[-1].end_char and side[0].start_char < quantity.end_char
        ]
        for side, text in ((left, first), (right, second))
    ]
    if len(found[0]) != 1 or len(found[1]) != 1:
        return None
    one, other = found[0][0], found[1][0]
    if not same_measure(one, other) or compare_quantities(one, other) != "different":
        return None
    if one.is_former or other.is_former or one.is_weak or other.is_weak:
        return None
    return "duration" if one.kind == "duration" else "number"


def _dates_in(
    tokens: tuple[Token, ...], sentence: str, language: Language, published: str | None
) -> tuple[DateMention, ...]:
    """The dates of the sentence that the stretch touches."""
    start, end = tokens[0].start_char, tokens[-1].end_char
    return tuple(
        mention
        for mention in dates(sentence, language, published)
        if mention.start_char < end
        and start < mention.end_char
        and mention.precision in _EXACT_DATES
    )


def nouns_replaced(
    left: tuple[Token, ...], right: tuple[Token, ...]
) -> tuple[tuple[Token, ...], tuple[Token, ...]] | None:
    """The nouns and names of two stretches, ``None`` where they are spelt alike or missing."""
    one, other = (tuple(t for t in side if t.text[0].isupper()) for side in (left, right))
    return None if not one or not other or _spelt_alike(one, other) else (one, other)


def _named(
    left: tuple[Token, ...],
    right: tuple[Token, ...],
    sentence: str,
    texts: tuple[str, str],
    language: Language,
) -> DisagreementKind | None:
    """Both are nouns or names that the other article does not know."""
    nouns = nouns_replaced(left, right)
    if nouns is None:
        return None
    bags = word_bag(texts[0]), word_bag(texts[1])
    if any(mentions(stem_of(fold(token.text)), bags[1]) for token in nouns[0]):
        return None
    if any(mentions(stem_of(fold(token.text)), bags[0]) for token in nouns[1]):
        return None
    key: Language = "en" if language == "en" else "de"
    if any(noun_ends_in(token.text, "time_nouns", key) for side in nouns for token in side):
        return None
    before = sentence[: left[0].start_char].lower().split()[-2:]
    if any(re.search(pattern, sentence, re.I) for pattern in rules()["substituted_cause"]):
        return "cause"
    is_place = all(
        any(noun_ends_in(token.text, listed, key) for token in side for listed in _PLACES)
        for side in nouns
    )
    if is_place and {*before, left[0].text.lower()} & word_set("place_prepositions", key):
        return "place"
    if all(any(not is_common_noun(token.text) for token in side) for side in nouns):
        return "who"
    return None
