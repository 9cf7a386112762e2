"""Causes a sentence names: the words that mark one and the span of the cause itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from rag.language.lexicon import lexicon, word_set
from rag.language.words import OPENING, Word, lower_at, words
from rag.types import Language

Strength = Literal["strong", "weak"]
_END = frozenset(".;:!?–—()" + OPENING)
_VERB_ENDINGS = ("te", "ten")
_CAUSED = ("ausgelöst", "verursacht", "hervorgerufen", "verschuldet")
_LONGEST_NOUN_PHRASE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cause in ``text[start_char:end_char]``, without the word that marks it.

    ``strength``: whether the marker states a cause (weil, Auslöser) or only suggests one (nachdem,
    durch). ``marker`` is the marking word or words.
    """

    start_char: int
    end_char: int
    text: str
    marker: str
    strength: Strength


class _Hit(NamedTuple):
    first: int
    last: int
    marker: str
    strength: Strength


@lru_cache(maxsize=4096)
def causes(text: str, language: Language) -> tuple[Cause, ...]:
    """All causes of a sentence, strong ones first, then in order."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    hits = [hit for index in range(len(found)) for hit in _hits_at(found, index, tongue)]
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.strength != "strong", hit.first)):
        overlaps = any(hit.first < other.last and other.first < hit.last for other in kept)
        if hit.last > hit.first and not overlaps:
            kept.append(hit)
    return tuple(_cause(text, found, hit) for hit in kept)


def _cause(text: str, found: tuple[Word, ...], hit: _Hit) -> Cause:
    start, end = found[hit.first].start_char, found[hit.last - 1].end_char
    return Cause(
        start_char=start,
        end_char=end,
        text=text[start:end],
        marker=hit.marker,
        strength=hit.strength,
    )


def _hits_at(found: tuple[Word, ...], index: int, tongue: str) -> Iterator[_Hit]:
    lists = lexicon("causes")
    lower = found[index].lower
    if lower not in _markers(tongue):
        return
    for phrase, strength in lists[f"{tongue}_prepositions"].items():
        if _matches(found, index, phrase) and _is_causal(found, index, lower):
            last = index + len(phrase.split())
            yield _Hit(last, _noun_phrase_end(found, last), phrase, strength)
            return
    if lower in lists[f"{tongue}_clauses"] and _opens_clause(found, index, tongue):
        strength = lists[f"{tongue}_clauses"][lower]
        yield _Hit(index + 1, _clause_end(found, index + 1), lower, strength)
    elif lower in word_set("causes", f"{tongue}_nouns"):
        yield from _noun_hits(found, index, tongue)
    else:
        yield from _verb_hits(found, index, tongue)


@cache
def _markers(tongue: str) -> frozenset[str]:
    """The first words of all markers: few words of a sentence are one."""
    lists = lexicon("causes")
    singles = [*lists[f"{tongue}_prepositions"], *lists[f"{tongue}_clauses"]]
    pairs = [*lists[f"{tongue}_passive"], *lists[f"{tongue}_phrase_verbs"]]
    if tongue == "de":
        singles += [*lists["de_verbs"], *_CAUSED]
        pairs += lists["de_lie_on"]
    singles += [*lists[f"{tongue}_nouns"], *(pair[0] for pair in pairs)]
    return frozenset(word.split()[0] for word in singles)


def _matches(found: tuple[Word, ...], index: int, phrase: str) -> bool:
    return all(lower_at(found, index + at) == part for at, part in enumerate(phrase.split()))


def _is_causal(found: tuple[Word, ...], index: int, lower: str) -> bool:
    """„aus Protest“, not „aus Berlin“; „durch den Frost“, not „durch die Stadt“ (a place)."""
    if lower == "aus":
        return lower_at(found, index + 1) in word_set("causes", "de_out_of")
    if lower == "dank":
        return not found[index].is_capitalised or index == 0
    if lower == "durch":
        return lower_at(found, index - 1) != "hin"
    return True


def _opens_clause(found: tuple[Word, ...], index: int, tongue: str) -> bool:
    """„da“ and „denn“ behind a comma or at the start; „because“ anywhere."""
    is_start = index == 0 or not found[index - 1].is_word
    if found[index].lower in ("weil", "nachdem", "because"):
        return True
    if found[index].lower in ("da", "as", "since") and is_start:
        return not _is_verb_next(found, index + 1)
    after_is_clause = lower_at(found, index + 1) not in ("the", "a", "an") or tongue == "de"
    return is_start and after_is_clause


def _is_verb_next(found: tuple[Word, ...], index: int) -> bool:
    """„Da wollten wir …“: an adverb, no conjunction."""
    word = lower_at(found, index)
    if word in word_set("causes", "da_before"):
        return False
    return word.endswith(("t", "te", "ten")) or word in ("war", "waren", "sind", "kam", "then")


def _clause_end(found: tuple[Word, ...], first: int) -> int:
    """The end of a clause; a comma ends it once a verb has been said."""
    for at in range(first, len(found)):
        if found[at].text in _END and not (found[at].text == "." and at + 1 < len(found)):
            return at
        if found[at].text == "," and at - first >= 3:
            return at
    return len(found) - (found[-1].text in ".!?") if found else first


def _noun_phrase_end(found: tuple[Word, ...], first: int) -> int:
    """The end of a noun phrase with its genitives and „von …“: before a verb or preposition."""
    has_noun = False
    for at in range(first, min(first + _LONGEST_NOUN_PHRASE, len(found))):
        word = found[at]
        if word.text in _END or word.text == "," or not (word.is_word or word.is_number):
            return at
        is_linker = word.lower in ("der", "des", "von", "eines", "einer", "und", "of", "the", "and")
        is_function = word.lower in word_set("functions", "de") | word_set("functions", "en")
        if has_noun and not word.is_capitalised and not is_linker:
            is_adjective = word.lower.endswith(("en", "er", "es")) and not is_function
            follows = at + 1 < len(found) and found[at + 1].is_capitalised
            if not (is_adjective and follows):
                return _without_linker(found, first, at)
        has_noun = has_noun or word.is_capitalised or _is_english_noun(found, at)
    return _without_linker(found, first, min(first + _LONGEST_NOUN_PHRASE, len(found)))


def _is_english_noun(found: tuple[Word, ...], index: int) -> bool:
    """English has no capitals to go by: the phrase may end at the next function word."""
    after = lower_at(found, index + 1)
    is_function = found[index].lower in word_set("functions", "en")
    return not is_function and (after in word_set("functions", "en") or not after)


def _without_linker(found: tuple[Word, ...], first: int, last: int) -> int:
    loose = ("der", "des", "von", "und", "the", "of", "and", "eines", "einer")
    while last > first and (found[last - 1].lower in loose or not found[last - 1].is_word):
        last -= 1
    return last


def _noun_hits(found: tuple[Word, ...], index: int, tongue: str) -> Iterator[_Hit]:
    """„Auslöser war (nach Erkenntnissen der Polizei) eine Ölspur“, „Eis war die Ursache“."""
    be = word_set("causes", f"{tongue}_be")
    marker = found[index].text
    for at in range(index + 1, min(index + 7, len(found))):
        if found[at].text in _END or found[at].text == ",":
            break
        if found[at].lower in be:
            first = _skip_source(found, at + 1)
            if lower_at(found, first) not in ("es", "dass", "noch", "unklar", "bekannt", "not"):
                yield _Hit(first, _up_to_comma(found, first), marker, "strong")
            return
    before = index - 1
    while before > 0 and found[before].lower in ("die", "der", "als", "the", "a", "wohl", "eine"):
        before -= 1
    if before > 0 and found[before].lower in be:
        first = _sentence_part_start(found, before)
        yield _Hit(first, before, marker, "strong")


def _up_to_comma(found: tuple[Word, ...], first: int) -> int:
    end = _clause_end(found, first)
    commas = [at for at in range(first, end) if found[at].text == ","]
    return commas[0] if commas else end


def _skip_source(found: tuple[Word, ...], index: int) -> int:
    """Steps over „nach Erkenntnissen der Polizei“, „laut Feuerwehr“, „offenbar“."""
    at = index
    while lower_at(found, at) in ("offenbar", "wohl", "vermutlich", "demnach", "wahrscheinlich"):
        at += 1
    if lower_at(found, at) not in ("nach", "laut"):
        return at
    at += 1
    while at < len(found) and not found[at].is_capitalised:
        at += 1
    at += 1
    if lower_at(found, at) in ("der", "des", "von"):
        while at < len(found) and not found[at].is_capitalised:
            at += 1
        at += 1
    return min(at, len(found))


def _sentence_part_start(found: tuple[Word, ...], index: int) -> int:
    at = index - 1
    while at >= 0 and found[at].text not in _END and found[at].text != ",":
        at -= 1
    return at + 1


def _verb_hits(found: tuple[Word, ...], index: int, tongue: str) -> Iterator[_Hit]:
    lists = lexicon("causes")
    lower = found[index].lower
    for participle, preposition in lists[f"{tongue}_passive"]:
        if lower == participle and preposition and lower_at(found, index + 1) == preposition:
            last = _noun_phrase_end(found, index + 2)
            yield _Hit(index + 2, last, f"{participle} {preposition}", "strong")
            return
    if tongue == "de" and (hit := _lies_on(found, index)) is not None:
        yield hit
        return
    if tongue == "de" and (hit := _caused_by_before(found, index)) is not None:
        yield hit
        return
    if tongue == "de" and (hit := _has_caused(found, index)) is not None:
        yield hit
        return
    for verb, particle in lists[f"{tongue}_phrase_verbs"]:
        follows = [lower_at(found, at) for at in range(index + 1, min(index + 12, len(found)))]
        if lower == verb and (not particle or particle in follows):
            first = _sentence_part_start(found, index)
            marker = f"{verb} {particle}".strip()
            yield _Hit(first, index, marker, "strong")
            return
    if tongue == "de" and lower in word_set("causes", "de_verbs"):
        yield _Hit(_sentence_part_start(found, index), index, lower, "strong")


def _lies_on(found: tuple[Word, ...], index: int) -> _Hit | None:
    """„das liegt am Frost“, „der Streit geht auf einen Fehler zurück“."""
    for verb, preposition in lexicon("causes")["de_lie_on"]:
        if found[index].lower != verb or lower_at(found, index + 1) != preposition:
            continue
        last = _noun_phrase_end(found, index + 2)
        if preposition == "auf" and "zurück" not in [word.lower for word in found[last : last + 2]]:
            return None
        if preposition in ("an", "am") and lower_at(found, index - 1) not in ("das", "es", "dies"):
            return None  # „das Dorf liegt am See“
        return _Hit(index + 2, last, f"{verb} {preposition}", "strong")
    return None


def _has_caused(found: tuple[Word, ...], index: int) -> _Hit | None:
    """„Ein undichtes Ventil hat den Alarm ausgelöst“: the subject is the cause."""
    if found[index].lower not in _CAUSED:
        return None
    first = _sentence_part_start(found, index)
    for at in range(first + 1, index):
        if found[at].lower in ("hat", "haben", "hatte", "hatten", "habe"):
            return _Hit(first, at, f"{found[at].lower} … {found[index].lower}", "strong")
    return None


def _caused_by_before(found: tuple[Word, ...], index: int) -> _Hit | None:
    """„durch einen Blitz ausgelöst“, „auf Frost zurückzuführen“: the cause stands before."""
    pairs = lexicon("causes")["de_passive"]
    prepositions = [preposition for word, preposition in pairs if word == found[index].lower]
    for at in range(index - 1, max(index - _LONGEST_NOUN_PHRASE, -1), -1):
        if found[at].text in _END or found[at].text == ",":
            return None
        if found[at].lower in prepositions and found[at].lower not in ("von", ""):
            return _Hit(at + 1, index, f"{found[at].lower} … {found[index].lower}", "strong")
    return None
