"""Whether a sentence affirms or denies the question's own verb or adjective."""

from __future__ import annotations

from functools import cache

from rag.compare.frame import Frame, same_word
from rag.compare.lexicon import rules
from rag.compare.phrases import Tagged, tag
from rag.language.folding import fold
from rag.language.polarity import negations
from rag.types import Language


def predicate(sentence: str, frame: Frame, language: Language) -> tuple[int, int, int] | None:
    """Whether the sentence affirms or denies the question's own verb or adjective."""
    if not frame.verbs:
        return None
    scopes = negations(sentence, language)
    words = tag(sentence, "en" if language == "en" else "de")
    for word in words:
        if word.category not in ("verb", "adj", "other"):
            continue
        sign = max(
            (_same_or_opposite(fold(word.lemma), asked) for asked in frame.verbs),
            key=abs,
            default=0,
        )
        if sign and not is_elsewhere(word.start_char, words, sentence, frame):
            negated = any(
                scope.scope_start <= word.start_char < scope.scope_end for scope in scopes
            )
            return (-sign if negated else sign), word.start_char, word.end_char
    return None


def is_elsewhere(at: int, words: tuple[Tagged, ...], sentence: str, frame: Frame) -> bool:
    """„kauft zwar die Reederei, die Werft wird er nicht übernehmen“: said of something else.

    The clause has a noun, but none of the question, of which another clause speaks.
    """
    start = sentence.rfind(",", 0, at) + 1
    stop = sentence.find(",", at)
    stop = len(sentence) if stop < 0 else stop
    if start == 0 and stop == len(sentence):
        return False
    if start and _goes_on(words, start):
        # „Das Karussell, aus dem eine Gondel flog, ist nicht geprüft worden“
        start = sentence.rfind(",", 0, max(0, sentence.rfind(",", 0, start - 1))) + 1
    nouns = [other for other in words if other.category in ("noun", "name")]
    inside = [noun for noun in nouns if start <= noun.start_char < stop]
    asked = [noun for noun in nouns if same_word(fold(noun.text), frame.names)]
    return bool(inside and asked) and not any(noun in asked for noun in inside)


def _goes_on(words: tuple[Tagged, ...], start: int) -> bool:
    """Whether the clause goes on with the verb of the one before a relative clause."""
    first = next((word for word in words if word.start_char >= start), None)
    return first is not None and first.finite and first.category in ("verb", "aux")


def _same_or_opposite(word: str, asked: str) -> int:
    """1 for the same word, -1 for its opposite ("bekannt", "unbekannt"), 0 for another."""
    other = fold(asked)
    if len(word) < 3 or len(other) < 3:
        return 0
    if same_word(word, frozenset({other})):
        return 1
    if word.removeprefix("un") == other or other.removeprefix("un") == word:
        return -1
    return -1 if frozenset({word, other}) in _opposites() else 0


@cache
def _opposites() -> frozenset[frozenset[str]]:
    return frozenset(frozenset({fold(a), fold(b)}) for a, b in rules()["opposites"])
