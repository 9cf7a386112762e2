"""What an answer says: nuggets, overlap with the reference, what it must not say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_MARKER = re.compile(r"\s*\[\d+\]")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")
# Articles carry no information and differ between two right answers.
_SKIPPED = frozenset(
    {"der", "die", "das", "den", "dem", "des", "ein", "eine", "einer", "einem", "einen", "eines"}
    | {"the", "a", "an", "of", "und", "and"}
)


def bare_answer(text: str, question: str) -> str:
    """The answer without markers and without an echo of the question, which proves nothing."""
    text = unicodedata.normalize("NFC", _MARKER.sub("", text))
    echo = unicodedata.normalize("NFC", question).strip()
    return text.replace(echo, " ") if echo else text


def matches(patterns: Sequence[str], text: str) -> bool:
    """Whether any of the regular expressions occurs, whatever the case of letters."""
    return any(re.search(pattern, text, re.IGNORECASE | re.DOTALL) for pattern in patterns)


def nugget_recall(nuggets: Sequence[Sequence[str]], text: str) -> float | None:
    """Share of the nuggets (each a list of accepted wordings) that the text holds."""
    if not nuggets:
        return None
    return sum(matches(patterns, text) for patterns in nuggets) / len(nuggets)


def opening(text: str, count: int) -> str:
    """The first ``count`` words, as written."""
    return " ".join(text.split()[:count])


def violations(must_not: Sequence[str], text: str) -> int | None:
    """How many of the forbidden patterns the text holds; ``None`` when nothing is forbidden."""
    if not must_not:
        return None
    return sum(matches([pattern], text) for pattern in must_not)


def words(text: str) -> list[str]:
    """The words and figures that count in comparing two texts, lower case, without articles."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return [word for word in _WORD.findall(folded) if word not in _SKIPPED]


def token_f1(text: str, reference: str) -> float:
    """Harmonic mean of precision and recall over words, each counted as often as it occurs."""
    said, wanted = Counter(words(text)), Counter(words(reference))
    shared = sum((said & wanted).values())
    if not said and not wanted:
        return 1.0
    if not shared:
        return 0.0
    precision, recall = shared / sum(said.values()), shared / sum(wanted.values())
    return 2 * precision * recall / (precision + recall)


def redundancy(sentences: Sequence[str], threshold: float = 0.6) -> float | None:
    """Share of the sentences whose words an earlier one already held (Jaccard ≥ threshold)."""
    if not sentences:
        return None
    bags = [frozenset(words(sentence)) for sentence in sentences]
    repeated = sum(
        any(_jaccard(bag, earlier) >= threshold for earlier in bags[:position])
        for position, bag in enumerate(bags)
    )
    return repeated / len(sentences)


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 0.0
