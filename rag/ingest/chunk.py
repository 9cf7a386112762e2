"""Third stage: Article → Chunks of whole sentences with exact offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from rag.language.sentences import split_sentences
from rag.settings import ChunkSettings
from rag.types import Article, Chunk, Span


def chunk_article(article: Article, settings: ChunkSettings) -> tuple[Chunk, ...]:
    """The article's chunks in order; together they hold each of its sentences once.

    A chunk is closed once it is as long as ``target_chars`` and before it would get longer than
    ``max_chars``; a sentence longer than that is cut at blanks, so that no embedding model
    silently leaves its end out.
    """
    spans = [
        piece
        for sentence in split_sentences(article.text, article.language)
        for piece in _fitting(article.text, sentence, settings.max_chars)
    ]
    groups = _merge_short_tail(list(_grouped(article.text, spans, settings)), settings)
    return tuple(_chunk(article, position, group) for position, group in enumerate(groups))


def embedding_text(article: Article, chunk: Chunk) -> str:
    """What is embedded for a chunk: its text below title, outlet and date."""
    day = (article.published_at or "")[:10]
    context = ", ".join(part for part in (article.source, day) if part)
    head = " – ".join(part for part in (article.title, context) if part)
    return f"{head}\n{chunk.text}" if head else chunk.text


def _fitting(text: str, span: Span, max_chars: int) -> Iterator[Span]:
    """A sentence, or its pieces when it is longer than a chunk may be."""
    start, end = span.start_char, span.end_char
    while end - start > max_chars:
        blank = max(text.rfind(mark, start + max_chars // 2, start + max_chars) for mark in " \t")
        cut = blank if blank > start else start + max_chars
        yield Span(start_char=start, end_char=cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Span(start_char=start, end_char=end)


def _grouped(text: str, spans: list[Span], settings: ChunkSettings) -> Iterator[list[Span]]:
    group: list[Span] = []
    for span in spans:
        if group:
            length = group[-1].end_char - group[0].start_char
            is_too_long = span.end_char - group[0].start_char > settings.max_chars
            # At a paragraph's end a chunk may close a little early: topics change there.
            starts_paragraph = "\n" in text[group[-1].end_char : span.start_char]
            is_full = length >= settings.target_chars or (
                starts_paragraph and length >= 0.75 * settings.target_chars
            )
            if (is_too_long or is_full) and not (_is_heading(text, group[-1]) and not is_too_long):
                yield group
                group = []
        group.append(span)
    if group:
        yield group


def _is_heading(text: str, span: Span) -> bool:
    """A short line without a stop belongs to what follows it."""
    piece = text[span.start_char : span.end_char]
    return (
        len(piece) < 100 and piece[-1].isalnum() and text[span.end_char : span.end_char + 1] == "\n"
    )


def _merge_short_tail(groups: list[list[Span]], settings: ChunkSettings) -> list[list[Span]]:
    """A last chunk of a few words joins the one before, if both fit."""
    if len(groups) < 2:
        return groups
    last, before = groups[-1], groups[-2]
    is_short = last[-1].end_char - last[0].start_char < settings.target_chars // 4
    if is_short and last[-1].end_char - before[0].start_char <= settings.max_chars:
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
