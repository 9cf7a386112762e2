"""German compounds and their parts: "Hafenbehörde" holds "Hafen" and "Behörde"."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

_SHORTEST_COMPOUND = 7
_MOST_PARTS = 4
_SHORTEST_WITHOUT_E = 4
_BEGINNING = 4
_LINKS = ("", "s", "n", "en", "es", "er", "e", "ns", "ens")
_INFLECTIONS = ("", "e", "n", "s", "en", "er", "es", "in", "ern", "innen")


class CompoundSplitter:
    """Takes words apart that consist of ``words`` (anywhere) and ``modifiers`` (not last).

    All words are folded (``rag.language.folding``).
    """

    def __init__(self, words: frozenset[str], modifiers: frozenset[str]) -> None:
        self._words = words
        self._first = words | modifiers
        self._without_e = frozenset(
            word[:-1] for word in words if word.endswith("e") and len(word) > _SHORTEST_WITHOUT_E
        )
        self._beginnings = frozenset(word[:_BEGINNING] for word in self._first | self._without_e)
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
        for end, modifier in self._modifiers(word, start):
            rest = self._cheapest(word, end, known)
            if rest and (not best or _rank((modifier, *rest)) < _rank(best)):
                best = (modifier, *rest)
        known[start] = best
        return best

    def _modifiers(self, word: str, start: int) -> list[tuple[int, str]]:
        """The words that begin at ``start`` with the end of their link; the first link that fits.

        Each stretch is looked up once, not once for each link it may end in.
        """
        found: dict[int, tuple[int, str]] = {}
        last = min(len(word) - 2, start + self._longest)
        begins = word[start : start + _BEGINNING] in self._beginnings
        for end in range(start + 2, (last if begins else min(last, start + _BEGINNING - 1)) + 1):
            stretch = word[start:end]
            if stretch in self._first:
                for place, link in enumerate(_LINKS):
                    behind = end + len(link)
                    if behind <= last and word.startswith(link, end):
                        found[behind] = min((place, stretch), found.get(behind, (place, stretch)))
            # "Schuljahr", "Kirchturm": the final e of the first word is lost.
            if stretch in self._without_e and end not in found:
                found[end] = (len(_LINKS), f"{stretch}e")
        return sorted((end, modifier) for end, (_, modifier) in found.items())

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
