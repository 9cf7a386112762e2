"""What a question is about: its names, nouns and years, for the next question to lean on."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.language.names import names
from rag.language.questions import read_question
from rag.language.terms import terms, tokens
from rag.types import Language

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_PERSONAL = re.compile(r"\[\d+\]")


@lru_cache(maxsize=512)
def topic_words(
    question: str, language: Language, answer: str = "", *, with_focus: bool = False
) -> tuple[str, ...]:
    """The words that say what it is about, in order; whom it asked for, as the answer names them.

    ``with_focus`` takes in the noun it asks about. German nouns are capitalised; in English every
    longer word is taken.
    """
    asked = read_question(question, language)
    found = []
    for place, token in enumerate(tokens(question)):
        word = token.text
        if not terms(word, language) or (word.lower() == asked.focus and not with_focus):
            continue
        if _YEAR.fullmatch(word) or _is_topical(word, place, language):
            found.append(word)
    if asked.kind == "who" and answer:
        found += _named_in(answer, language)
    return tuple(dict.fromkeys(found))


def _is_topical(word: str, place: int, language: Language) -> bool:
    if language == "en":
        if word in ("much", "many", "long", "does", "have", "will"):
            return False
        # Every content word: English does not mark nouns, and a verb too many does no harm.
        return place > 0 and len(word) > 3
    return word[0].isupper() and place > 0


def _named_in(answer: str, language: Language) -> list[str]:
    """The first person an answer names; its first words are the outlet's."""
    first = _PERSONAL.sub("", answer.partition("\n")[0])
    quote = first.partition(": ")[2] or first
    persons = [name.text for name in names(quote, language) if name.kind == "person"]
    return persons[:1]
