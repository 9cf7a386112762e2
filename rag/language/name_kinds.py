"""What a capitalised phrase names: its class noun, its words and its neighbours tell."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from rag.language.common_nouns import is_common_noun
from rag.language.lexicon import word_set
from rag.language.number_words import ordinal_word
from rag.language.words import Word, lower_at

NameKind = Literal["person", "org", "place", "role", "unknown"]


_ADJECTIVE_ENDINGS = ("e", "er", "en", "es", "em")


_AUXILIARIES = frozenset(["hat", "ist", "war", "wird", "will", "kann", "has", "is", "was", "had"])


_ADVERB_ENDINGS = ("ig", "lich", "weise", "mals", "wärts", "dings", "falls", "ens", "haft", "ly")


class NameParts(NamedTuple):
    """A run cut into office or class noun and the name itself; word indices."""

    office: int | None
    first: int
    last: int


def kind_of_name(found: tuple[Word, ...], parts: NameParts, tongue: str) -> NameKind | None:
    """What a name is; ``None`` where it is no name after all."""
    spoken = [found[at] for at in range(parts.first, parts.last)]
    if parts.office is not None:
        return _kind_behind(found[parts.office].text, tongue, spoken)
    if len(spoken) == 1:
        return _single_kind(found, parts.first, tongue)
    if _is_described_class(spoken):
        return None
    if class_kind(spoken[-1].text) or class_kind(spoken[0].text):
        return class_kind(spoken[-1].text) or class_kind(spoken[0].text)
    if is_name_prefix(spoken[0].text) or _known_place(spoken[-1].text):
        return "place"
    if spoken[0].lower in word_set("names", "first_names"):
        return "person"
    return _kind_by_nouns(found, parts, spoken, tongue)


def _kind_by_nouns(
    found: tuple[Word, ...], parts: NameParts, spoken: list[Word], tongue: str
) -> NameKind | None:
    """Several words that no lexicon knows as a name: how many of them are common nouns?"""
    capitalised = [word for word in spoken if word.is_capitalised]
    nouns = sum(is_common_noun(word.text) for word in capitalised)
    is_ordinal = ordinal_word(spoken[0].lower, "de") is not None  # „Zweiter Weltkrieg“
    if tongue == "de" and (nouns == len(capitalised) or is_ordinal):
        return None
    if any(is_acronym(word.text) for word in spoken):
        return "org"
    if tongue == "de" and nouns and spoken[0].lower.endswith(_ADJECTIVE_ENDINGS):
        return "org" if parts.first > 0 else None
    return _multiple_kind(found, parts, tongue)


def _kind_behind(lead: str, tongue: str, spoken: list[Word]) -> NameKind | None:
    """The kind that the office or class noun before a name gives it."""
    named_class = class_kind(lead)
    if named_class is not None and not is_person_noun(lead, tongue):
        return named_class
    if is_person_noun(lead, tongue):
        is_other_noun = len(spoken) == 1 and is_common_noun(spoken[0].text) and tongue == "de"
        return None if is_other_noun and spoken[0].lower.endswith(("en", "ung")) else "person"
    return "person" if spoken[0].lower in word_set("names", "first_names") else "unknown"


def _multiple_kind(found: tuple[Word, ...], parts: NameParts, tongue: str) -> NameKind:
    """Two unknown capitalised words: a person, unless „in“ or „from“ makes them a place."""
    before = lower_at(found, parts.first - 1)
    is_place = before in ("in", "nach", "from", "at", "near")
    return "place" if (is_place and tongue == "en") or before in ("nach",) else "person"


def _is_described_class(spoken: list[Word]) -> bool:
    """„Mainauer Unternehmen“ describes, „Neue Heidebank“ names."""
    listed = word_set("names", "org_classes") | word_set("names", "place_classes")
    return len(spoken) == 2 and spoken[0].lower.endswith("er") and spoken[1].lower in listed


@lru_cache(maxsize=65536)
def class_kind(word: str) -> NameKind | None:
    """What a class noun („Tierpark“, „Brauerei“) makes of the name beside it."""
    lower = word.lower().rpartition("-")[2]
    kinds: tuple[tuple[str, NameKind], ...] = (
        ("org", "org"),
        ("place", "place"),
        ("event", "unknown"),
    )
    for listed, kind in kinds:
        known = word_set("names", f"{listed}_classes")
        if lower in known or any(lower[start:] in known for start in range(1, len(lower) - 3)):
            return kind
    return None


@lru_cache(maxsize=65536)
def is_person_noun(word: str, tongue: str) -> bool:
    """Whether a noun is an office or tells what a person is, also at the end of a compound."""
    lower = word.lower().rpartition("-")[2].removesuffix("’s").removesuffix("'s")
    if tongue == "en":
        return lower in word_set("offices", "en")
    known = word_set("offices", "de") | word_set("offices", "persons")
    for form in (lower, lower.removesuffix("s"), lower.removesuffix("n"), lower.removesuffix("en")):
        if form in known:
            return True
        if any(form[start:] in known for start in range(1, len(form) - 4)):
            return True
    return False


@lru_cache(maxsize=65536)
def _known_place(word: str) -> bool:
    lower = word.lower()
    places = word_set("names", "countries") | word_set("names", "cities")
    return lower in places or lower.removesuffix("s").rstrip("'’") in places


def _single_kind(found: tuple[Word, ...], index: int, tongue: str) -> NameKind | None:
    word = found[index]
    if _known_place(word.text):
        return "place"
    forms = {word.lower, word.lower.removesuffix("s").rstrip("’'")}
    if forms & word_set("names", "first_names"):
        return "person"
    if forms & word_set("names", "org_names") or is_acronym(word.text):
        return "org"
    if "-" in word.text and class_kind(word.text):
        return "org" if class_kind(word.text) == "org" else "place"
    is_nominal = word_ends(word.lower, "nominal_adjective_endings")
    if tongue == "de" and (is_nominal or is_common_noun(word.text)):
        return None
    return _unknown_kind(found, index, tongue)


def _unknown_kind(found: tuple[Word, ...], index: int, tongue: str) -> NameKind | None:
    """A lone capitalised word that no lexicon knows: its neighbours decide."""
    before, after = lower_at(found, index - 1), lower_at(found, index + 1)
    verbs = word_set("names", "person_verbs")
    if index == 0 or not found[index - 1].is_word:
        if after in verbs:
            return "person"
        return "unknown" if _opens_with_name(found, index, tongue) else None
    if before in word_set("names", "place_prepositions") or _is_of_place(found, index):
        return "place"
    if before in ("im", "beim", "am", "zum", "vom", "ins"):
        is_region = word_ends(found[index].lower, "place_endings")
        return "place" if is_region else None
    if after in verbs or before in verbs:
        return "person"
    is_determined = before in word_set("speech", "determiners") or before.endswith(
        _ADJECTIVE_ENDINGS
    )
    return None if tongue == "de" and is_determined else "unknown"


def _opens_with_name(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    """Whether a sentence can open with a name here: a finite verb follows, it is no adverb."""
    after = found[index + 1] if index + 1 < len(found) else None
    if found[index].lower in word_set("offices", "former") | word_set("offices", "current"):
        return False
    if after is None or not after.is_word or after.is_capitalised:
        return False
    endings = ("t", "te", "ten") if tongue == "de" else ("ed",)
    is_verb = after.lower.endswith(endings) or after.lower in _AUXILIARIES
    return is_verb and not found[index].lower.endswith(_ADVERB_ENDINGS)


def word_ends(word: str, listed: str) -> bool:
    """Whether a word ends as the names of a list do."""
    return word.endswith(tuple(word_set("names", listed)))


def _is_of_place(found: tuple[Word, ...], index: int) -> bool:
    """„Hafen von Lüderau“, „Bürgermeister von Lüderau“: a place behind „von“."""
    if lower_at(found, index - 1) not in ("von", "of") or index < 2:
        return False
    noun = found[index - 2].text
    return class_kind(noun) is not None or is_person_noun(noun, "de")


def is_acronym(word: str) -> bool:
    """Whether a word is written in capitals only."""
    return word.isupper() and len(word) > 1


def is_name_prefix(word: str) -> bool:
    """Whether a word opens names of places: Bad, Sankt, Neu."""
    return word.lower() in word_set("names", "place_prefixes")
