"""Gives a German question typed in small letters the capitals its articles print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.types import Passage, Question

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_INSIDE = re.compile(r"(?<=[^\W_][ ,])[^\W\d_]+(?:-[^\W\d_]+)*")
"""A word inside a sentence: its capital, if it has one, is its own."""


def as_printed(question: Question, passages: Sequence[Passage]) -> Question:
    """The question with its nouns and names as the passages print them.

    Which words are nouns and names tells what a question is about. One with a capital inside is
    taken as it is.
    """
    if question.language != "de" or any(w[0].isupper() for w in _INSIDE.findall(question.text)):
        return question
    wanted = {word.lower() for word in _WORD.findall(question.text)}
    printed: dict[str, Counter[str]] = {}
    for passage in passages:
        for word in _INSIDE.findall(passage.chunk.text):
            if word.lower() in wanted:
                printed.setdefault(word.lower(), Counter())[word] += 1
    forms = {low: found.most_common(1)[0][0] for low, found in printed.items()}
    text = _WORD.sub(lambda match: forms.get(match.group().lower(), match.group()), question.text)
    return question if text == question.text else replace(question, text=text)
