"""Names in English print: runs of capitalised words, which need no tagger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.compare.frame import same_word
from rag.language.folding import fold

_WORD = r"[^\W\d_][\w’'.]*"
_CAPITAL = rf"(?=[^\W\d_])(?![a-zà-öø-ÿ]){_WORD}"
_RUN = re.compile(
    rf"{_CAPITAL}(?:(?:[ \u00a0]|[-–]| (?:of|the|of the|de|da|del|di|van|von|and) )"
    rf"(?:{_CAPITAL}|\d+\b))*"
)
_PART = re.compile(r"[\w’']+")
_TAIL = re.compile(r" ([a-zà-öø-ÿ]\w{2,})")


@dataclass(frozen=True, slots=True)
class NameRun:
    """A run of capitalised words; ``words`` folded, ``tail`` the noun behind it ("… club")."""

    text: str
    start_char: int
    end_char: int
    words: frozenset[str]
    tail: str


@lru_cache(maxsize=4096)
def name_runs(text: str) -> tuple[NameRun, ...]:
    """The names of an English text, in order; a lone capital that opens the text is none."""
    found = []
    for match in _RUN.finditer(text):
        shown = match.group().rstrip(".’'")
        words = frozenset(fold(part) for part in _PART.findall(shown) if len(part) > 1)
        if not words or (match.start() == 0 and " " not in shown and "-" not in shown):
            continue
        tail = _TAIL.match(text, match.end())
        end = match.start() + len(shown)
        found.append(NameRun(shown, match.start(), end, words, fold(tail[1]) if tail else ""))
    return tuple(found)


def shares_word(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a word of one name, in any inflection, is among the others."""
    return any(same_word(word, others) for word in words if len(word) > 2)


def share_of(words: frozenset[str], others: frozenset[str]) -> float:
    """The share of some words that is among the others, in any inflection."""
    return sum(same_word(word, others) for word in words) / len(words) if words else 0.0
