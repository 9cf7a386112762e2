"""What an article tells of a name: the nouns of persons and groups in one phrase with it.

To analyse every sentence with the name was the larger part of comparing answers to "wer". German
prints nouns in capitals, so most sentences show at a glance that they tell nothing of a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from rag.compare.persons import is_person_noun
from rag.compare.phrases import OPENING_MARKS, QUOTED_WORDS, phrases
from rag.language.folding import fold
from rag.language.parts_of_speech import LONGEST_WORD, tagger_of, word_matches
from rag.types import Language

_NOUN = "NN"


@lru_cache(maxsize=4096)
def roles_of(name: str, text: str, language: Language) -> frozenset[str]:
    """The lemmas of the person nouns in the phrases of a text that hold the name."""
    folded = fold(name)
    return frozenset(
        head
        for sentence in text.split(". ")
        if name in sentence and _may_tell(sentence, folded, language)
        for phrase in phrases(sentence, language)
        if folded in {fold(word) for word in phrase.names}
        for head in phrase.heads
        if is_person_noun(head, language)
    )


def _may_tell(sentence: str, name: str, language: Language) -> bool:
    """Whether a person noun may stand in one phrase with the folded name."""
    if language == "en":
        return True
    words = [match.group() for match in word_matches(sentence)]
    joined = [_may_be_in_phrase(words, place) for place in range(len(words))]
    return any(
        _may_be_person(words[near])
        for place, word in enumerate(words)
        if fold(word) == name
        for side in (range(place - 1, -1, -1), range(place + 1, len(words)))
        for near in takewhile(joined.__getitem__, side)
    )


def _may_be_in_phrase(words: Sequence[str], place: int) -> bool:
    """Whether a word may go on a phrase of nouns and names; quoted ones may, whatever they are."""
    if words[place][0].isupper() or _may_be_person(words[place]):
        return True
    return not OPENING_MARKS.isdisjoint(words[max(0, place - QUOTED_WORDS) : place + 1])


@lru_cache(maxsize=16384)
def _may_be_person(word: str) -> bool:
    """Whether a German word is a person noun as it stands or with the lemma it has as a noun."""
    if is_person_noun(word.lower(), "de"):
        return True
    if not word[0].isupper():
        return False
    tagger = tagger_of(german=True)
    return is_person_noun(tagger.lemma(word[:LONGEST_WORD], tagger.tag2int[_NOUN]).lower(), "de")
