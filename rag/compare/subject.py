"""Whether a clause speaks of what the question asks about, or of another thing."""

from __future__ import annotations

from rag.compare.frame import Frame, mentions, same_word
from rag.compare.lexicon import word_set
from rag.compare.persons import is_person_noun
from rag.compare.phrases import Phrase, phrases
from rag.language.common_nouns import is_common_noun
from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.types import Language

_OTHER_THING = 0.3
_THING_INSIDE = 0.5
_INSIDE = frozenset({"in", "im", "am", "an", "auf", "neben", "vor"})


def subject_share(sentence: str, at: int, frame: Frame, language: Language) -> float:
    """1, less where the clause at a place has a thing of its own as its subject.

    „Der Flohmarkt fällt aus“ does not answer whether the town festival takes place.
    """
    if language != frame.language or language == "en":
        return 1.0
    start = max(sentence.rfind(mark, 0, at) for mark in ",;:") + 1
    ends = [end for mark in ",;:" if (end := sentence.find(mark, at)) >= 0]
    end = min(ends, default=len(sentence))
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
        and phrase.determiner in ("der", "die", "das", "ein", "eine")
        and not is_person_noun(phrase.heads[0], "de")
        and phrase.heads[0] not in word_set("motions", "de")
        and phrase.heads[0] not in word_set("time_nouns", "de")
    ]
    if not subjects:
        return 1.0
    if not asked:
        return _OTHER_THING
    # „Das Reisezentrum im Bahnhof wird geschlossen“: the station itself is not.
    is_inside = all(phrase.preposition in _INSIDE for phrase in asked)
    holds = any(subject.last_word == phrase.first_word for subject in subjects for phrase in asked)
    return _THING_INSIDE if is_inside and holds else 1.0


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
