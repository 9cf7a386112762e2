"""Who said what, and which words the outlets choose for one person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.briefing.sentences import Sentence
from rag.briefing.statements import Statement
from rag.language.names import Name, names
from rag.language.names_alike import name_key, same_key
from rag.language.speakers import SpeakerKind, speaker_key
from rag.language.speech import attribution
from rag.types import Language

_MOST_OF_ONE_SPEAKER = 2
_FEWEST_WORDS = 4
_LONGEST_LABEL = 60
_NEARLY_ALL = 0.75
_BENT_ARTICLE = re.compile(r"^(?:der|dem|den) ")
_MARKS = '„“”"»«‚‘ '
_KNOWN = frozenset({"person", "institution", "media"})


@dataclass(frozen=True, slots=True)
class Voice:
    """Words of a speaker in ``[start_char, end_char)`` of the statement's best sentence."""

    speaker: str
    statement: Statement
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Wording:
    """How outlets call one person: one sentence for each outlet and word."""

    person: str
    uses: tuple[tuple[str, Sentence], ...]


def voices(
    statements: Sequence[Statement], used: Sequence[Statement], count: int
) -> tuple[Voice, ...]:
    """Quotations with a named speaker; of a sentence shown elsewhere only the quoted words."""
    shown = {id(each) for each in used}
    persons = _persons(statements)
    said: Counter[str] = Counter()
    found: list[tuple[int, int, Voice]] = []
    for rank, statement in enumerate(statements):
        voice = _voice(statement, persons, is_shown=id(statement) in shown)
        if voice is None:
            continue
        key = speaker_key(voice.speaker)
        said[key] += 1
        if said[key] <= _MOST_OF_ONE_SPEAKER:
            found.append((said[key], rank, voice))
    found.sort(key=lambda each: each[:2])
    chosen = [voice for _, _, voice in found[:count]]
    first: dict[str, int] = {}
    for place, voice in enumerate(chosen):
        first.setdefault(speaker_key(voice.speaker), place)
    return tuple(sorted(chosen, key=lambda voice: first[speaker_key(voice.speaker)]))


def _persons(statements: Sequence[Statement]) -> tuple[tuple[Name, int], ...]:
    """Everybody with first name and surname, as written most often, and how often in all."""
    by_key: dict[str, Counter[str]] = {}
    known: dict[str, Name] = {}
    for sentence in (s for each in statements for s in each.sentences):
        for name in names(sentence.quote, sentence.article.language):
            if name.kind == "person" and " " in name.text:
                by_key.setdefault(name.key, Counter())[name.text] += 1
                known.setdefault(name.text, name)
    parts = {key: frozenset(key.split()) for key in by_key}
    whole = [key for key in by_key if not _is_glued(parts[key], list(parts.values()))]
    return tuple((known[by_key[key].most_common(1)[0][0]], by_key[key].total()) for key in whole)


def _is_glued(own: frozenset[str], names_parts: Sequence[frozenset[str]]) -> bool:
    """„Selenskyj Putin“ of „der Präsident Wolodymyr Selenskyj Putin beschuldigte“: two persons."""
    others = [each for each in names_parts if each & own and each != own]
    return any(each < own for each in others) or any(
        own <= one | other and not own <= one and not own <= other
        for one, other in combinations(others, 2)
    )


def _voice(
    statement: Statement, persons: Sequence[tuple[Name, int]], *, is_shown: bool
) -> Voice | None:
    best = statement.best
    said = attribution(best.quote, best.article.language)
    if said.kind != "quoted" or not said.speaker or said.speaker_kind == "pronoun":
        return None
    speech = [each for each in said.quotations if each.is_speech and each.is_closed]
    longest = max(speech, key=lambda each: len(each.text), default=None)
    if longest is None or len(longest.text.split()) < _FEWEST_WORDS:
        return None
    speaker = _called(said.speaker, said.speaker_kind, persons, best.article.language)
    if speaker is None:
        return None
    if is_shown and longest.text.lstrip(_MARKS)[:1].islower():
        return None  # Without its sentence a part of one says little.
    start, end = (longest.start_char, longest.end_char) if is_shown else (0, len(best.quote))
    return Voice(speaker, statement, best.start_char + start, best.start_char + end)


def _called(
    phrase: str, kind: SpeakerKind, persons: Sequence[tuple[Name, int]], language: Language
) -> str | None:
    """How a speaker is named in a list: a person by the whole name, others as they were called.

    A surname alone counts where the articles give the name that goes with it, and hardly another.
    """
    own = [each.text for each in names(phrase, language) if each.kind == "person"]
    spoken = own[-1] if own else phrase
    full = [(name, count) for name, count in persons if same_key(name.key, name_key(spoken))]
    if full:
        likely = max(full, key=lambda each: each[1])[0]
        same = sum(count for name, count in full if same_key(name.key, likely.key))
        if same >= _NEARLY_ALL * sum(count for _, count in full):
            return likely.text
    if own and " " in own[-1]:
        return own[-1]
    if language == "de" and phrase.startswith("des "):
        return None  # „nach Angaben des Portals“: what a list would call it is not said.
    phrase = _BENT_ARTICLE.sub("", phrase) if language == "de" else phrase
    is_named = any(word[:1].isupper() for word in phrase.split()[1:])
    if len(phrase) > _LONGEST_LABEL or not (is_named or kind in _KNOWN):
        return None
    return phrase[:1].upper() + phrase[1:]


def wordings(sentences: Sequence[Sentence], count: int) -> tuple[Wording, ...]:
    """Persons whom outlets give different offices or epithets („Machthaber“, „Diktator“)."""
    persons: list[tuple[str, dict[str, dict[str, Sentence]]]] = []
    for sentence in sentences:
        for name in names(sentence.quote, sentence.article.language):
            if name.kind != "person" or not name.office or not _is_word(name):
                continue
            uses = _uses_of(persons, name)
            word = _base(name.office.strip(), sentence.article.language)
            by_outlet = uses.setdefault(word, {})
            by_outlet.setdefault(sentence.article.outlet, sentence)
    ranked = sorted(
        (each for each in persons if len(each[1]) > 1 and _outlets(each[1]) > 1),
        key=lambda each: (-_outlets(each[1]), each[0]),
    )
    return tuple(
        Wording(
            person,
            tuple(
                (office, sentence)
                for office, by_outlet in sorted(uses.items(), key=lambda use: (-len(use[1]), use))
                for sentence in list(by_outlet.values())[:1]
            ),
        )
        for person, uses in ranked[:count]
    )


def _uses_of(
    persons: list[tuple[str, dict[str, dict[str, Sentence]]]], name: Name
) -> dict[str, dict[str, Sentence]]:
    for known, uses in persons:
        if same_key(known, name.text):
            return uses
    persons.append((name.text, {}))
    return persons[-1][1]


def _base(office: str, language: Language) -> str:
    """An office without its ending: „Präsident“ and „Präsidenten“ are one word.

    It is what readers see, so „Kanzlerin“ and „Kollege“ stay whole.
    """
    for ending in ("en", "s") if language == "de" else ("s",):
        if office.endswith(ending) and len(office) - len(ending) > 5:
            return office[: -len(ending)]
    return office


def _is_word(name: Name) -> bool:
    return name.office_tense is None and len(str(name.office)) > 3


def _outlets(uses: dict[str, dict[str, Sentence]]) -> int:
    return len({outlet for by_outlet in uses.values() for outlet in by_outlet})
