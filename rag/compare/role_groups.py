"""What persons and bodies are: words for one role, and roles that exclude each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from rag.language.folding import fold
from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_roles.yaml"
_SHORTEST_END = 4
_LEARNS = frozenset({"lehrling", "rentner", "schuler"})
"""Behind these a compound's first part is a trade of its own: „Dachdeckerlehrling“."""
_CHILDREN = frozenset({"kind", "schuler", "baby"})
Sharing = Literal["one", "perhaps", "none"]


@dataclass(frozen=True, slots=True)
class Role:
    """A group of words for one role, by its first word, and the axis it is on."""

    name: str
    axis: str


def role_groups_of(nouns: frozenset[str]) -> frozenset[Role]:
    """The roles that folded nouns stand for."""
    return frozenset(role for noun in nouns for role in _of_noun(noun))


def sharing(first: frozenset[Role], second: frozenset[Role]) -> Sharing | None:
    """Whether two who have these roles may be one; ``None`` where they are of different axes.

    "one": a role of both; "none": of one axis they are different things.
    """
    if first & second:
        return "one"
    found = {
        "perhaps" if frozenset({one.name, other.name}) in _together() else "none"
        for one in first
        for other in second
        if one.axis == other.axis
    }
    if _has_no_work(first, second) or _has_no_work(second, first):
        found.add("none")
    if not found:
        return None
    return "none" if "none" in found else "perhaps"


def _has_no_work(first: frozenset[Role], second: frozenset[Role]) -> bool:
    """A child is no bus driver and no mayor."""
    return any(one.name in _CHILDREN for one in first) and any(
        other.axis in ("work", "office") for other in second
    )


@lru_cache(maxsize=16384)
def _of_noun(noun: str) -> frozenset[Role]:
    for form in _forms(noun):
        for at in range(max(1, len(form) - _SHORTEST_END + 1)):
            role = _listed().get(form[at:]) or (_listed().get(f"={form}") if not at else None)
            if role is None:
                continue
            rest = form[:at].rstrip("-")
            more = _of_noun(rest) if role.name in _LEARNS and len(rest) > _SHORTEST_END else ()
            return frozenset({role, *more})
    return frozenset()


def _forms(noun: str) -> tuple[str, ...]:
    """The noun and what an ending may hide: the feminine, the plural, the genitive."""
    masculine = noun.removesuffix("innen") if noun.endswith("innen") else noun.removesuffix("in")
    return (noun, masculine, f"{masculine}e", noun.removesuffix("n"), noun.removesuffix("s"))


@cache
def _listed() -> dict[str, Role]:
    return {
        fold(word): Role(fold(group.split()[0]), axis)
        for axis, groups in _data()["axes"].items()
        for group in groups
        for word in reversed(group.split())
    }


@cache
def _together() -> frozenset[frozenset[str]]:
    return frozenset(
        frozenset({fold(one), fold(other)})
        for circle in _data()["together"]
        for one in circle
        for other in circle
        if one != other
    )


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(_FILE)
    return loaded
