"""Whether two spellings name the same: Selenskyj and Zelensky, Kim Jong Un and Kim Jong-un."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.language.folding import fold

# Applied in order to folded names; what German, English and French transcriptions write apart.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"schtsch|shch|chtch", "c"),
        (r"tsch|tch|ch(?=[aeiouy])|tš|cz", "c"),
        (r"sch|sh", "s"),
        (r"zh|dsch|dj|dzh", "j"),
        (r"kh|ch|ck|qu|q|k", "k"),
        (r"ph|pf", "f"),
        (r"th|dt", "t"),
        (r"tz|ts|z", "s"),
        (r"x", "ks"),
        (r"ou|oo|u", "u"),
        (r"w", "v"),
        (r"(?<=[aeou])(?:v|ff)$", "f"),
        (r"[iyj]+", "i"),
        (r"ei|ai", "i"),
        (r"ie", "i"),
        (r"h(?=[^aeiou]|$)", ""),
        (r"c(?=[aou])", "k"),
    )
)
_LOOSE_WORDS = frozenset(
    ["von", "van", "de", "der", "den", "del", "la", "al", "el", "bin", "ibn", "zu", "the", "of"]
)
_LONG, _VERY_LONG = 5, 9


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """The words of a name as they sound, without genitive, accents and hyphens."""
    bare = re.sub(r"['’]s?(?=\s|$)", "", name)
    parts = re.split(r"[\s\-‑.]+", bare)
    return " ".join(_sound(part) for part in parts if part and part.lower() not in _LOOSE_WORDS)


@lru_cache(maxsize=16384)
def _sound(part: str) -> str:
    heard = fold(part)
    for pattern, sound in _SOUNDS:
        heard = pattern.sub(sound, heard)
    return re.sub(r"(.)\1+", r"\1", heard)


def same_key(first: str, second: str) -> bool:
    """Whether every word of the shorter name is heard in the longer one, one of them exactly."""
    longer, shorter = sorted((first.split(), second.split()), key=len, reverse=True)
    if not shorter:
        return False
    if len(longer) == len(shorter) == 1:
        return _alike(longer[0], shorter[0])
    if len(longer) == len(shorter):
        pairs = list(zip(longer, shorter, strict=True))
        is_same = all(_alike(left, right) or _initial(left, right) for left, right in pairs)
        return is_same and any(left == right for left, right in pairs)
    return all(any(_alike(word, other) for other in longer) for word in shorter)


def _initial(first: str, second: str) -> bool:
    """„A. Vogt“ and „Anselm Vogt“."""
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) == 1 and longer.startswith(shorter)


def _alike(first: str, second: str) -> bool:
    """Equal, but for a genitive -s or a slip: one letter in a longer word, two in a very long."""
    if first == second or first.removesuffix("s") == second.removesuffix("s"):
        return True
    shortest = min(len(first), len(second))
    if shortest < _LONG or first[0] != second[0]:
        return shortest == 4 and first[0] == second[0] and _distance(first, second) <= 1
    return _distance(first, second) <= (2 if shortest >= _VERY_LONG else 1)


def _distance(first: str, second: str) -> int:
    """The Levenshtein distance."""
    row = list(range(len(second) + 1))
    for line, left in enumerate(first, 1):
        diagonal, row[0] = row[0], line
        for column, right in enumerate(second, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (left != right)),
            )
    return row[-1]
