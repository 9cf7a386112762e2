"""Place expressions („neben dem Gymnasium“, „im Hafen von Lüderau“) and how two relate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from rag.language.common_nouns import is_common_noun
from rag.language.lexicon import word_set
from rag.language.name_kinds import is_person_noun
from rag.language.names_alike import name_key, same_key
from rag.language.quantity_context import stem
from rag.language.words import OPENING, Word, lower_at, words
from rag.types import Language

PlaceRelation = Literal["equal", "contained", "different", "unknown"]
_DETERMINERS = frozenset(
    ["der", "die", "das", "dem", "den", "des", "einem", "einer", "einen", "ein", "eine", "seiner",
     "seinem", "seinen", "ihrer", "ihrem", "ihren", "diesem", "dieser", "the", "a", "an", "his",
     "her", "their", "its", "jener", "jenem", "allen", "mehreren", "beiden", "von", "of", "to"]
)  # fmt: skip
_LINKS = frozenset(["von", "der", "des", "of", "the", "in", "im", "bei", "am", "an", "auf", "zum"])
_LONGEST_PHRASE = 9
_ABSTRACT = ("ung", "ungen", "heit", "keit", "tät", "schaft", "ismus", "tion", "nis", "e", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place expression ``text[start_char:end_char]``, with its preposition.

    ``head`` is the common noun („Gymnasium“), ``proper`` the name that belongs to it („Abendruh“ in
    „Kleingartenanlage „Abendruh““, „Peking“ in „in Peking“), ``within`` the names and
    ``within_stems`` the nouns of what it lies in („in Alt-Dornau“). Head or proper is set.
    """

    start_char: int
    end_char: int
    text: str
    preposition: str
    head: str | None = None
    head_stem: str | None = None
    proper: str | None = None
    within: tuple[str, ...] = ()
    within_stems: tuple[str, ...] = ()


class _Phrase(NamedTuple):
    head: int | None
    propers: tuple[int, ...]
    last: int


@lru_cache(maxsize=4096)
def places(text: str, language: Language) -> tuple[Place, ...]:
    """All place expressions of a sentence, in order; what follows with „von“ or „in“ is inside."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    listed: list[Place] = []
    index = 0
    while index < len(found):
        place, index = _place_at(text, found, index, tongue)
        if place is not None:
            listed.append(place)
    return tuple(listed)


def _place_at(
    text: str, found: tuple[Word, ...], index: int, tongue: str
) -> tuple[Place | None, int]:
    preposition = found[index].lower
    if preposition not in word_set("places", f"{tongue}_prepositions"):
        return None, index + 1
    phrase = _phrase(found, index + 1, tongue)
    if phrase is None or not _is_place(found, index, phrase, tongue):
        return None, index + 1
    within, nouns, last = _within(found, phrase.last, phrase.head is not None, tongue)
    start, end = found[index].start_char, found[last - 1].end_char
    head = found[phrase.head].text if phrase.head is not None else None
    propers = [found[at].text for at in phrase.propers]
    if head is not None and "-" in head and not propers:
        name, _, head = head.rpartition("-")  # „Diaoyu-Gästehaus“
        propers = [name]
    place = Place(
        start_char=start,
        end_char=end,
        text=text[start:end],
        preposition=preposition,
        head=head,
        head_stem=stem(head, tongue) if head else None,
        proper=" ".join(propers) or None,
        within=within,
        within_stems=nouns,
    )
    return place, last


def _phrase(found: tuple[Word, ...], index: int, tongue: str) -> _Phrase | None:
    """Determiner, adjectives, noun and name from ``index`` on."""
    at = index
    limit = min(index + _LONGEST_PHRASE, len(found))
    while at < limit and not _is_noun(found, at, tongue):
        if not _can_precede(found[at]):
            return None
        at += 1
    if at >= limit:
        return None
    head, propers = None, []
    while at < limit and (found[at].is_capitalised or found[at].lower in _place_nouns(tongue)):
        is_bare = at == index or head == at - 1
        if _is_proper(found, at, tongue) or (is_bare and _is_town(found, at)):
            propers.append(at)
        elif head is None or not propers:
            head = at
        else:
            break
        at += 1
    quoted, at = _quoted_name(found, at)
    return _Phrase(head, tuple(propers) + quoted, at)


def _is_noun(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    word = found[index]
    if tongue == "en":
        return word.is_capitalised or word.lower in _place_nouns(tongue)
    return word.is_capitalised


def _can_precede(word: Word) -> bool:
    is_adjective = word.lower.endswith(("e", "en", "er", "em", "es", "al", "ed", "y"))
    is_function = word.lower in word_set("functions", "de") and word.lower not in _DETERMINERS
    return word.is_word and (word.lower in _DETERMINERS or (is_adjective and not is_function))


def _is_proper(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    word = found[index].text
    if tongue == "en":
        return found[index].is_capitalised
    lower = found[index].lower
    known = word_set("names", "countries") | word_set("names", "cities")
    if lower in known or lower.removesuffix("s") in known:
        return True
    return lower not in _place_nouns("de") and not is_common_noun(word)


def _is_town(found: tuple[Word, ...], index: int) -> bool:
    """„bei Dornbach“, „Bahnhof Dornheim“: a noun without article that ends as towns do."""
    lower, before = found[index].lower, lower_at(found, index - 1)
    endings = tuple(word_set("names", "place_endings"))
    if not lower.endswith(endings) or lower in _place_nouns("de"):
        return False
    return before in ("in", "bei", "nach", "aus", "von", "nahe") or before in _place_nouns("de")


def _quoted_name(found: tuple[Word, ...], at: int) -> tuple[tuple[int, ...], int]:
    """The words of „Abendruh“ in quotation marks right behind the noun."""
    if at >= len(found) or found[at].text not in OPENING:
        return (), at
    for end in range(at + 2, min(at + 6, len(found))):
        if found[end].text in OPENING:
            return tuple(range(at + 1, end)), end + 1
    return (), at


def _place_nouns(tongue: str) -> frozenset[str]:
    return word_set("places", "nouns" if tongue == "de" else "en_nouns")


def is_place_noun(noun: str, language: Language) -> bool:
    """Whether a noun names a place, also as the end of a compound or inflected."""
    lower = noun.lower().rpartition("-")[2]
    known = _place_nouns("en" if language == "en" else "de")
    forms = {lower, *(lower.removesuffix(ending) for ending in ("s", "es", "n", "en", "e"))}
    if forms & word_set("places", "not_places") and not forms & known:
        return False
    return any(
        form[start:] in known for form in forms for start in range(max(len(form) - 3, 0) + 1)
    )


def _is_place(found: tuple[Word, ...], index: int, phrase: _Phrase, tongue: str) -> bool:
    preposition = found[index].lower
    if phrase.head is None:
        return _is_named_place(found, index, phrase, preposition)
    noun = found[phrase.head]
    if noun.lower in word_set("places", "not_places") | word_set("names", "not_names"):
        return False
    if is_place_noun(noun.text, "en" if tongue == "en" else "de"):
        return True
    is_spatial = preposition in word_set("places", f"{tongue}_spatial_only")
    return (
        is_spatial and not noun.lower.endswith(_ABSTRACT) and not is_person_noun(noun.text, tongue)
    )


def _is_named_place(found: tuple[Word, ...], index: int, phrase: _Phrase, preposition: str) -> bool:
    """„in Lüderau“; „vor Quandt“ and „auf Brandis“ are persons."""
    if not phrase.propers:
        return False
    first = found[phrase.propers[0]]
    no_names = word_set("names", "not_names") | word_set("speech", "de_source_nouns")
    if first.lower in no_names | word_set("places", "not_places"):
        return False
    known = word_set("names", "countries") | word_set("names", "cities")
    if first.lower.removesuffix("s") in known or first.lower in known:
        return True
    if phrase.propers[0] != index + 1:
        return False  # „in unseren Newslettern“: names of places take no article
    if preposition in ("in", "aus", "nach", "nahe", "near", "bei", "at", "unweit", "um"):
        return first.lower not in word_set("names", "first_names") or preposition == "in"
    return False


def _within(
    found: tuple[Word, ...], at: int, is_headed: bool, tongue: str
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Names and nouns of what the place lies in: „des Gymnasiums von Alt-Dornau“, „in Peking“."""
    names: list[str] = []
    nouns: list[str] = []
    last = at
    while lower_at(found, last) in _LINKS and not (not is_headed and found[last].lower == "von"):
        phrase = _phrase(found, last + 1, tongue)
        if phrase is None or not (phrase.propers or _is_genitive(found, last, phrase, tongue)):
            break
        names.extend(found[index].text for index in phrase.propers)
        if phrase.head is not None:
            nouns.append(stem(found[phrase.head].text, tongue))
        last = phrase.last
    return tuple(names), tuple(nouns), last


def _is_genitive(found: tuple[Word, ...], index: int, phrase: _Phrase, tongue: str) -> bool:
    if lower_at(found, index) not in ("des", "der", "of") or phrase.head is None:
        return False
    return is_place_noun(found[phrase.head].text, "en" if tongue == "en" else "de")


def place_relation(first: Place, second: Place) -> PlaceRelation:
    """How two places relate; a name without its noun tells only what it is in.

    „neben dem Gymnasium“ and „in der Kleingartenanlage“ differ even in one town; „in Peking“
    contains „auf dem Markt in Peking“; of two places with nothing in common but their width
    nothing is known.
    """
    if first.head_stem and second.head_stem:
        return _with_heads(first, second)
    if first.head_stem is None and second.head_stem is None:
        same = same_key(name_key(first.proper or ""), name_key(second.proper or ""))
        return "equal" if same else _of_names(first, second)
    named, headed = (second, first) if first.head_stem else (first, second)
    around = (*headed.within, headed.proper or "")
    key = name_key(named.proper or "")
    is_inside = any(same_key(key, name_key(name)) for name in around if name)
    return "contained" if is_inside else "unknown"


def _with_heads(first: Place, second: Place) -> PlaceRelation:
    mine, other = first.head_stem or "", second.head_stem or ""
    same_head = mine == other or mine.endswith(other) or other.endswith(mine)
    if first.proper and second.proper:
        same = same_key(name_key(first.proper), name_key(second.proper))
        return ("equal" if same_head else "unknown") if same else "different"
    if same_head:
        return "equal"
    if mine in second.within_stems or other in first.within_stems:
        return "contained"
    wide = word_set("places", "wide")
    is_wide = any((place.head or "").lower() in wide for place in (first, second))
    return "unknown" if is_wide else "different"


def _of_names(first: Place, second: Place) -> PlaceRelation:
    around = [name_key(name) for name in (*first.within, *second.within)]
    keys = [name_key(first.proper or ""), name_key(second.proper or "")]
    if any(same_key(key, name) for key in keys for name in around):
        return "contained"
    countries = word_set("names", "countries")
    sizes = {(place.proper or "").lower().removesuffix("s") in countries for place in
             (first, second)}  # fmt: skip
    return "unknown" if len(sizes) == 2 else "different"
