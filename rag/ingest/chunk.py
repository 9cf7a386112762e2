"""Third stage: Article → Chunks of whole sentences with exact offsets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from rag.language.sentences import split_sentences
from rag.settings import ChunkSettings
from rag.types import Article, Chunk, Span

_MAX_TITLE_CHARS = 160
# Letters in words cost an embedding model a third of a token at most; these cost more.
_PLAIN = re.compile(r"[\sa-zA-ZÀ-ɏ.,;:!?()„“”\"'’–—-]+")
_DIGITS = re.compile(r"[\d_]+")
_LONG_WORD_CHARS = 28


def chunk_article(article: Article, settings: ChunkSettings) -> tuple[Chunk, ...]:
    """The article's chunks in order; together they hold each of its sentences once.

    A chunk is closed once it is as long as ``target_chars`` and before it would get longer than
    ``max_chars``; a sentence longer than that is cut at blanks. Figures, signs and foreign
    scripts count for more than one character, so that no embedding model silently leaves a
    chunk's end out.
    """
    spans = [
        piece
        for sentence in split_sentences(article.text, article.language)
        for piece in _fitting(article.text, sentence, settings.max_chars)
    ]
    groups = _merge_short_tail(
        article.text, list(_grouped(article.text, spans, settings)), settings
    )
    return tuple(_chunk(article, position, group) for position, group in enumerate(groups))


def embedding_text(article: Article, chunk: Chunk) -> str:
    """What is embedded for a chunk: its text below title, outlet and date."""
    day = (article.published_at or "")[:10]
    context = ", ".join(part for part in (article.source, day) if part)
    title = (article.title or "")[:_MAX_TITLE_CHARS]
    head = " – ".join(part for part in (title, context) if part)
    return f"{head}\n{chunk.text}" if head else chunk.text


def _cost(text: str) -> int:
    """The length of a text in characters of ordinary words; never less than its length."""
    rest = _PLAIN.sub("", text)
    digits = len(rest) - len(_DIGITS.sub("", rest)) if rest else 0
    dense = digits // 2 + 2 * (len(rest) - digits)
    return len(text) + dense + sum(len(w) for w in text.split() if len(w) > _LONG_WORD_CHARS)


def _fitting(text: str, span: Span, max_cost: int) -> Iterator[Span]:
    """A sentence, or its pieces when it costs more than a chunk may."""
    start, end = span.start_char, span.end_char
    while start < end:
        # A long rest is looked at in part only: a line of 10 MB must not be read for each piece.
        piece_end = min(end, start + max_cost)
        while _cost(text[start:piece_end]) > max_cost:
            piece_end = start + max(1, (piece_end - start) * 3 // 4)
        if piece_end < end:
            blank = text.rfind(" ", start + (piece_end - start) // 2, piece_end)
            piece_end = blank if blank > start else piece_end
        stripped = text[start:piece_end].rstrip()
        if stripped:
            yield Span(start_char=start, end_char=start + len(stripped))
        start = piece_end
        while start < end and text[start].isspace():
            start += 1


def _grouped(text: str, spans: list[Span], settings: ChunkSettings) -> Iterator[list[Span]]:
    group: list[Span] = []
    group_cost = 0
    for span in spans:
        cost = _cost(text[span.start_char : span.end_char])
        if group:
            length = group[-1].end_char - group[0].start_char
            gap = span.start_char - group[-1].end_char
            is_too_long = group_cost + gap + cost > settings.max_chars
            # At a paragraph's end a chunk may close a little early: topics change there.
            starts_paragraph = "\n" in text[group[-1].end_char : span.start_char]
            is_full = length >= settings.target_chars or (
                starts_paragraph and length >= 0.75 * settings.target_chars
            )
            if is_too_long or (is_full and not _is_heading(text, group[-1])):
                yield group
                group, group_cost = [], 0
            else:
                group_cost += gap
        group.append(span)
        group_cost += cost
    if group:
        yield group


def _is_heading(text: str, span: Span) -> bool:
    """A short line without a stop belongs to what follows it."""
    piece = text[span.start_char : span.end_char]
    return (
        len(piece) < 100 and piece[-1].isalnum() and text[span.end_char : span.end_char + 1] == "\n"
    )


def _merge_short_tail(
    text: str, groups: list[list[Span]], settings: ChunkSettings
) -> list[list[Span]]:
    """A last chunk of a few words joins the one before, if both fit."""
    if len(groups) < 2:
        return groups
    last, before = groups[-1], groups[-2]
    is_short = last[-1].end_char - last[0].start_char < settings.target_chars // 4
    if is_short and _cost(text[before[0].start_char : last[-1].end_char]) <= settings.max_chars:
        return [*groups[:-2], before + last]
    return groups


def _chunk(article: Article, position: int, sentences: list[Span]) -> Chunk:
    start, end = sentences[0].start_char, sentences[-1].end_char
    text = article.text[start:end]
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return Chunk(
        chunk_id=f"{article.article_id}:{position}:{digest}",
        article_id=article.article_id,
        position=position,
        text=text,
        start_char=start,
        end_char=end,
        sentences=tuple(sentences),
    )
