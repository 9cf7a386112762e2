"""Reads the noun phrase that names a speaker, beside a verb or a preposition of saying."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from rag.language.lexicon import lexicon, word_set
from rag.language.quantity_context import stem
from rag.language.words import OPENING, Word, lower_at

SpeakerKind = Literal["person", "institution", "media", "pronoun", "unknown"]
_MARKS = frozenset(",.;:!?()–—" + OPENING)
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
_NO_SUBJECT = frozenset({"den", "dem", "einen", "einem", "des"})


class SpeakerFound(NamedTuple):
    """Words ``[first, last)`` name a speaker."""

    first: int
    last: int


def phrase_after(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """The noun phrase that starts at ``index`` or behind adverbials („sagte am Montag **er**“)."""
    at = _skip_adverbials(found, index)
    if at is None:
        return None
    if found[at].lower in word_set("speech", "pronouns") and not _starts_phrase(found, at):
        return SpeakerFound(at, at + 1)
    last = at
    while last < len(found) and _belongs(found, at, last):
        last += 1
    last = _without_tail(found, at, last)
    loose = word_set("speech", "determiners")
    is_named = any(word.is_capitalised and word.lower not in loose for word in found[at:last])
    return SpeakerFound(at, last) if last > at and is_named else None


def _starts_phrase(found: tuple[Word, ...], at: int) -> bool:
    """Whether „diese“ or „sie“ goes on to a noun („diese Sprecherin“)."""
    follows = at + 1 < len(found) and found[at + 1].is_capitalised
    return follows and found[at].lower in ("dieser", "diese")


def _skip_adverbials(found: tuple[Word, ...], index: int) -> int | None:
    """Steps over „am Montag“, „dazu“, „in Berlin“ to where a noun phrase can start."""
    at = index
    for _ in range(4):
        if at >= len(found) or found[at].text in _MARKS:
            return None
        if found[at].lower not in word_set("speech", "adverbials"):
            return at
        is_preposition = at + 1 < len(found) and (
            found[at + 1].is_capitalised or found[at + 1].lower in ("the", "einem", "einer", "dem")
        )
        at += 1
        if is_preposition and found[at - 1].lower not in ("dazu", "auch", "aber", "sich", "that"):
            while at < len(found) and not found[at].is_capitalised:
                at += 1
            at += 1
    return at if at < len(found) and found[at].text not in _MARKS else None


def _belongs(found: tuple[Word, ...], first: int, index: int) -> bool:
    word = found[index]
    if word.text in _MARKS:
        return word.text == "." and index > first and len(found[index - 1].text) <= 2
    if word.lower in word_set("speech", "linkers") and index > first:
        return _links(found, index)
    if word.is_capitalised:
        return True
    if word.lower in word_set("speech", "determiners"):
        return index == first
    if word.lower in word_set("functions", "de") | word_set("speech", "de_verbs"):
        return False
    is_inside = index + 1 < len(found) and (
        found[index + 1].is_capitalised or found[index + 1].lower.endswith(_ADJECTIVE_ENDINGS)
    )
    return word.is_word and word.lower.endswith(_ADJECTIVE_ENDINGS) and is_inside


def _links(found: tuple[Word, ...], index: int) -> bool:
    """Whether „der“, „von“, „und“ goes on with the phrase."""
    for at in range(index + 1, min(index + 4, len(found))):
        if found[at].is_capitalised:
            return True
        if not found[at].is_word or found[at].lower in word_set("speech", "adverbials"):
            return False
    return False


def _without_tail(found: tuple[Word, ...], first: int, last: int) -> int:
    """Drops linkers and articles left over at the end."""
    loose = word_set("speech", "linkers") | word_set("speech", "determiners")
    while last > first and found[last - 1].lower in loose:
        last -= 1
    return last


def phrase_before(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """The noun phrase that ends right before word ``index`` and opens its clause."""
    end: int | None = index
    if lower_at(found, index - 1) in (",", ")"):
        end = _before_apposition(found, index - 1)
    if end is None:
        return None
    first = clause_start(found, end)
    if first >= end:
        return None
    if found[first].lower in word_set("speech", "pronouns") and end - first == 1:
        return SpeakerFound(first, end)
    # "Rund sechs Stunden hätten sie ..., berichtete RIA": a figure's hedge is nobody's name.
    no_subject = word_set("speech", "adverbials") | _hedges() | _NO_SUBJECT
    if found[first].lower in no_subject:
        return None
    span = phrase_after(found, first)
    return span if span is not None and span.first == first and span.last <= end else None


@cache
def _hedges() -> frozenset[str]:
    return frozenset(lexicon("hedges")["de"]["about"])


def _before_apposition(found: tuple[Word, ...], comma: int) -> int | None:
    """Steps back over „, Dmitri Peskow,“ to the end of the phrase before it."""
    opening = "(" if found[comma].text == ")" else ","
    for at in range(comma - 1, 0, -1):
        if found[at].text == opening:
            return at
        if found[at].text in ".;:":
            return None
    return None


def clause_start(found: tuple[Word, ...], index: int) -> int:
    """Where the clause of word ``index`` starts: behind the last mark or „und“ between clauses."""
    at = index - 1
    while at >= 0:
        is_short_stop = found[at].text == "." and at and len(found[at - 1].text) <= 3
        if found[at].text in _MARKS and not is_short_stop:
            break
        if found[at].lower in ("dass", "wie", "aber", "doch", "but", "that"):
            break
        at -= 1
    return at + 1


def english_phrase_after(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """The noun phrase of „according to **the ministry**“ and „said **a spokesman**“."""
    last = index
    while last < len(found) and _in_english_phrase(found[last], last == index):
        last += 1
    last = _without_tail(found, index, last)
    return SpeakerFound(index, last) if last > index else None


def english_phrase_before(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """The subject in front of an English verb, without „on Monday“ behind it."""
    end = index
    if lower_at(found, index - 1) == ",":
        end = _before_apposition(found, index - 1) or index
    first = clause_start(found, end)
    if first >= end or found[first].lower in word_set("speech", "adverbials"):
        return None
    span = english_phrase_after(found, first)
    return span if span is not None and span.last <= end else None


def _in_english_phrase(word: Word, is_first: bool) -> bool:
    if word.text in _MARKS or not (word.is_word or word.is_number):
        return False
    if word.lower in word_set("speech", "determiners") or word.lower == "of":
        return True
    if word.lower in word_set("speech", "pronouns"):
        return is_first
    is_stop = word.lower in word_set("functions", "en") or word.lower in word_set(
        "speech", "en_verbs"
    )
    return not (is_stop or word.lower in word_set("speech", "adverbials"))


def speaker_kind(phrase: str) -> SpeakerKind:
    """What kind of speaker a phrase names, by its head noun and names."""
    spoken = phrase.lower().replace("-", " ").split()
    if len(spoken) == 1 and spoken[0] in word_set("speech", "pronouns"):
        return "pronoun"
    if any(word in word_set("speech", "media") for word in spoken):
        return "media"
    nouns = [word for word in _nouns(phrase) if not _is_adjective(word)]
    nouns = nouns or [word for word in phrase.split() if word not in ("the", "a")]
    if nouns and _ends_with(nouns[0], word_set("speech", "institutions")):
        return "institution"
    has_office = any(_ends_with(noun, word_set("offices", "de")) for noun in nouns)
    is_full_name = any(f"{first} {second}" in phrase for first, second in pairwise(nouns))
    return "person" if has_office or is_full_name else "unknown"


def _nouns(phrase: str) -> list[str]:
    capitalised = [word.strip(".,") for word in phrase.split() if word[:1].isupper()]
    return [word for word in capitalised if word.lower() not in word_set("speech", "determiners")]


def _is_adjective(word: str) -> bool:
    return word.lower().endswith(("ische", "ischen", "ischer", "isches", "liche", "lichen"))


def _ends_with(word: str, endings: frozenset[str]) -> bool:
    lower = word.lower().rstrip(".,")
    bare = lower.removesuffix("s") if len(lower) > 4 else lower
    return any(
        form == ending or (len(ending) > 2 and form.endswith(ending))
        for form in (lower, bare)
        for ending in endings
    )


def speaker_key(phrase: str) -> str:
    """What stays the same when one speaker is named twice: surname, or the stem of the head.

    „Der Obstbauverband“ and „des Obstbauverbands“ have one key, „Rektorin Annegret Holsboer“ and
    „Holsboer“ too.
    """
    nouns = _nouns(phrase)
    if not nouns:
        return phrase.lower()
    head = nouns[-1] if speaker_kind(phrase) == "person" else nouns[0]
    if speaker_kind(phrase) != "person" and _is_adjective(head) and len(nouns) > 1:
        head = nouns[1]
    return stem(head, "de")
