"""Questions that articles could answer, from what they hold: who is quoted, what is counted.

Only candidates: whoever shows them asks them first (``rag.pipeline.next_questions``), so that no
suggestion ends in "not in the sources".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from rag.language.names import names
from rag.language.names_alike import name_key
from rag.language.quantities import quantities
from rag.language.speech import attribution
from rag.language.terms import terms
from rag.types import Language

_FILE = Path(__file__).resolve().parent.parent / "data" / "next_questions.json"


@dataclass(slots=True)
class _Found:
    """A candidate, and the articles that bring it up."""

    questions: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)

    @property
    def question(self) -> str:
        """The shortest wording: of "Männer" and "Männern" the first."""
        return min(self.questions, key=lambda each: (len(each), each))


def candidate_questions(
    sentences: Iterable[tuple[str, str]], language: Language, *, known: Iterable[str] = ()
) -> tuple[str, ...]:
    """Questions in the given language, those that most articles bring up first.

    ``sentences`` are (article id, sentence) in this language; nothing is proposed that shares its
    subject with a question in ``known``.
    """
    wording = _wording(language)
    found: dict[tuple[str, str], _Found] = {}
    for article_id, sentence in sentences:
        for key, question in _of_sentence(sentence, language, wording):
            proposed = found.setdefault(key, _Found())
            proposed.questions.add(question)
            proposed.articles.add(article_id)
    # Speakers are kept under a key that spellings share, so questions are read under it, too.
    asked = {
        term
        for question in known
        for words in (question, name_key(question))
        for term in terms(words, language)
    }
    ranked = sorted(found.items(), key=lambda each: (-len(each[1].articles), each[0]))
    fresh = [
        (kind, each.question)
        for (kind, subject), each in ranked
        if not asked.intersection(terms(subject, language))
    ]
    # In turn, so that not all of them ask for figures.
    by_kind: dict[str, list[str]] = {}
    for kind, question in fresh:
        by_kind.setdefault(kind, []).append(question)
    longest = max((len(each) for each in by_kind.values()), default=0)
    return tuple(
        each[place] for place in range(longest) for each in by_kind.values() if place < len(each)
    )


def _of_sentence(
    sentence: str, language: Language, wording: dict[str, Any]
) -> list[tuple[tuple[str, str], str]]:
    proposed: list[tuple[tuple[str, str], str]] = []
    said = attribution(sentence, language)
    if said.kind != "own" and said.speaker:
        for name in names(said.speaker, language):
            if name.kind == "person" and len(name.text.split()) > 1:
                key = ("said", name.key or name_key(name.text))
                proposed.append((key, wording["said"].format(name.text)))
    for amount in quantities(sentence, language):
        noun = amount.counted
        if amount.kind != "count" or amount.is_weak or not noun or amount.value < 3:
            continue
        # The first half of "Staats- und Regierungschefs" is no noun.
        if noun.casefold() in wording["vague"] or len(noun) < 4 or f"{noun}-" in sentence:
            continue
        stem = (terms(noun, language) or (noun.casefold(),))[0]
        proposed.append((("count", stem), wording["count"].format(noun)))
    return proposed


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def _wording(language: Language) -> dict[str, Any]:
    chosen: dict[str, Any] = _data()["en" if language == "en" else "de"]
    return chosen
