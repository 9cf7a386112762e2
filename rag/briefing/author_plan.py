"""Which statements a language model is shown under which heading, and which headings may stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from rag.answer.budget import MOST_ITEMS, Item
from rag.answer.generate_sentences import quoted
from rag.answer.support_facts import missing_facts
from rag.answer.support_quotes import Quoted
from rag.briefing.sentences import Sentence
from rag.briefing.statements import Statement
from rag.language.detect import detect_language
from rag.protocols import FloatArray
from rag.types import Article, Language

_LONGEST_HEADING = 70
_FEWEST_UNDER_A_HEADING = 2
_BULLET = re.compile(r"^\s*(?:[-•*–#>]+|\(?\d{1,2}[.):])\s*")
_MARKUP = re.compile(r"[*_`#<>\[\]|]+")


def evidence_items(statements: Sequence[Statement], most: int = MOST_ITEMS) -> tuple[Item, ...]:
    """Numbered quotes: the best of each statement first, then those of a second outlet."""
    best = [each.best for each in statements]
    second = [
        other
        for each in statements
        for other in each.others[:1]
        if other.article.outlet != each.best.article.outlet
    ]
    chosen = [*best[:most], *second][:most]
    # A statement and its second source stand side by side.
    order = {id(s): place for place, each in enumerate(statements) for s in each.sentences}
    chosen.sort(key=lambda each: order[id(each)])
    return tuple(_item(number, each) for number, each in enumerate(chosen, 1))


def _item(number: int, sentence: Sentence) -> Item:
    return Item(
        number=number,
        article=sentence.article,
        quote=sentence.quote,
        start_char=sentence.start_char,
        end_char=sentence.end_char,
    )


def read_plan(
    text: str, items: Sequence[Item], topic: str, language: Language, most: int
) -> tuple[str, ...]:
    """The headings of a model's outline that state nothing the evidence does not."""
    quotes = [*(quoted(item) for item in items), _as_quote(topic, language)]
    found: list[str] = []
    for line in text.splitlines():
        heading = _MARKUP.sub("", _BULLET.sub("", line)).strip(" .:;,-–—\"„“”'")
        if not heading or len(heading) > _LONGEST_HEADING or heading in found:
            continue
        if missing_facts(heading, language, quotes) or _is_other_language(heading, language):
            continue
        found.append(heading)
    return tuple(found[:most])


def _is_other_language(heading: str, language: Language) -> bool:
    """A heading of a few words has hardly a language; a longer one has."""
    return len(heading.split()) > 4 and detect_language(heading) != language


def _as_quote(topic: str, language: Language) -> Quoted:
    article = Article(
        article_id="", text=topic, content_hash="", raw_hash="", path="", language=language
    )
    return Quoted(topic, article)


def by_heading(
    headings: Sequence[str],
    near: FloatArray,
    statements: Sequence[Statement],
    vectors: FloatArray,
    rest: str,
) -> list[tuple[str, tuple[Statement, ...]]]:
    """Each statement under the heading it is nearest to, in the order of the outline.

    What would stand alone under a heading goes under ``rest``.
    """
    own = vectors[[each.best.place for each in statements]]
    # All headings and all sentences speak of one topic: only what sets them apart decides.
    closeness = (own - own.mean(axis=0)) @ (near - near.mean(axis=0)).T
    nearest = np.argmax(closeness, axis=1).tolist()
    groups: list[tuple[str, tuple[Statement, ...]]] = []
    left: list[Statement] = []
    for place, heading in enumerate(headings):
        group = tuple(s for s, own_place in zip(statements, nearest, strict=True)
                      if own_place == place)  # fmt: skip
        if len(group) >= _FEWEST_UNDER_A_HEADING:
            groups.append((heading, group))
        else:
            left += group
    if left:
        groups.append((rest if groups else "", tuple(left)))
    return groups
