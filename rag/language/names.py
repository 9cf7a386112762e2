"""Persons, organisations and places a sentence names, and roles that stand for a person.

German capitalises every noun, so a capital alone says nothing. What tells a name: it is no known
common noun (``common_nouns``), stands behind an office or a class noun (Landrätin, Tierpark),
beside a first name, behind a preposition of place or before a verb that only persons take. No
tagger is needed: HanTa takes a millisecond a word and errs on invented names alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from rag.language.common_nouns import is_common_noun
from rag.language.lexicon import word_set
from rag.language.name_runs import Run, runs
from rag.language.names_alike import name_key, same_key
from rag.language.words import Word, lower_at, words
from rag.types import Language

__all__ = ["Name", "NameKind", "names", "same_name"]

NameKind = Literal["person", "org", "place", "role", "unknown"]
_ADJECTIVE_ENDINGS = ("e", "er", "en", "es", "em")
_OFFICE_REACH = 3
_AUXILIARIES = frozenset(["hat", "ist", "war", "wird", "will", "kann", "has", "is", "was", "had"])
_ADVERB_ENDINGS = ("ig", "lich", "weise", "mals", "wärts", "dings", "falls", "ens", "haft", "ly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in ``text[start_char:end_char]``, without the office before it.

    A ``role`` („die Postbotin“, „der US-Präsident“) names nobody but stands for a person: its text
    is the noun. ``office_tense`` is set where the text says „ehemalig“ or „amtierend“. ``key`` is
    the spelling-independent form that ``same_name`` compares.
    """

    start_char: int
    end_char: int
    text: str
    kind: NameKind
    office: str | None = None
    office_tense: Literal["former", "current"] | None = None
    key: str = ""


class _Parts(NamedTuple):
    """A run cut into office or class noun and the name itself; word indices."""

    office: int | None
    first: int
    last: int


@lru_cache(maxsize=4096)
def names(text: str, language: Language) -> tuple[Name, ...]:
    """All names and roles of a sentence, in order, without overlaps."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    listed = [_name(text, found, run, tongue) for run in runs(found, tongue)]
    return tuple(name for name in listed if name is not None)


def same_name(first: Name, second: Name) -> bool:
    """Whether two names can mean the same: variants of spelling, surname alone, office alone.

    „Kim Jong Un“ and „Kim“, „Selenskyj“ and „Zelensky“, „Bürgermeisterin Ina Stroth“ and
    „die Bürgermeisterin“ are the same; two full names with one surname are not.
    """
    if first.kind == "role" or second.kind == "role":
        return _same_office(first, second)
    return same_key(first.key, second.key)


def _same_office(first: Name, second: Name) -> bool:
    offices = [_office_key(name.text if name.kind == "role" else name.office) for name in
               (first, second)]  # fmt: skip
    if not offices[0] or not offices[1]:
        return False
    longer, shorter = sorted(offices, key=len, reverse=True)
    return longer.endswith(shorter)


def _office_key(office: str | None) -> str:
    key = name_key(office or "").replace(" ", "")
    return key.removesuffix("in") if len(key) > 5 else key


def _name(text: str, found: tuple[Word, ...], run: Run, tongue: str) -> Name | None:
    parts = _parts(found, run, tongue)
    parts = _without_nouns_behind_acronym(found, parts)
    if parts.first >= parts.last:
        return _role(text, found, parts, tongue)
    kind = _kind(found, parts, tongue)
    if kind is None:
        return _role(text, found, parts, tongue) if parts.office is not None else None
    start, end = found[parts.first].start_char, found[parts.last - 1].end_char
    office = found[parts.office].text if parts.office is not None and kind == "person" else None
    return Name(
        start_char=start,
        end_char=end,
        text=text[start:end],
        kind=kind,
        office=office,
        office_tense=_tense(found, parts.office if office else parts.first),
        key=name_key(text[start:end]),
    )


def _without_nouns_behind_acronym(found: tuple[Word, ...], parts: _Parts) -> _Parts:
    """„RKI“ of „laut RKI Engpässe“: nouns that only follow are another phrase."""
    is_acronym = parts.first < parts.last and _is_acronym(found[parts.first].text)
    if is_acronym and parts.last - parts.first == 2 and is_common_noun(found[parts.last - 1].text):
        return parts._replace(last=parts.first + 1)
    return parts


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _role(text: str, found: tuple[Word, ...], parts: _Parts, tongue: str) -> Name | None:
    if parts.office is None or not is_person_noun(found[parts.office].text, tongue):
        return None
    word = found[parts.office]
    return Name(
        start_char=word.start_char,
        end_char=word.end_char,
        text=text[word.start_char : word.end_char],
        kind="role",
        office=word.text,
        office_tense=_tense(found, parts.office),
        key=name_key(word.text),
    )


def _parts(found: tuple[Word, ...], run: Run, tongue: str) -> _Parts:
    """Cuts the leading office, class noun or other common noun off a run."""
    first, last, office = run.first, run.last, run.office
    while first < last:
        word = found[first].text
        is_single = last - first == 1
        if (is_person_noun(word, tongue) and not _is_surname(found, first, last)) or (
            not is_single and tongue == "de" and _is_lead_noun(found, first, last)
        ):
            office, first = first, first + 1
        else:
            break
    return _Parts(office, first, last)


def _is_surname(found: tuple[Word, ...], first: int, last: int) -> bool:
    """Whether „Fischer“ or „König“ stands behind a first name or title here."""
    is_last = last - first == 1
    before = lower_at(found, first - 1)
    return is_last and (before in word_set("names", "first_names") or before in ("herr", "frau"))


def _is_lead_noun(found: tuple[Word, ...], first: int, last: int) -> bool:
    """Whether a common noun only introduces the name („Tierpark Zülkenau“, „Mutter Sitara“)."""
    word = found[first].text
    if word.lower() in word_set("names", "first_names") or _is_name_prefix(word):
        return False
    is_adjective = word.lower().endswith(_ADJECTIVE_ENDINGS) and is_common_noun(
        found[last - 1].text
    )
    if is_adjective and not is_common_noun(word):
        return False  # „Freie Liste“, „Rotes Kreuz“ are names as a whole
    follows_name = any(not is_common_noun(found[at].text) for at in range(first + 1, last))
    is_full_name = first + 1 < last and found[first + 1].lower in word_set("names", "first_names")
    return is_common_noun(word) and (follows_name or is_full_name or _class_kind(word) is not None)


def _is_name_prefix(word: str) -> bool:
    return word.lower() in word_set("names", "place_prefixes")


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


def _kind(found: tuple[Word, ...], parts: _Parts, tongue: str) -> NameKind | None:
    """What a name is; ``None`` where it is no name after all."""
    spoken = [found[at] for at in range(parts.first, parts.last)]
    if parts.office is not None:
        return _kind_behind(found[parts.office].text, tongue, spoken)
    if len(spoken) == 1:
        return _single_kind(found, parts.first, tongue)
    if _is_described_class(spoken):
        return None
    if _class_kind(spoken[-1].text) or _class_kind(spoken[0].text):
        return _class_kind(spoken[-1].text) or _class_kind(spoken[0].text)
    if _is_name_prefix(spoken[0].text) or _known_place(spoken[-1].text):
        return "place"
    if spoken[0].lower in word_set("names", "first_names"):
        return "person"
    nouns = sum(is_common_noun(word.text) for word in spoken if word.is_capitalised)
    if tongue == "de" and nouns == len([word for word in spoken if word.is_capitalised]):
        return None
    if any(_is_acronym(word.text) for word in spoken):
        return "org"
    is_adjective = spoken[0].lower.endswith(_ADJECTIVE_ENDINGS) and nouns > 0
    if tongue == "de" and is_adjective:
        return "org" if parts.first > 0 else None
    return _multiple_kind(found, parts, tongue)


def _is_described_class(spoken: list[Word]) -> bool:
    """„Mainauer Unternehmen“ describes, „Neue Heidebank“ names."""
    listed = word_set("names", "org_classes") | word_set("names", "place_classes")
    return len(spoken) == 2 and spoken[0].lower.endswith("er") and spoken[1].lower in listed


def _multiple_kind(found: tuple[Word, ...], parts: _Parts, tongue: str) -> NameKind:
    """Two unknown capitalised words: a person, unless „in“ or „from“ makes them a place."""
    before = lower_at(found, parts.first - 1)
    is_place = before in ("in", "nach", "from", "at", "near")
    return "place" if (is_place and tongue == "en") or before in ("nach",) else "person"


def _kind_behind(lead: str, tongue: str, spoken: list[Word]) -> NameKind | None:
    """The kind that the office or class noun before a name gives it."""
    class_kind = _class_kind(lead)
    if class_kind is not None and not is_person_noun(lead, tongue):
        return class_kind
    if is_person_noun(lead, tongue):
        is_other_noun = len(spoken) == 1 and is_common_noun(spoken[0].text) and tongue == "de"
        return None if is_other_noun and spoken[0].lower.endswith(("en", "ung")) else "person"
    return "person" if spoken[0].lower in word_set("names", "first_names") else "unknown"


def _class_kind(word: str) -> NameKind | None:
    lower = word.lower().rpartition("-")[2]
    for kind in ("org", "place"):
        known = word_set("names", f"{kind}_classes")
        if lower in known or any(lower[start:] in known for start in range(1, len(lower) - 3)):
            return "org" if kind == "org" else "place"
    return None


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
    if forms & word_set("names", "org_names") or _is_acronym(word.text):
        return "org"
    if "-" in word.text and _class_kind(word.text):
        return "org" if _class_kind(word.text) == "org" else "place"
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
        return "unknown" if _opens_with_name(found, index) else None
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


def _opens_with_name(found: tuple[Word, ...], index: int) -> bool:
    """Whether a sentence can open with a name here: a finite verb follows, it is no adverb."""
    after = found[index + 1] if index + 1 < len(found) else None
    if after is None or not after.is_word or after.is_capitalised:
        return False
    is_verb = after.lower.endswith(("t", "te", "ten", "s", "ed")) or after.lower in _AUXILIARIES
    return is_verb and not found[index].lower.endswith(_ADVERB_ENDINGS)


def word_ends(word: str, listed: str) -> bool:
    """Whether a word ends as the names of a list do."""
    return word.endswith(tuple(word_set("names", listed)))


def _is_of_place(found: tuple[Word, ...], index: int) -> bool:
    """„Hafen von Lüderau“, „Bürgermeister von Lüderau“: a place behind „von“."""
    if lower_at(found, index - 1) not in ("von", "of") or index < 2:
        return False
    noun = found[index - 2].text
    return _class_kind(noun) is not None or is_person_noun(noun, "de")


def _tense(found: tuple[Word, ...], index: int | None) -> Literal["former", "current"] | None:
    """„ehemalig“ or „amtierend“ up to three words before an office, or in it („Ex-Minister“)."""
    if index is None:
        return None
    if found[index].lower.startswith(("ex-", "altbundes", "altkanzler", "altbürgermeister")):
        return "former"
    for at in range(index - 1, max(index - _OFFICE_REACH, 0) - 1, -1):
        if found[at].lower in word_set("offices", "former"):
            return "former"
        if found[at].lower in word_set("offices", "current"):
            return "current"
        if not found[at].is_word:
            return None
    return None
