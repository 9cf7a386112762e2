"""Where it happened: the place expressions a sentence offers as the answer to "wo"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.compare.frame import Frame, is_bare_name, same_word
from rag.compare.lexicon import word_set
from rag.compare.persons import is_person_noun, noun_ends_in
from rag.compare.phrases import Phrase, phrases
from rag.language.folding import fold
from rag.types import Language

_VISITED = re.compile(
    r"\b(?:besuch|bereis|erreich|visit|reach)\w*\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_WITH_ARTICLE = frozenset(["im", "am", "beim", "unterm", "hinterm", "vorm"])
_ABSTRACT = ("ung", "heit", "keit", "schaft", "ion", "tät", "ismus", "nis", "ness", "ment")
_ANY_SPOT = 0.1
_BARE = 2
_NO_BUILDING = 0.3
_DIRECTIONS = frozenset({"aus", "vom", "zum", "zur", "nach", "from", "to", "over", "über"})
_OUT_OF = frozenset({"aus", "from"})
_DIRECTION_ASKED = re.compile(r"\b(?:wohin|woher|aus wel|nach wel|where\b.*\b(?:to|from))\b", re.I)


@dataclass(frozen=True, slots=True)
class Site:
    """A place expression.

    ``words`` are its nouns and names, folded, without the question's; ``names`` those in print;
    ``is_spot`` that a noun says what kind of place it is.
    """

    text: str
    start_char: int
    end_char: int
    words: frozenset[str]
    names: frozenset[str]
    is_wide: bool
    fit: float
    is_spot: bool = False


def sites(sentence: str, frame: Frame, language: Language) -> tuple[Site, ...]:
    """The places of a sentence beyond what the question says, best first."""
    tongue: Language = "en" if language == "en" else "de"
    found = []
    previous: Phrase | None = None
    for phrase in phrases(sentence, tongue):
        said = _said(phrase)
        new = frozenset(word for word in said if not same_word(word, frame.topic))
        if new and (_is_place(phrase, previous, sentence, tongue) or _is_visited(phrase, sentence)):
            found.append(_site(phrase, new, sentence, frame, tongue))
        previous = phrase
    found.sort(key=lambda site: (-site.fit, site.start_char))
    return tuple(found)


def _said(phrase: Phrase) -> tuple[str, ...]:
    return tuple(fold(word) for word in (*phrase.heads, *phrase.names))


def _is_place(phrase: Phrase, previous: Phrase | None, sentence: str, language: Language) -> bool:
    if any(_is_time(head, language) for head in phrase.heads):
        return False
    if phrase.heads and noun_ends_in(phrase.heads[0], "no_places", language):
        return False
    if phrase.preposition in word_set("place_prepositions", language):
        return not (
            phrase.heads
            and is_person_noun(phrase.heads[0], language)
            and not noun_ends_in(phrase.heads[0], "place_endings", language)
        )
    # "im Garten des Pfarrhauses": a genitive behind a place names the place, too.
    return bool(
        previous
        and previous.preposition in word_set("place_prepositions", language)
        and phrase.preposition is None
        and phrase.determiner in word_set("genitive_articles", language)
        and sentence[previous.end_char : phrase.start_char].strip() == ""
    )


def _is_visited(phrase: Phrase, sentence: str) -> bool:
    """„besuchte Norwegen“: a place without a preposition."""
    return bool(
        phrase.names
        and phrase.preposition is None
        and phrase.determiner is None
        and _VISITED.search(sentence[: phrase.start_char])
    )


def _is_time(lemma: str, language: Language) -> bool:
    return noun_ends_in(lemma, "time_nouns", language)


def _bare_names(phrase: Phrase) -> tuple[str, ...]:
    """„in Auhagen“, „im Theater Harzau“: the name of a place that the tagger takes for a noun."""
    words = phrase.text.split()
    if len(words) > 2 and words[-2][0].isupper() and is_bare_name(words[-1]):
        return (words[-1],)
    is_bare = phrase.determiner is None and phrase.preposition in ("in", "bei", "nach", "aus")
    if not is_bare or len(words) != 2 or not is_bare_name(words[1]):
        return ()
    return (words[1],)


def _is_concrete(phrase: Phrase, language: Language) -> bool:
    """A thing with an article or adjective behind "in", "auf" …, as an abstract noun seldom is."""
    if phrase.preposition not in word_set("spot_prepositions", language) or not phrase.heads:
        return False
    if phrase.heads[0].endswith(_ABSTRACT) or is_person_noun(phrase.heads[0], language):
        return False
    return phrase.determiner is not None or phrase.preposition in _WITH_ARTICLE


def _is_wide(phrase: Phrase, language: Language) -> bool:
    """A district or the like, or „im Norden“; not „im Fernen Osten Russlands“."""
    if phrase.heads[0] in word_set("compass", language):
        return len(phrase.text.split()) <= _BARE
    return phrase.heads[0] in word_set("wide_places", language)


def _asks_direction(frame: Frame) -> bool:
    return bool(_DIRECTION_ASKED.search(frame.question.text))


def _site(
    phrase: Phrase, new: frozenset[str], sentence: str, frame: Frame, language: Language
) -> Site:
    fit = 0.4
    is_spot = any(
        noun_ends_in(head, listed, language)
        for head in phrase.heads
        for listed in ("place_endings", "wide_places")
    )
    if is_spot:
        fit += 0.35
    named = phrase.names or _bare_names(phrase)
    if named and phrase.preposition in (None, "in", "bei", "nach", "at", "near"):
        fit += 0.2
    if not is_spot and not named:
        # Anything can be a place: "in einem Wohnmobil", "auf der Zielgeraden".
        fit += _ANY_SPOT if _is_concrete(phrase, language) else -0.2
    if not is_spot and frame.focus in word_set("buildings", "de"):
        fit -= _NO_BUILDING  # "in Peking" does not say in which building
    if phrase.preposition in _DIRECTIONS and not _asks_direction(frame):
        # "aus einem Keller gezogen": it was there; "aus München" is an origin.
        fit -= 0.1 if is_spot and not named and phrase.preposition in _OUT_OF else 0.3
    return Site(
        text=sentence[phrase.start_char : phrase.end_char],
        start_char=phrase.start_char,
        end_char=phrase.end_char,
        words=new,
        names=new & frozenset(fold(name) for name in named),
        is_wide=bool(phrase.heads) and _is_wide(phrase, language),
        fit=max(0.0, min(1.0, fit)),
        is_spot=is_spot,
    )
