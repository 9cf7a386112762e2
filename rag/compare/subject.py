"""Whether a clause speaks of what the question asks about, or of another thing."""

from __future__ import annotations

import re

from rag.compare.frame import Frame, mentions, same_word, word_bag
from rag.compare.lexicon import word_set
from rag.compare.persons import is_person_noun
from rag.compare.phrases import Phrase, phrases
from rag.language.common_nouns import is_common_noun
from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.types import Language

_OTHER_THING = 0.3
_THING_INSIDE = 0.4
_MARK = re.compile(r"[,;:](?!\d)")
_FULL_NAME = re.compile(r"\b([A-ZÄÖÜ]\w+)(?= ([A-ZÄÖÜ]\w+))")
_NUMBERED = re.compile(r"\b([A-ZÄÖÜ]\w*) (\d+)\b")
_ONLY = re.compile(r"\b(?:nur|lediglich|allein|einzig|bloß)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:er|sie|ihn|ihm|ihr|ihre[nmrs]?|sein\w*)\b", re.IGNORECASE)
_BESIDE = frozenset({"bei", "beim", "während", "zum", "zur"})
_INSIDE = frozenset({"in", "im", "am", "an", "auf", "neben", "vor"})


def subject_share(
    sentence: str, at: int, frame: Frame, language: Language, end_of_side: int = 0
) -> float:
    """1, less where the clause at a place has a thing of its own as its subject.

    „Der Flohmarkt fällt aus“ does not answer whether the town festival takes place. What the words
    of the side name themselves is no such thing: „der Ausstand ist abgesagt“.
    """
    if language != frame.language or language == "en":
        return 1.0
    start, end = clause_at(sentence, at)
    clause = sentence[start:end]
    if _tells_of_namesake(clause, frame) or _numbers_another(clause, frame):
        return _OTHER_THING
    inside = [
        phrase
        for phrase in phrases(sentence, language)
        if start <= phrase.start_char and phrase.end_char <= end and phrase.heads
    ]
    asked = [phrase for phrase in inside if _names_asked(phrase, frame)]
    subjects = [
        phrase
        for phrase in inside
        if phrase.nominative
        and not (phrase.start_char < end_of_side and at < phrase.end_char)
        and not _is_attribute(sentence, phrase)
        and phrase.determiner in ("der", "die", "das", "ein", "eine")
        and not is_person_noun(phrase.heads[0], "de")
        and phrase.heads[0] not in word_set("motions", "de")
        and phrase.heads[0] not in word_set("anaphors", "de")
        and phrase.heads[0] not in word_set("time_nouns", "de")
    ]
    if not asked and _names_another(sentence[start:end], inside, frame):
        return _OTHER_THING
    if not subjects:
        return 1.0
    if not asked:
        bag = word_bag(sentence[start:end])
        names = frame.proper - frame.places
        return 1.0 if any(mentions(name, bag) for name in names) else _OTHER_THING
    # „Das Reisezentrum im Bahnhof wird geschlossen“: the station itself is not.
    is_inside = all(phrase.preposition in _INSIDE for phrase in asked)
    holds = any(subject.last_word == phrase.first_word for subject in subjects for phrase in asked)
    if is_inside and holds:
        return _THING_INSIDE
    is_part = all(phrase.preposition in _INSIDE | _BESIDE for phrase in asked)
    return _OTHER_THING if is_part and _ONLY.search(sentence[start:end]) else 1.0


def _tells_of_namesake(clause: str, frame: Frame) -> bool:
    """„Stefan Brandes muss ins Gefängnis“ says nothing of Michael Brandes."""
    for first, last in _FULL_NAME.findall(frame.question.text):
        is_name = not (is_common_noun(first) or is_person_noun(last, "de"))
        if not is_name or not {fold(first), fold(last)} <= frame.proper:
            continue
        before = re.findall(rf"\b([A-ZÄÖÜ]\w+) {last}", clause)
        if before and first not in clause:
            return not any(is_person_noun(name, "de") or is_common_noun(name) for name in before)
    return False


def _numbers_another(clause: str, frame: Frame) -> bool:
    """„Eingestellt wird die Linie 9“ says nothing of line 7."""
    told = dict(_NUMBERED.findall(clause))
    return any(
        noun in told and told[noun] != number
        for noun, number in _NUMBERED.findall(frame.question.text)
    )


def tells_only_of_another(
    sentence: str, start: int, end: int, frame: Frame, language: Language
) -> bool:
    """„Abgelehnt wurde nur der zweite Zufahrtsweg“ is not how the council decided."""
    clause = sentence[slice(*clause_at(sentence, start))]
    if not _ONLY.search(clause):
        return False
    return subject_share(sentence, start, frame, language, end) < 1


def _is_attribute(sentence: str, phrase: Phrase) -> bool:
    """„bis zum Ende der Amtszeit“: behind a noun it is a genitive."""
    before = sentence[: phrase.start_char].split()
    return phrase.determiner == "der" and len(before) > 1 and before[-1][:1].isupper()


def _names_another(clause: str, inside: list[Phrase], frame: Frame) -> bool:
    """„Entlassen wurde Staatssekretärin Maren Vogt“ says nothing of the minister asked about."""
    if not any(is_person_noun(name, "de") for name in frame.names) or _PRONOUN.search(clause):
        return False
    return any(
        phrase.nominative and phrase.names and is_person_noun(phrase.heads[0], "de")
        for phrase in inside
    )


def clause_at(sentence: str, at: int) -> tuple[int, int]:
    """From the comma before a place to the one behind it."""
    marks = [match.start() for match in _MARK.finditer(sentence)]
    before = [mark + 1 for mark in marks if mark < at]
    return max(before, default=0), min((m for m in marks if m >= at), default=len(sentence))


def _names_asked(phrase: Phrase, frame: Frame) -> bool:
    return any(_is_asked(head, frame) for head in phrase.heads) or any(
        same_word(fold(name), frame.topic) for name in phrase.names
    )


def _is_asked(head: str, frame: Frame) -> bool:
    """The noun, or a part of it, is one of the question."""
    word = fold(head)
    if mentions(word, frame.topic):
        return True
    parts = set(german_splitter().parts(word))
    return any(mentions(part, frame.topic) for part in parts if len(part) > 3)


def speaks_of_things(sentence: str, frame: Frame) -> bool:
    """Whether a sentence names one of the question's things, where it has any beside names.

    „Waffentransfers seien wahrscheinlich“ says nothing on soldiers.
    """
    things = [name for name in frame.names if is_common_noun(name)]
    if not things:
        return True
    words = {fold(word.strip('.,;:!?„“"()')) for word in sentence.split() if word[:1].isupper()}
    parts = words | {part for word in words for part in german_splitter().parts(word)}
    return any(mentions(thing, frozenset(parts)) for thing in things)
