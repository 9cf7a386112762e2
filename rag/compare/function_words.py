"""Words that carry no meaning of their own, German and English."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from rag.language.folding import fold


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """All of them, folded."""
    data = files("rag") / "data"
    lines = [
        line
        for name in ("stopwords_de.txt", "stopwords_en.txt")
        for line in (data / name).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return frozenset(fold(word) for line in lines for word in line.split())


def is_function_word(word: str) -> bool:
    """Whether a word carries no meaning of its own."""
    return fold(word) in function_words()
