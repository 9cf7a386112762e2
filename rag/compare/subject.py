"""Whether a clause speaks of what the question asks about, or of another thing."""

from __future__ import annotations

from rag.compare.frame import Frame, mentions, same_word
from rag.compare.lexicon import word_set
from rag.compare.persons import is_person_noun
from rag.compare.phrases import phrases
from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.types import Language

_OTHER_THING = 0.3


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
    if any(_is_asked(head, frame) for phrase in inside for head in phrase.heads):
        return 1.0
    if any(same_word(fold(name), frame.topic) for phrase in inside for name in phrase.names):
        return 1.0
    subjects = [
        phrase
        for phrase in inside
        if phrase.nominative
        and phrase.determiner in ("der", "die", "das", "ein", "eine")
        and not is_person_noun(phrase.heads[0], "de")
        and phrase.heads[0] not in word_set("time_nouns", "de")
    ]
    return _OTHER_THING if subjects else 1.0


def _is_asked(head: str, frame: Frame) -> bool:
    """The noun, or a part of it, is one of the question."""
    word = fold(head)
    if mentions(word, frame.topic):
        return True
    parts = set(german_splitter().parts(word))
    return any(mentions(part, frame.topic) for part in parts if len(part) > 3)
