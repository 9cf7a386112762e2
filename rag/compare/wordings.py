"""Finds the wordings of a lexicon in a text: „*kabelbrand*“, „lag* … auf der straße“.

"*" stands for any letters of the word, "…" for up to sixty characters within the clause. A wording
is looked up by four letters of its longest word, so that thousands cost no more than a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_KEY = 4
_GAP = r"[^.;:!?]{0,60}?"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A wording of ``group`` in ``text[start:end]``."""

    group: str
    start: int
    end: int


class Wordings:
    """The wordings of some groups."""

    def __init__(self, wordings: Iterable[tuple[str, str]], *, is_nested: bool = False) -> None:
        """``wordings``: pairs of group and wording, in lower case.

        ``is_nested``: a wording counts within a longer one of another group too.
        """
        self._is_nested = is_nested
        self._index: dict[str, list[tuple[str, str, str]]] = {}
        for group, wording in wordings:
            parts = re.findall(r"[\w*]+", wording)
            longest = max(parts, key=lambda part: len(part.strip("*")))
            self._index.setdefault(longest.strip("*")[:_KEY], []).append((group, wording, longest))
        self._read = lru_cache(maxsize=8192)(self._mentions)
        self._begun = lru_cache(maxsize=65536)(self._begun_by)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The wordings in a text, longest first."""
        return self._read(text.lower())

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        found = set()
        for match in _WORD.finditer(text):
            groups, phrases = self._begun(match.group())
            found |= {Mention(group, match.start(), match.end()) for group in groups}
            for group, wording in phrases:
                whole = pattern_of(wording).finditer(text)
                found |= {Mention(group, item.start(), item.end()) for item in whole}
        ordered = sorted(found, key=lambda item: (item.start - item.end, item.start, item.group))
        return tuple(ordered if self._is_nested else _outermost(ordered))

    def _begun_by(self, word: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The groups a word names by itself, and the wordings of several words it may be in."""
        groups, phrases = set(), set()
        keys = {word[at : at + _KEY] for at in range(max(1, len(word) - _KEY + 1))}
        for key in keys & self._index.keys():
            for group, wording, part in self._index[key]:
                if not pattern_of(part).fullmatch(word):
                    continue
                if part == wording:
                    groups.add(group)
                else:
                    phrases.add((group, wording))
        return tuple(sorted(groups)), tuple(sorted(phrases))


def split_wordings(listed: str) -> list[str]:
    """The wordings of a list with commas."""
    return [" ".join(wording.split()) for wording in listed.split(",")]


@lru_cache(maxsize=16384)
def pattern_of(wording: str) -> re.Pattern[str]:
    """The regular expression of a wording."""
    parts = [
        r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in part.split())
        for part in wording.split("…")
    ]
    return re.compile(r"\b" + rf"\b{_GAP}\b".join(part for part in parts if part) + r"\b")


def _outermost(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in mentions:
        inside = any(
            other.start <= mention.start
            and mention.end <= other.end
            and other.end - other.start > mention.end - mention.start
            for other in kept
        )
        if not inside:
            kept.append(mention)
    return kept
