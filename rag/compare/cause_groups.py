"""Which of the causes newspapers report a text names: wordings grouped by what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from rag.compare.wordings import Mention, Wordings, split_wordings
from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_causes.yaml"
_STOP = re.compile(r"[,;:–—]|\b(?:sondern|aber|doch|jedoch|but)\b")
_RULED_OUT = re.compile(
    r"\b(?:ausgeschlossen|ausschließ\w*|schließ\w*[^,;:]*\baus|schied\w*|scheide\w*|ausgeräumt|widerlegt\w*|"
    r"entkräftet|tadellos\w*|einwandfrei\w*|intakt\w*|unversehrt\w*|unbeschädigt\w*|in\s+ordnung|keine\s+rolle|"
    r"nichts\s+(?:damit\s+)?zu\s+tun|lag\s+es\s+nicht|liegt\s+es\s+nicht|liege\s+es\s+nicht|nicht\s+(?:an|am|auf|wegen)|"
    r"ruled\s+out|rules\s+out|excluded|intact|nothing\s+to\s+do|not\s+(?:due|because))\b"
)
_DENIED = re.compile(
    r"\b(?:weder|statt|anstatt|anstelle|nicht\s+(?:aus|durch|mit|um|etwa|der|die|das|ein|eine)|"
    r"neither|rather\s+than|instead\s+of|not\s+(?:a|an|the|by))\b"
)
_NONE_OF_IT = re.compile(r"\b(?:kein\w*|no)\s+(?:\w+\s+)?$")
_NEGATED = re.compile(r"\b(?:nicht|nie|not|never)\b")
_OPEN = re.compile(
    r"\b(?:ob|möglicherweise|womöglich|vielleicht|verdacht\w*|vermut\w*|spekul\w*|gerücht\w*|prüf\w*|"
    r"könnte\w*|dürfte\w*|angeblich|unklar|noch\s+offen|auszuschließen|whether|might|may\s+have|could|"
    r"possibly|suspect\w*|rumou?r\w*|unclear)\b"
)
_DEATH = re.compile(
    r"\b(?:st[aue]rb\w*|gestorben\w*|\w*tod\w*|\w*tote\w*|ums\s+leben|verende\w*|eingegangen|\w*sterben\w*|getötet\w*|tötete\w*|"
    r"verunglück\w*|opfer\w*|leiche\w*|di(?:e|ed)|death\w*|dead|kill\w*|perish\w*)\b",
    re.IGNORECASE,
)
_AND = re.compile(r"\b(?:und|and)\b")
Likeness = Literal["same", "related", "different"]


@dataclass(frozen=True, slots=True)
class CauseGroups:
    """The groups a text names as what it was, and those it says it was not."""

    held: frozenset[str]
    denied: frozenset[str]


@lru_cache(maxsize=8192)
def groups_in(text: str, question: str = "") -> CauseGroups:
    """The groups whose wordings a text holds; what the question itself names is to be explained."""
    lowered = text.lower()
    asked = set() if asks_death(question) else set(_listed("deaths"))
    asked |= {mention.group for mention in _lexicon().mentions(question)}
    held, denied, lacking = set(), set(), _listed("lacking")
    for mention in _lexicon().mentions(lowered):
        if mention.group in asked:
            continue
        before, behind = _around(lowered, mention)
        if _OPEN.search(before) or _OPEN.search(behind):
            continue
        if _RULED_OUT.search(before) or _RULED_OUT.search(behind):
            denied.add(mention.group)
        elif mention.group in lacking:
            held.add(mention.group)
        elif _DENIED.search(before) or _DENIED.search(behind) or _NONE_OF_IT.search(before):
            denied.add(mention.group)
        elif not _NEGATED.search(f"{_AND.split(before)[-1]} {_AND.split(behind)[0]}"):
            held.add(mention.group)
    for kind in denied & _covered().keys():
        denied |= _covered()[kind]
    return CauseGroups(frozenset(held), frozenset(denied - held))


def asks_death(question: str) -> bool:
    """Whether it may ask what somebody died of; no question may ask anything."""
    return not question or bool(_DEATH.search(question))


def likeness(first: CauseGroups, second: CauseGroups) -> Likeness | None:
    """How two texts' causes relate; ``None`` where one of them names no group."""
    if first.held & second.denied or second.held & first.denied:
        return None if first.held & second.held else "different"
    if not first.held or not second.held:
        return None
    one, other = _decisive(first.held), _decisive(second.held)
    if not (one and other):
        one, other = first.held, second.held
    if one & other:
        return "same"
    if any(_related(mine, theirs) for mine in one for theirs in other):
        return "related"
    return "different"


def _decisive(groups: frozenset[str]) -> frozenset[str]:
    """Those that are causes by themselves, not only how they took effect."""
    return groups - _listed("mechanisms") - frozenset(_data()["kinds"])


def _related(first: str, second: str) -> bool:
    one, other = first.partition("/")[0], second.partition("/")[0]
    kinds = _covered()
    if other in kinds.get(one, ()) or one in kinds.get(other, ()):
        return True
    if one in kinds and other in kinds:
        return bool(kinds[one] & kinds[other])
    return one != other and frozenset({one, other}) in _pairs()


def _around(text: str, mention: Mention) -> tuple[str, str]:
    """What stands in the clause before and behind it."""
    start = max((stop.end() for stop in _STOP.finditer(text, 0, mention.start)), default=0)
    stop = _STOP.search(text, mention.end)
    return text[start : mention.start], text[mention.end : stop.start() if stop else len(text)]


@cache
def _lexicon() -> Wordings:
    return Wordings(_wordings())


def _wordings() -> Iterator[tuple[str, str]]:
    data = _data()
    kinds = ((name, kind["words"]) for name, kind in data["kinds"].items())
    for name, listed in chain(data["groups"].items(), kinds):
        items = listed if isinstance(listed, list) else [listed]
        for number, item in enumerate(items):
            group = f"{name}/{number}" if isinstance(listed, list) else name
            yield from ((group, wording) for wording in split_wordings(item))


@cache
def _covered() -> dict[str, frozenset[str]]:
    return {name: frozenset(kind["covers"].split()) for name, kind in _data()["kinds"].items()}


@cache
def _pairs() -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset({one, other})
        for circle in _data()["together"]
        for one in circle
        for other in circle
        if one != other
    )


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(_data()[name].split())


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded
