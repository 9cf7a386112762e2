"""What or which: the noun phrase a sentence puts where the question has its gap (English)."""

from __future__ import annotations

from dataclasses import dataclass

from rag.compare.capitals import name_runs, share_of
from rag.compare.frame import Frame, same_word, word_bag
from rag.compare.lexicon import word_set
from rag.compare.phrases import Phrase, Tagged, phrases, tag
from rag.language.folding import fold
from rag.types import Language

_COVERED = 0.6
_FEWEST_WORDS = 2
_REACH = 4
_BASE, _NAME, _BEHIND_VERB, _OF_KIND = 0.2, 0.2, 0.35, 0.3
_ENOUGH = 0.5
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase that may fill the gap; ``words`` folded, without the question's."""

    text: str
    start_char: int
    end_char: int
    words: frozenset[str]
    fit: float


def terms_for(sentence: str, frame: Frame, language: Language) -> tuple[Term, ...]:
    """The phrases that may answer, best first; none where the sentence says too little of it."""
    asked = _asked_words(frame)
    if len(asked) < _FEWEST_WORDS or share_of(asked, word_bag(sentence)) < _COVERED:
        return ()
    tongue: Language = "en" if language == "en" else "de"
    words = tag(sentence, tongue)
    named = frozenset(word for run in name_runs(sentence) for word in run.words)
    found = [
        term
        for phrase in phrases(sentence, tongue)
        if (term := _term(phrase, words, frame, named)) and term.fit >= _ENOUGH
    ]
    return tuple(sorted(found, key=lambda term: (-term.fit, term.start_char)))


def _asked_words(frame: Frame) -> frozenset[str]:
    """What the question says beside the kind of thing it asks for."""
    ignored = word_set("question_words", "en")
    return frozenset(
        word
        for word in frame.topic
        if len(word) >= _SHORTEST and word not in ignored and word != frame.focus
    )


def _term(
    phrase: Phrase, words: tuple[Tagged, ...], frame: Frame, named: frozenset[str]
) -> Term | None:
    said = frozenset(fold(word) for word in (*phrase.heads, *phrase.names))
    new = frozenset(word for word in said if not same_word(word, frame.topic))
    if not new or (phrase.heads and phrase.heads[0] in word_set("time_nouns", "en")):
        return None
    fit = _BASE + _NAME * bool(new & named)
    if _behind_asked_verb(phrase, words, frame):
        fit += _BEHIND_VERB
    if frame.focus and same_word(frame.focus, said):
        fit += _OF_KIND
    return Term(phrase.text, phrase.start_char, phrase.end_char, new, min(1.0, fit))


def _behind_asked_verb(phrase: Phrase, words: tuple[Tagged, ...], frame: Frame) -> bool:
    """Right behind the question's own verb, or behind "is" where the question asks "what is"."""
    before = words[max(0, phrase.first_word - _REACH) : phrase.first_word]
    verbs = frozenset(fold(verb) for verb in frame.verbs)
    for place, word in enumerate(before):
        if word.category in ("punct", "conj"):
            continue
        near = len(before) - place <= 1
        if same_word(fold(word.lemma), verbs) or (near and word.category == "aux"):
            return True
    return False


def related(first: Term, second: Term, first_text: str, second_text: str) -> bool:
    """Whether one phrase, or a word of it, is also named by the other or its article."""
    one, other = word_bag(first_text), word_bag(second_text)
    return (
        any(same_word(word, second.words) for word in first.words)
        or share_of(first.words, other) >= _ENOUGH
        or share_of(second.words, one) >= _ENOUGH
    )
