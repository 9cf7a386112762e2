"""Checks the line of an answer that names a conflict against the disagreements of the same file.

Its frame is the program's words, in no quote; what fills it must be in the file and in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rag.answer.conflict_line import ConflictLine, conflict_side, plain
from rag.answer.support import check_support
from rag.answer.support_quotes import Quoted
from rag.briefing.printed import PrintedDisagreement, PrintedPosition
from rag.language.typography import source_label
from rag.types import Article, Language

_Find = Callable[[str], Article | None]


def wrong_in_conflict(
    line: ConflictLine,
    disagreements: tuple[PrintedDisagreement, ...],
    sound: Mapping[int, Quoted],
    find: _Find,
    *,
    is_whole: bool,
) -> str:
    """What of the line does not hold, empty where all does.

    ``is_whole`` where every side must be named; an answer a language model worded may lack some.
    """
    named = [each for each in disagreements if plain(each.aspect) == line.aspect]
    if not named:
        return line.aspect
    faults = [_wrong(line, each, sound, find, is_whole) for each in named]
    return "" if "" in faults else faults[0]


def _wrong(
    line: ConflictLine,
    disagreement: PrintedDisagreement,
    sound: Mapping[int, Quoted],
    find: _Find,
    is_whole: bool,
) -> str:
    positions = {
        plain(conflict_side(each.claims, each.value, line.language)): each
        for each in disagreement.positions
    }
    said = [side for side, _ in line.sides]
    unknown = next((side for side in said if side not in positions), "")
    if unknown:
        return unknown
    if len(set(said)) < max(2, len(positions) if is_whole else 2) or len(set(said)) < len(said):
        return "; ".join(said)
    wrong = (
        side
        for side, markers in line.sides
        if not _is_held(positions[side], markers, line.language, sound, find)
    )
    return next(wrong, "")


def _is_held(
    position: PrintedPosition,
    markers: tuple[int, ...],
    language: Language,
    sound: Mapping[int, Quoted],
    find: _Find,
) -> bool:
    """Whether the side cites its own sources, calls them what the store does, and they say it."""
    quotes = [sound[marker] for marker in markers if marker in sound]
    speakers = {claim.article_id for claim in position.claims}
    if not quotes or len(quotes) < len(markers):
        return False
    if any(quote.article.article_id not in speakers for quote in quotes):
        return False
    for claim in position.claims:
        article = find(claim.article_id)
        if article is None or source_label(claim, language) != source_label(article, language):
            return False
    value = plain(position.value)
    if any(value in plain(each.quote) for each in quotes):
        return True
    verdict = check_support(value, quotes[0].language, quotes)
    return verdict.support != "unsupported"
