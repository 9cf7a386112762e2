"""Noun phrases of a sentence: who, what and where are read off these.

German is tagged with HanTa's German model, everything else with its English one. A phrase knows its
preposition and whether its article can be a nominative, which in German print is the most reliable
sign of who does something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat
from typing import Literal

from rag.compare.lexicon import word_set
from rag.compare.persons import is_listed_person
from rag.language.common_nouns import is_common_noun
from rag.language.parts_of_speech import (
    UNTAGGED,
    lemma,
    lemma_codes,
    lemma_from,
    parts_of_speech,
    tagger_of,
    word_matches,
)
from rag.types import Language

Category = Literal[
    "noun", "name", "det", "adj", "card", "prep", "verb", "aux", "part", "neg", "conj", "pron",
    "punct", "other",
]  # fmt: skip

_INDEFINITE = ("ein", "kein")
_WITH_ARTICLE = frozenset(["im", "am", "beim", "zum", "zur", "vom", "ins", "ans"])
_QUOTE_MARKS = frozenset("„“”\"»«‚‘’'")
OPENING_MARKS = frozenset('„“"»«‚')
QUOTED_WORDS = 7
"""At most so many words and signs in quotation marks belong to the phrase before them."""
_GERMAN: dict[str, Category] = {
    "NN": "noun", "NE": "name", "FM": "name", "TRUNC": "noun", "ART": "det", "PPOSAT": "det",
    "PDAT": "det", "PIAT": "det", "CARD": "card", "ADJ(A)": "adj", "APPR": "prep",
    "APPRART": "prep", "APPO": "prep", "PTKVZ": "part", "PTKNEG": "neg", "KON": "conj",
    "KOUS": "conj", "KOUI": "conj", "KOKOM": "conj", "PPER": "pron", "PRELS": "pron",
    "PDS": "pron", "PIS": "pron", "PRF": "pron",
}  # fmt: skip
_ENGLISH: dict[str, Category] = {
    "NN0": "noun", "NN1": "noun", "NN2": "noun", "NP0": "name", "AT0": "det", "DPS": "det",
    "DT0": "det", "CRD": "card", "AJ0": "adj", "AJC": "adj", "AJS": "adj", "ORD": "adj",
    "PRP": "prep", "PRF": "prep", "AVP": "part", "XX0": "neg", "CJC": "conj", "CJS": "conj",
    "CJT": "conj", "PNP": "pron", "PNI": "pron", "PNQ": "pron", "DTQ": "pron",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tagged:
    """A word with its lemma and a coarse part of speech.

    ``part_of_speech`` is the tagger's own number for it, ``None`` where it found none.
    """

    text: str
    category: Category
    finite: bool
    start_char: int
    end_char: int
    german: bool
    part_of_speech: int | None
    lemma_code: str | None

    @property
    def lemma(self) -> str:
        """In lower case; worked out when asked for, as few are."""
        if self.lemma_code is not None:
            return lemma_from(self.text, self.lemma_code)
        return lemma(self.text, self.part_of_speech or UNTAGGED, german=self.german)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase ``text[start_char:end_char]``.

    ``heads`` are the lemmas of its nouns, lower case, the grammatical head first; ``names`` its
    proper names in print. ``nominative`` is false where article or preposition rule a subject out.
    """

    text: str
    start_char: int
    end_char: int
    heads: tuple[str, ...]
    names: tuple[str, ...]
    preposition: str | None
    determiner: str | None
    nominative: bool
    quoted: bool
    first_word: int
    last_word: int


@lru_cache(maxsize=4096)
def tag(sentence: str, language: Language) -> tuple[Tagged, ...]:
    """The words of a sentence with lemma and part of speech."""
    found = word_matches(sentence)
    german = language != "en"
    labels: Mapping[int, str] = tagger_of(german=german).int2tag if found else {}
    tagged: list[Tagged] = []
    numbers = parts_of_speech(sentence, language)
    codes = lemma_codes(sentence, language) or repeat(None)
    for index, (match, number, code) in enumerate(zip(found, numbers, codes, strict=False)):
        label = labels[number] if number != UNTAGGED else "XY"
        category = _category(match.group(), label, index, german=german)
        if category in ("verb", "adj", "other") and _is_surname(match.group(), tagged):
            category = "name"
        if german and category in ("verb", "adj", "other") and _is_town(match.group(), tagged):
            category = "name"
        if category == "name" and (
            _is_occupation(match.group(), tagged, german=german)
            or (german and _is_thing(match.group(), tagged))
        ):
            category = "noun"
        finite = "FIN" in label or label in ("VVD", "VVZ", "VVB", "VBD", "VBZ", "VHD", "VHZ")
        tagged.append(
            Tagged(
                text=match.group(),
                category=category,
                finite=finite and category != "name",
                start_char=match.start(),
                end_char=match.end(),
                german=german,
                part_of_speech=number if number != UNTAGGED else None,
                lemma_code=code,
            )
        )
    return _with_whole_names(tagged) if german else tuple(tagged)


def _with_whole_names(words: list[Tagged]) -> tuple[Tagged, ...]:
    """„wird Leonie Habersaat“: two nouns in a row that no list knows are a name."""
    new = [False, *(w.category == "noun" and not is_common_noun(w.text) for w in words), False]
    return tuple(
        replace(word, category="name") if new[at] and (new[at - 1] or new[at + 1]) else word
        for at, word in enumerate(words, 1)
    )


def _is_occupation(word: str, before: list[Tagged], *, german: bool) -> bool:
    """„ein Förster“: behind an article or adjective an occupation is no surname."""
    if not before or before[-1].category not in ("det", "adj", "card"):
        return False
    lower = word.lower()
    if german and is_listed_person(lower):
        return True
    return lower in word_set("person_endings", "de" if german else "en")


def _is_town(word: str, before: list[Tagged]) -> bool:
    """„in Ostrau“: capitals right behind a preposition, which the tagger took for an adjective."""
    return word[0].isupper() and bool(before) and before[-1].category == "prep"


def _is_thing(word: str, before: list[Tagged]) -> bool:
    """„auf einem Stoppelfeld“: behind "ein", or a compound of common words behind an article."""
    if not before:
        return False
    last = before[-1].text.lower()
    if before[-1].category in ("det", "adj") or last in _WITH_ARTICLE:
        return last.startswith(_INDEFINITE) or is_common_noun(word)
    return False


def _is_surname(word: str, before: list[Tagged]) -> bool:
    """Capitals in mid-sentence behind a name: the tagger took an unknown surname for a verb."""
    return word[0].isupper() and bool(before) and before[-1].category == "name"


def _category(word: str, label: str, index: int, *, german: bool) -> Category:
    key = "de" if german else "en"
    if word.lower() in word_set("prepositions", key) and (index == 0 or word.islower()):
        return "prep"
    if not word[0].isalnum():
        return "punct"
    if word[0].isdigit():
        return "card"
    table = _GERMAN if german else _ENGLISH
    category = table.get(label, "other")
    if category == "name" and not word[0].isupper():
        return "other"
    if category == "other" and label[:1] == "V":
        return "aux" if label[:2] in ("VA", "VM", "VB", "VH") else "verb"
    return category


@lru_cache(maxsize=4096)
def phrases(sentence: str, language: Language) -> tuple[Phrase, ...]:
    """The noun phrases of a sentence, in order; names in apposition belong to the phrase."""
    words = tag(sentence, language)
    out: list[Phrase] = []
    index = 0
    while index < len(words):
        end = _phrase_end(words, index)
        if end is None:
            index += 1
            continue
        out.append(_phrase(sentence, words, index, end, german=language != "en"))
        index = end
    return tuple(out)


_BEFORE = frozenset({"prep", "det", "card", "adj"})


def _phrase_end(words: tuple[Tagged, ...], start: int) -> int | None:
    """Index behind the phrase that begins at ``start``, ``None`` when none does."""
    at = start
    if words[at].category == "prep":
        at += 1
    while at < len(words) and (words[at].category in _BEFORE or _joins(words, at)):
        if words[at].category == "prep":
            return None
        at += 1
    head = at
    while at < len(words) and (
        words[at].category in ("noun", "name") or _is_title(words, at, head)
    ):
        if at > head and _ends_time(words, at):
            break
        at += 1
    if at == head:
        return None
    return _with_quoted_name(words, at)


def _ends_time(words: tuple[Tagged, ...], at: int) -> bool:
    """„am Samstag Klara Immenthal“: what stands behind a day of the week is another phrase."""
    times = word_set("time_nouns", "de") | word_set("time_nouns", "en")
    return words[at - 1].text.lower() in times and words[at].text.lower() not in times


def _is_title(words: tuple[Tagged, ...], at: int, head: int) -> bool:
    """The adjective of a name such as "Fraktion Freie Liste": capitals behind a noun."""
    word = words[at]
    following = words[at + 1 : at + 2]
    return (
        at > head
        and word.category == "adj"
        and word.text[0].isupper()
        and bool(following)
        and following[0].category in ("noun", "name")
    )


def _joins(words: tuple[Tagged, ...], at: int) -> bool:
    """A word inside "der 17 Jahre alte Schüler" or a comma between adjectives."""
    near = words[at - 1].category if at else "other"
    following = words[at + 1 : at + 3]
    if words[at].text == "," and near == "adj":
        return bool(following) and following[0].category == "adj"
    if near != "card" or not any(word.category == "adj" for word in following):
        return False
    return words[at].lemma in ("jahr", "jahre", "monat")


def _with_quoted_name(words: tuple[Tagged, ...], at: int) -> int:
    """Takes „Abendfrieden“ into the phrase of "Kleingartenanlage „Abendfrieden“"."""
    if at < len(words) and words[at].text in OPENING_MARKS:
        for close in range(at + 1, min(at + 1 + QUOTED_WORDS, len(words))):
            if words[close].text in _QUOTE_MARKS:
                return close + 1
    return at


def _phrase(
    sentence: str, words: tuple[Tagged, ...], start: int, end: int, *, german: bool
) -> Phrase:
    inside = words[start:end]
    preposition = inside[0].text.lower() if inside[0].category == "prep" else None
    determiner = next((word.text.lower() for word in inside if word.category == "det"), None)
    nouns = [word for word in inside if word.category == "noun" and not _is_age(word, inside)]
    names = tuple(word.text for word in inside if word.category == "name")
    key = "de" if german else "en"
    oblique = determiner in word_set("oblique_articles", key) if determiner else False
    heads = tuple(dict.fromkeys(word.lemma for word in reversed(nouns)))
    return Phrase(
        text=sentence[inside[0].start_char : inside[-1].end_char],
        start_char=inside[0].start_char,
        end_char=inside[-1].end_char,
        heads=heads,
        names=names,
        preposition=preposition,
        determiner=determiner,
        nominative=preposition is None and not oblique,
        quoted=inside[-1].text in _QUOTE_MARKS,
        first_word=start,
        last_word=end,
    )


def _is_age(word: Tagged, inside: tuple[Tagged, ...]) -> bool:
    return inside[-1] is not word and word.lemma in ("jahr", "jahre")
