"""What the question asks the doer of, and whether a sentence tells it in other words."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from rag.compare.wordings import Mention, Wordings, split_wordings
from rag.language.lexicon import read_yaml

_FILE = Path(__file__).resolve().parent.parent / "data" / "compare_acts.yaml"


@lru_cache(maxsize=512)
def acts_asked(question: str) -> frozenset[str]:
    """The acts whose doer a question asks for; none where it is none of the known ones."""
    return frozenset(
        mention.group for part in _PARTS for mention in _wordings(part).mentions(question)
    )


def acts_told(sentence: str, asked: frozenset[str]) -> tuple[Mention, ...]:
    """Where a sentence tells one of the acts asked about."""
    if not asked:
        return ()
    found = _wordings("told").mentions(sentence)
    return tuple(mention for mention in found if mention.group in asked)


@lru_cache(maxsize=4096)
def names_only_doer(noun: str, asked: frozenset[str]) -> bool:
    """„Käufer“ in answer to who bought it: a word for the doer that names nobody."""
    found = _wordings("roles").mentions(noun)
    return any(
        mention.group in asked and (mention.start, mention.end) == (0, len(noun))
        for mention in found
    )


_PARTS = ("told", "roles", "asked")


@cache
def _wordings(part: str) -> Wordings:
    pairs = (
        (name, wording)
        for name, act in _acts().items()
        for listed in split_wordings(act.get(part, ""))
        for wording in _with_article(listed)
        if wording
    )
    return Wordings(pairs, is_nested=True)


def _with_article(wording: str) -> tuple[str, ...]:
    """„stammt … von“ is „stammt … vom“ as well."""
    return (wording, f"{wording[:-1]}m") if wording.endswith(" von") else (wording,)


@cache
def _acts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = read_yaml(_FILE)["acts"]
    return loaded
