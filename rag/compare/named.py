"""Yes or no to a name ("Do they play at Anfield?"): named, or another of its kind in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.compare.capitals import NameRun, name_runs, share_of, shares_word
from rag.compare.frame import Frame, stem_of, word_bag
from rag.compare.lexicon import word_set
from rag.compare.phrases import tag
from rag.language.folding import fold
from rag.language.polarity import negations
from rag.types import Article, Language

_DATED = re.compile(r"\d")
_NAMED = 0.6
_REST_TO_AFFIRM = 0.5
_REST_TO_DENY = 0.6
_FIT = 0.85
_SHORTEST = 3
_REACH = 4


@dataclass(frozen=True, slots=True)
class Named:
    """+1 where the sentence says it of the name asked about, -1 where it names another."""

    answer: int
    start_char: int
    end_char: int
    fit: float


@lru_cache(maxsize=512)
def _asked(frame: Frame) -> tuple[NameRun, frozenset[str]] | None:
    """The last name of the question, and its other words; ``None`` for fewer than two names."""
    runs = [run for run in name_runs(frame.question.text) if not _DATED.search(run.text)]
    if len(runs) < 2:
        return None
    value = runs[-1]
    ignored = word_set("question_words", "en")
    rest = frozenset(
        word
        for word in frame.topic
        if len(word) >= _SHORTEST and word not in ignored and word not in value.words
    )
    return (value, rest - {value.tail}) if rest else None


def named(sentence: str, frame: Frame, article: Article, language: Language) -> Named | None:
    """Whether a sentence affirms the name asked about, or puts another of its kind in its place."""
    asked = _asked(frame)
    if asked is None or negations(sentence, language):
        return None
    value, rest = asked
    bag = word_bag(sentence)
    covered = share_of(rest, bag)
    own = value.words - _kinds(value) or value.words
    if share_of(own, bag) >= _NAMED:
        if covered < _REST_TO_AFFIRM:
            return None
        run = next((r for r in name_runs(sentence) if shares_word(own, r.words)), None)
        return Named(1, run.start_char, run.end_char, _FIT) if run else None
    if covered < _REST_TO_DENY or shares_word(own, _text_words(article.text)):
        return None
    places = _places_in(frame.question.text, value)
    other = next(
        (
            run
            for run in name_runs(sentence)
            if _in_its_place(run, value, frame) or _places_in(sentence, run) & places
        ),
        None,
    )
    return Named(-1, other.start_char, other.end_char, _FIT) if other else None


@lru_cache(maxsize=256)
def _text_words(text: str) -> frozenset[str]:
    return frozenset(word for run in name_runs(text) for word in run.words)


@lru_cache(maxsize=512)
def _places_in(text: str, run: NameRun) -> frozenset[tuple[str, str]]:
    """The verb and preposition right before a name: ("bear", "in") of "was born in Munich"."""
    before = [word for word in tag(text, "en") if word.end_char <= run.start_char][-_REACH:]
    if not before or before[-1].category != "prep":
        return frozenset()
    verbs = [word.lemma for word in before[:-1] if word.category == "verb"]
    return frozenset((stem_of(fold(verb)), before[-1].text.lower()) for verb in verbs)


def _in_its_place(run: NameRun, value: NameRun, frame: Frame) -> bool:
    """Another name of one kind: it ends in the same noun ("… Stadium", "… club")."""
    if all(word in frame.topic for word in run.words):
        return False
    return bool(_kinds(run) & _kinds(value))


def _kinds(run: NameRun) -> frozenset[str]:
    last = fold(run.text.split()[-1]) if " " in run.text else ""
    return frozenset(word for word in (last, run.tail) if len(word) >= _SHORTEST)
