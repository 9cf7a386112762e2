"""Packs evidence into a model's context: best first, whole sentences, every outlet present."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.language.typography import format_date, in_quotation_marks
from rag.llm.failures import llm_data
from rag.types import Article, Disagreement, Evidence, Language

MOST_ITEMS = 10
"""Small models lose the thread in longer lists, and large ones gain little from them."""
_CHARS_PER_TOKEN = 2.5
"""Low on purpose: English tokenizers cut German words into such pieces."""
_LINE_TOKENS = 10
_TEMPLATE = re.compile(r"<\|?[^<>\n]{0,40}\|?>|\[/?INST\]|<</?SYS>>|`{3,}|#{2,}")
_BRACKETED = re.compile(r"\[\s*(\^?\d[\d\s,;–-]*)\]|【([^】]*)】")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One numbered piece of evidence: a sentence of an article."""

    number: int
    article: Article
    quote: str
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What a model is shown; ``left_out`` counts what did not fit."""

    items: tuple[Item, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Piece:
    article: Article
    quote: str
    start_char: int
    end_char: int


def pack(
    evidence: Sequence[Evidence],
    disagreements: Sequence[Disagreement],
    language: Language,
    *,
    budget_tokens: int,
) -> Packed:
    """The evidence that fits, numbered from 1.

    The best sentence first, then both sides of conflicts, the best of each outlet, and the rest.
    """
    pieces = _ranked(evidence, disagreements)
    taken: list[_Piece] = []
    left = budget_tokens
    for piece in pieces[:MOST_ITEMS]:
        cost = estimate_tokens(item_line(1, piece.article, piece.quote, language)) + _LINE_TOKENS
        # The estimate is high: the best sentence is always worth a try.
        if cost <= left or not taken:
            taken.append(piece)
            left -= cost
    items = tuple(
        Item(
            number=number,
            article=piece.article,
            quote=piece.quote,
            start_char=piece.start_char,
            end_char=piece.end_char,
        )
        for number, piece in enumerate(taken, 1)
    )
    return Packed(items=items, left_out=len(pieces) - len(items))


def evidence_text(items: Sequence[Item], language: Language) -> str:
    """The numbered lines a model reads."""
    return "\n".join(item_line(i.number, i.article, i.quote, language) for i in items)


def item_line(number: int, article: Article, quote: str, language: Language) -> str:
    """``[2] Nordblick, 3. September 2025: „…“``."""
    dated = format_date(article.published_at, language)
    if not dated:
        dated = str(llm_data("no_date")[0 if language == "de" else 1])
    quoted = in_quotation_marks(harmless(quote), language)
    return f"[{number}] {harmless(article.outlet)}, {dated}: {quoted}"


def harmless(text: str) -> str:
    """A source's words on one line, without anything that looks like our markers or a template."""
    line = " ".join(text.split())
    line = _BRACKETED.sub(lambda found: f"({(found[1] or found[2]).strip()})", line)
    return _TEMPLATE.sub(" ", line).strip()


def estimate_tokens(text: str) -> int:
    """Tokens a text takes at most, whatever the model."""
    return int(len(text) / _CHARS_PER_TOKEN) + 1


def _ranked(evidence: Sequence[Evidence], disagreements: Sequence[Disagreement]) -> list[_Piece]:
    articles = {each.article.article_id: each.article for each in evidence}
    sides = [
        _Piece(articles[claim.article_id], claim.quote, claim.start_char, claim.end_char)
        for found in disagreements
        if found.status == "conflict"
        for position in found.positions
        for claim in position.claims[:1]
        if claim.article_id in articles
    ]
    best = [_Piece(e.article, e.quote, e.start_char, e.end_char) for e in evidence]
    outlets: set[str] = set()
    first_of_outlet = []
    for piece in best:
        if piece.article.outlet not in outlets:
            outlets.add(piece.article.outlet)
            first_of_outlet.append(piece)
    # The best sentence of all goes first: a reader, and a small model, looks there.
    ordered = [*best[:1], *sides, *first_of_outlet, *best]
    return list({(p.article.article_id, p.start_char, p.end_char): p for p in ordered}.values())
