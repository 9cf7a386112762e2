"""How likely a sentence is a cause without saying so."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from rag.compare.effect import is_asked
from rag.compare.frame import Frame, same_word
from rag.compare.lexicon import rules
from rag.compare.phrases import Tagged, tag
from rag.language.folding import fold
from rag.types import Language

_ASSUMED_FIT = 0.35
_CUED_FIT = 0.5
_REPEATING = 0.2
CONSEQUENCE_FIT = 0.1
_SHORT_VERB = 4
_PAST_AUXILIARIES = frozenset(["hatte", "hatten", "war", "waren"])
_AFTERWARDS = re.compile(
    r"\b(?:nach|seit|trotz|after|since|despite)\s+(?:de[rmns]|the|einer?|einem)\s+"
    r"(?:[a-zäöüß]+\s+){0,2}(?P<noun>\w+)",
    re.IGNORECASE,
)
_STILL_TO_COME = re.compile(
    r"^(?!.*\b(?:weil|denn|wegen|nicht|kein\w*)\b).*\b(?:soll|sollen|wird|werden|will|wollen)\b"
    r"(?!.*\bworden\b).*\w+en\s*[.!]?$",
    re.IGNORECASE,
)
"""„sollen am 10. März weitergehen“: what comes is no cause of what was."""
_SAYS_THERE_IS_ONE = re.compile(
    r"^(?=[^:]*$)(?=.*\b(?:\w*ursachen?|rätsel\w*|gründe?|auslöser|schuldfrage|hergang|cause|reasons?|mystery)\b)"
    r"(?=.*\b(?:geklärt|aufgeklärt|gelöst|gefunden|ermittelt\w*|ermitteln|klären|unklar|offen|fest|bekannt|unbekannt|klar|"
    r"rätselhaft|untersuch\w*|such\w*|forsch\w*|ausgewertet|unknown|unclear|solved|found|established|investigat\w*)\b)",
    re.IGNORECASE,
)
"""„Die Ursache des Feuers ist geklärt“: that there is a cause, not which."""
_HAD = re.compile(r"\bhad\s+(?:\w+\s+)?\w+(?:ed|en|wn|ne|ght|nk|ut)\b")


def assumed_fit(sentence: str, frame: Frame, language: Language) -> float:
    """How likely a sentence is a cause without saying so.

    What had happened before (pluperfect) and what was wrong explain; what only repeats the event
    asked about does not.
    """
    if _follows_event(sentence, frame) or _presupposes(sentence, frame, language):
        return CONSEQUENCE_FIT
    if _STILL_TO_COME.search(sentence) or _SAYS_THERE_IS_ONE.search(sentence):
        return CONSEQUENCE_FIT
    fit = _ASSUMED_FIT
    if any(cue.search(sentence) for cue in _cues()) or _is_pluperfect(sentence, language):
        fit = _CUED_FIT
    verbs = frozenset(fold(verb) for verb in frame.verbs)
    repeats = any(
        same_word(fold(word.lemma), verbs)
        for word in (tag(sentence, language) if verbs else ())
        if word.category in ("verb", "adj", "other") and len(word.lemma) > _SHORT_VERB
    )
    return fit - _REPEATING if repeats else fit


def _follows_event(sentence: str, frame: Frame) -> bool:
    """„Nach dem Feuer im Hotel half der ganze Ort“: what came of it, not why."""
    return any(is_asked(fold(match["noun"]), frame) for match in _AFTERWARDS.finditer(sentence))


def _presupposes(sentence: str, frame: Frame, language: Language) -> bool:
    """„Der gesunkene Kutter wurde gehoben“: that it sank is taken as known, not explained."""
    if language != "de" or not frame.verbs:
        return False
    words = tag(sentence, language)
    return any(
        word.category == "adj"
        and behind.category in ("noun", "name")
        and "ge" in word.lemma
        and _verb_of(word.lemma).endswith(tuple(frame.verbs))
        for word, behind in pairwise(words)
    )


@lru_cache(maxsize=4096)
def _verb_of(participle: str) -> str:
    """„gesunken“ is of "sinken"; the word itself where it is of no verb."""
    last = tag(f"ist {participle}", "de")[-1]
    return last.lemma if last.category == "verb" else participle


def _is_pluperfect(sentence: str, language: Language) -> bool:
    """„war in das Triebwerk geraten“, „hatte den Hahn vergessen“."""
    if language == "en":
        return bool(_HAD.search(sentence))
    words = tag(sentence, language)
    return any(
        word.text.lower() in _PAST_AUXILIARIES
        and any(_is_participle(later) for later in words[place + 1 :])
        for place, word in enumerate(words)
    )


def _is_participle(word: Tagged) -> bool:
    text = word.text
    return (
        word.category in ("verb", "adj", "other")
        and text.islower()
        and not word.finite
        and text.endswith(("t", "en"))
        and (
            "ge" in text
            or text.startswith(("ver", "be", "er", "ent", "zer", "über", "unter", "durch"))
        )
    )


@cache
def _cues() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in rules()["cause_cues"])
