"""Two sentences in the same words but for one stretch: what was put in its place.

A wire copy with one changed fact is the surest contradiction there is, whatever the fact: a date, a
name, a place, a cause or a "not". The stretch must be of one type on both sides; everything else
that carries meaning must be equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.amounts import compare_quantities, same_measure
from rag.compare.frame import mentions, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.persons import noun_ends_in
from rag.compare.stretch import Token, content, is_denial, negates, nouns_replaced, replaced_stretch
from rag.language.common_nouns import is_common_noun
from rag.language.dates import DateMention, compatible_dates, dates
from rag.language.folding import fold
from rag.language.quantities import quantities
from rag.types import DisagreementKind, Language

_LONGEST_STRETCH = 4
_EXACT_DATES = frozenset({"day", "month", "year", "time"})
_PLACES = ("place_endings", "wide_places")
_QUOTED = re.compile(r"[„“\"»«][^„“”\"»«]{8,}[“”\"»«]")


@dataclass(frozen=True, slots=True)
class Substitution:
    """The stretches that stand in each other's place, ``equal`` is the share of equal words."""

    kind: DisagreementKind
    first: str
    second: str
    equal: float


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
    if negates(left) != negates(right):
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


def _denied(
    left: tuple[Token, ...], right: tuple[Token, ...], first: str, second: str
) -> DisagreementKind | None:
    """One says it, one says it is not so: in the outlets' words or in those of one speaker."""
    if is_denial(left, right):
        return "negation"
    if not content(left) or not content(right):
        return None
    quoted = [
        any(m.start() <= side[0].start_char < m.end() for m in _QUOTED.finditer(text))
        for side, text in ((left, first), (right, second))
    ]
    return "wording" if all(quoted) else None


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
