"""German compounds and their parts: "Hafenbehörde" holds "Hafen" and "Behörde"."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

_SHORTEST_COMPOUND = 7
_MOST_PARTS = 4
_LINKS = ("", "s", "n", "en", "es", "er", "e", "ns", "ens")
_INFLECTIONS = ("", "e", "n", "s", "en", "er", "es", "in", "ern", "innen")


class CompoundSplitter:
    """Takes words apart that consist of ``words`` (anywhere) and ``modifiers`` (not last).

    All words are folded (``rag.language.folding``).
    """

    def __init__(self, words: frozenset[str], modifiers: frozenset[str]) -> None:
        self._words = words
        self._first = words | modifiers
        self._longest = max(map(len, self._first), default=0) + max(map(len, _LINKS))

    def parts(self, word: str) -> tuple[str, ...]:
        """The parts of a folded word in order; empty where it is no compound of known words."""
        if len(word) < _SHORTEST_COMPOUND or word in self._words:
            return ()
        found = self._cheapest(word, 0, {})
        return found if len(found) <= _MOST_PARTS else ()

    def _cheapest(
        self, word: str, start: int, known: dict[int, tuple[str, ...]]
    ) -> tuple[str, ...]:
        """The fewest parts from ``start`` on, and among those the longest last one."""
        if start in known:
            return known[start]
        head = self._head(word[start:]) if start else ""
        best: tuple[str, ...] = (head,) if head else ()
        for end in range(start + 2, min(len(word) - 1, start + self._longest + 1)):
            modifier = self._modifier(word[start:end])
            rest = self._cheapest(word, end, known) if modifier else ()
            if rest and (not best or _rank((modifier, *rest)) < _rank(best)):
                best = (modifier, *rest)
        known[start] = best
        return best

    def _modifier(self, stretch: str) -> str:
        for link in _LINKS:
            word = stretch.removesuffix(link) if link else stretch
            if stretch.endswith(link) and word in self._first:
                return word
        # "Schuljahr", "Kirchturm": the final e of the first word is lost.
        return f"{stretch}e" if len(stretch) >= 4 and f"{stretch}e" in self._words else ""

    def _head(self, rest: str) -> str:
        for ending in _INFLECTIONS:
            word = rest.removesuffix(ending) if ending else rest
            if rest.endswith(ending) and word in self._words:
                return word
        return ""


def _rank(parts: tuple[str, ...]) -> tuple[int, int]:
    return len(parts), -len(parts[-1])


@lru_cache(maxsize=1)
def german_splitter() -> CompoundSplitter:
    """The splitter over the word list of this package."""
    text = (resources.files("rag") / "data" / "compound_parts_de.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return CompoundSplitter(
        words=frozenset(line for line in lines if not line.endswith("+")),
        modifiers=frozenset(line[:-1] for line in lines if line.endswith("+")),
    )
