"""In German: whether a question asks for what is to come, a sentence tells of what was."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.compare.lexicon import word_set
from rag.compare.phrases import Tagged, tag
from rag.types import Language

_HOW_OLD = re.compile(r"\b(?:seit\s+(?:wann|welche\w*)|aus\s+welche\w*)\b", re.IGNORECASE)
"""„Aus welchem Jahr stammt die Glocke?“ is put in the present, and asks for what was."""


@lru_cache(maxsize=512)
def asks_what_is_to_come(question: str, language: Language) -> bool:
    """„Wann beginnt …?“, „Wann soll …?“: the first verb is no past form."""
    if language != "de" or _HOW_OLD.search(question):
        return False
    verbs = [word for word in tag(question, "de") if word.category in ("verb", "aux")]
    if verbs and verbs[0].text.lower() in word_set("verbs_of_a_compound_past", "de"):
        return len(verbs) == 1  # „Wann hat die Oper Premiere?“
    return bool(verbs) and _is_present(verbs[0])


@lru_cache(maxsize=8192)
def tells_what_was(sentence: str, language: Language) -> bool:
    """Every clause is in the past: „Das Gericht ließ am Mittwoch die Anklage zu“."""
    if language != "de":
        return False
    words = tag(sentence, "de")
    helpers = [word for word in words if word.category == "aux"]
    deciding = helpers or [word for word in words if word.category == "verb"]
    # „ist für 11 Uhr angesetzt“ is a state, not what was.
    return bool(deciding) and not any(
        _is_present(word) or word.text.lower() in ("ist", "sind") for word in deciding
    )


def _is_present(word: Tagged) -> bool:
    text = word.text.lower()
    if word.category == "aux":
        return text in word_set("verbs_of_what_is_to_come", "de")
    is_plural = text == word.lemma.lower()
    return is_plural or (text.endswith("t") and text not in word_set("past_like_present", "de"))
