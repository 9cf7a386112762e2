"""What articles put in brackets behind a person's name: the party, which reports must agree on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.compare.lexicon import rules
from rag.language.folding import fold
from rag.types import Article

_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Membership:
    """A full name with the party an article gives it; the offsets are those of both."""

    article: Article
    name: str
    party: str
    shown: str
    start_char: int
    end_char: int


@cache
def _pattern() -> re.Pattern[str]:
    listed: dict[str, list[str]] = rules()["parties"]
    names = "|".join(re.escape(name) for group in listed.values() for name in group)
    word = r"[^\W\d_a-zäöüß][\w’'-]+"
    return re.compile(rf"({word}(?: (?:von|van|de|zu) )? {word}) \(({names})\)")


@cache
def _parties() -> dict[str, str]:
    listed: dict[str, list[str]] = rules()["parties"]
    return {fold(name): party for party, group in listed.items() for name in group}


def memberships(article: Article) -> Iterator[Membership]:
    """Every "First Last (Party)" of an article."""
    for match in _pattern().finditer(article.text):
        name = " ".join(fold(word) for word in match[1].split())
        if all(len(word) >= _FEWEST_LETTERS for word in name.split()):
            yield Membership(
                article, name, _parties()[fold(match[2])], match[2], match.start(), match.end()
            )


def differing_memberships(
    articles: Sequence[Article],
) -> Iterator[tuple[Membership, Membership]]:
    """For each person whom articles give different parties: the odd one out and the nearest.

    Only where one party clearly prevails: otherwise two persons share a name.
    """
    by_name: dict[str, list[Membership]] = defaultdict(list)
    for article in articles:
        for found in memberships(article):
            by_name[found.name].append(found)
    for name in sorted(by_name):
        yield from _odd_ones(by_name[name])


def _odd_ones(found: list[Membership]) -> Iterator[tuple[Membership, Membership]]:
    groups: dict[str, list[Membership]] = defaultdict(list)
    for item in found:
        groups[item.party].append(item)
    if len(groups) < 2:
        return
    usual = max(groups, key=lambda party: (len(groups[party]), party))
    others = [item for item in found if item.party != usual]
    if len(others) * 2 > len(groups[usual]):
        return
    for odd in others:
        own = [item for item in groups[usual] if item.article.article_id != odd.article.article_id]
        if own:
            yield odd, min(own, key=lambda item: _distance(item, odd))


def _distance(item: Membership, odd: Membership) -> tuple[int, str, int]:
    """The report nearest in time, by another outlet where there is one."""
    days = [re.sub(r"\D", "", (m.article.published_at or "")[:10]) for m in (item, odd)]
    gap = abs(int(days[0]) - int(days[1])) if all(days) else 10**8
    return (gap, item.article.article_id, item.start_char)
