"""Names a sentence states that its quotes do not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.answer.support_quotes import Quoted
from rag.language.compounds import german_splitter
from rag.language.dates import dates
from rag.language.folding import fold
from rag.language.quantities import quantities
from rag.language.terms import Token, terms, tokens
from rag.types import Language

_SHARED_PREFIX = 0.6
_SHORTEST_PREFIX = 4
_SHORTEST_ABBREVIATION, _LONGEST_RUN = 3, 6
_LONGEST_WORD = 24
# fmt: off
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "der", "die", "das", "des", "dem", "den",
                    "und", "für", "im", "von"})
# fmt: on


def missing_names(sentence: str, language: Language, quotes: Sequence[Quoted]) -> tuple[str, ...]:
    """The names no quote, title or outlet holds. The sentence before a quote counts as well."""
    known = {
        word
        for each in quotes
        for text in (each.quote, each.before, each.article.title or "", each.article.outlet)
        for word in _folded(text, language)
    }
    dated = [(d.start_char, d.end_char) for d in dates(sentence, language)]
    dated += [(q.start_char, q.end_char) for q in quantities(sentence, language)]
    spelled = _spelled_out(sentence, quotes)
    missing = []
    for place, token in enumerate(tokens(sentence)):
        if any(start <= token.start_char < end for start, end in dated):
            continue
        if not _is_name(token, place, sentence, language):
            continue
        if not any(_is_same_name(word, other) for word in _folded(token.text, language)
                   for other in known) and token.start_char not in spelled:  # fmt: skip
            missing.append(token.text)
    return tuple(missing)


def _spelled_out(sentence: str, quotes: Sequence[Quoted]) -> frozenset[int]:
    """Where words stand whose abbreviation the quotes hold, or an abbreviation of words known.

    „Pressurized Water Reactor (PWR)“ states no other name than „PWR“ does.
    """
    found = tokens(sentence)
    theirs = [tokens(each.quote) for each in quotes]
    short = {token.text for every in theirs for token in every if _is_short(token)}
    names = {_initials(run) for every in theirs for run in _runs(every) if _is_title(run)}
    places = set()
    for run in _runs(found):
        initials = _initials(run)
        if initials in short:
            places |= {token.start_char for token in run}
        behind = sentence[run[-1].end_char :]
        if behind.startswith(" (") and initials in behind.partition(")")[0]:
            names.add(initials)
    places |= {token.start_char for token in found if _is_short(token) and token.text in names}
    return frozenset(places)


def _is_short(token: Token) -> bool:
    return token.text.isupper() and _SHORTEST_ABBREVIATION <= len(token.text) <= _LONGEST_RUN


def _runs(found: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    """Every few neighbouring words; small ones have no letter in an abbreviation."""
    large = [t for t in found if t.text[0].isalpha() and t.text.lower() not in _SMALL]
    for length in range(_SHORTEST_ABBREVIATION, _LONGEST_RUN + 1):
        for start in range(len(large) - length + 1):
            run = tuple(large[start : start + length])
            if run[-1].start_char - run[0].start_char <= length * _LONGEST_WORD:
                yield run


def _is_title(run: Sequence[Token]) -> bool:
    return all(token.text[0].isupper() for token in run)


def _initials(run: Sequence[Token]) -> str:
    return "".join(token.text[0].upper() for token in run)


def _is_name(token: Token, place: int, sentence: str, language: Language) -> bool:
    """Whether a word is a name rather than a noun or a sentence's first word."""
    if not token.text[0].isupper() or len(token.text) < 2:
        return False
    if not terms(token.text, language):
        return False
    is_first = place == 0 or sentence[: token.start_char].rstrip()[-1:] in '„“".:!?»«'
    if language == "de":
        return not _is_german_noun(fold(token.text)) and not (is_first and token.text[1:].islower())
    return not is_first


@lru_cache(maxsize=50_000)
def _is_german_noun(folded: str) -> bool:
    """Whether a word can end a compound: then it is one the lexicon knows, whatever its ending."""
    return bool(german_splitter().parts("haus" + folded))


def _folded(text: str, language: Language) -> set[str]:
    """The words of a text, folded, with their index terms (stems and compound parts)."""
    return {fold(token.text) for token in tokens(text)} | set(terms(text, language))


@lru_cache(maxsize=100_000)
def _is_same_name(left: str, right: str) -> bool:
    """Equal, or with a common beginning: Kiew and Kiews, Russe and Russland."""
    if left == right:
        return True
    shared = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= _SHORTEST_PREFIX and shared >= _SHARED_PREFIX * max(len(left), len(right))
