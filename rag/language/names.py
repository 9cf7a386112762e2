"""Persons, organisations and places a sentence names, and roles that stand for a person.

German capitalises every noun, so a capital alone says nothing. What tells a name: it is no known
common noun (``common_nouns``), stands behind an office or a class noun (Landrätin, Tierpark),
beside a first name, behind a preposition of place or before a verb that only persons take. No
tagger is needed: HanTa takes a millisecond a word and errs on invented names alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.language.common_nouns import is_common_noun
from rag.language.lexicon import word_set
from rag.language.name_kinds import (
    NameKind,
    NameParts,
    class_kind,
    is_acronym,
    is_name_prefix,
    is_person_noun,
    kind_of_name,
)
from rag.language.name_runs import Run, runs
from rag.language.names_alike import name_key, same_key
from rag.language.words import Word, lower_at, words
from rag.types import Language

_ADJECTIVE_ENDINGS = ("e", "er", "en", "es", "em")
__all__ = ["Name", "NameKind", "names", "same_name"]


_OFFICE_REACH = 3


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
    kind = kind_of_name(found, parts, tongue)
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


def _without_nouns_behind_acronym(found: tuple[Word, ...], parts: NameParts) -> NameParts:
    """„RKI“ of „laut RKI Engpässe“: nouns that only follow are another phrase."""
    opens = parts.first < parts.last and is_acronym(found[parts.first].text)
    if opens and parts.last - parts.first == 2 and is_common_noun(found[parts.last - 1].text):
        return parts._replace(last=parts.first + 1)
    return parts


def _role(text: str, found: tuple[Word, ...], parts: NameParts, tongue: str) -> Name | None:
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


def _parts(found: tuple[Word, ...], run: Run, tongue: str) -> NameParts:
    """Cuts the leading office, class noun or other common noun off a run."""
    first, last, office = run.first, run.last, run.office
    while first < last:
        word = found[first].text
        can_lead = last - first > 1 and tongue == "de"
        is_office = is_person_noun(word, tongue) and not _is_surname(found, first, last)
        if not (is_office or (can_lead and _is_lead_noun(found, first, last))):
            break
        office, first = first, first + 1
    return NameParts(office, first, last)


def _is_surname(found: tuple[Word, ...], first: int, last: int) -> bool:
    """Whether „Fischer“ or „König“ stands behind a first name or title here."""
    is_last = last - first == 1
    before = lower_at(found, first - 1)
    return is_last and (before in word_set("names", "first_names") or before in ("herr", "frau"))


def _is_lead_noun(found: tuple[Word, ...], first: int, last: int) -> bool:
    """Whether a common noun only introduces the name („Tierpark Zülkenau“, „Mutter Sitara“)."""
    word = found[first].text
    if word.lower() in word_set("names", "first_names") or is_name_prefix(word):
        return False
    is_adjective = word.lower().endswith(_ADJECTIVE_ENDINGS) and is_common_noun(
        found[last - 1].text
    )
    if is_adjective and not is_common_noun(word):
        return False  # „Freie Liste“, „Rotes Kreuz“ are names as a whole
    follows_name = any(not is_common_noun(found[at].text) for at in range(first + 1, last))
    is_full_name = first + 1 < last and found[first + 1].lower in word_set("names", "first_names")
    return is_common_noun(word) and (follows_name or is_full_name or class_kind(word) is not None)


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
