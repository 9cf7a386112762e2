"""A question as it was meant: umlauts restored, letters that changed places put back.

A word is only touched when no stored article has it and exactly one way of putting it right is a
word the articles do have. So a name that is not in the sources stays what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Protocol

from rag.language.terms import terms, tokens
from rag.language.umlauts import with_umlauts
from rag.types import Language, Question

_UMLAUTS = str.maketrans("äöü", "aou")
_SHORTEST = 6
_LONGEST = 60
_ALTERNATING = ({"e", "l"}, {"e", "r"})
"""Letters that change places in inflection: "verhandeln", "Verhandlung"."""
_MOST_WORDS = 12
"""Unknown words looked into; a text of thousands of words is no question."""


class Vocabulary(Protocol):
    """Which index terms the stored articles have."""

    def known_terms(self, terms: Collection[str]) -> frozenset[str]:
        """Those of ``terms`` that occur in any article."""
        ...


def as_meant(question: Question, vocabulary: Vocabulary) -> tuple[Question, tuple[str, ...]]:
    """The question to search for, and a note where it is not what was typed."""
    text = _in_order(question.text, question.language, vocabulary)
    if question.language == "de":
        text = with_umlauts(text)
    if text == question.text:
        return question, ()
    meant = replace(question, text=text, original=question.original or question.text)
    return meant, (f"Read as: {text}",)


def _in_order(text: str, language: Language, vocabulary: Vocabulary) -> str:
    """The text with words put right whose letters changed places."""
    long_words = [
        token
        for token in tokens(text)
        if _SHORTEST <= len(token.text) <= _LONGEST and token.text.isalpha()
    ]
    own = {token.text: _forms(token.text, language) for token in long_words}
    known = vocabulary.known_terms({form for forms in own.values() for form in forms})
    # A compound of known parts is a word; so is what has no stem, a function word.
    unknown = [t for t in long_words if own[t.text] and known.isdisjoint(own[t.text])]
    unknown = unknown[:_MOST_WORDS]
    if not unknown:
        return text
    ways = {token.text: {each: terms(each, language) for each in _swapped(token.text)}
            for token in unknown}  # fmt: skip
    held = vocabulary.known_terms({s[0] for way in ways.values() for s in way.values() if s})
    for token in reversed(unknown):
        right = [each for each, stems in ways[token.text].items() if not stems or stems[0] in held]
        if len(right) == 1:
            text = text[: token.start_char] + right[0] + text[token.end_char :]
    return text


def _forms(word: str, language: Language) -> tuple[str, ...]:
    """Index terms that show a word is one: its stems, and its beginning, for stemmers err."""
    stems = (*terms(word, language), *terms(word, "de"), *terms(word, "en"))
    if not terms(word, language):
        return ()
    plain = word.casefold().translate(_UMLAUTS)
    return tuple(dict.fromkeys((*stems, plain[:-1], plain[:-2])))


def _swapped(word: str) -> Iterator[str]:
    """The word with each two neighbouring letters behind the first changed back."""
    for place in range(1, len(word) - 1):
        pair = {word[place].lower(), word[place + 1].lower()}
        if len(pair) == 2 and pair not in _ALTERNATING:
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
