"""What is kept of a chunk's words: a byte for the part of speech, and the lemma's difference.

Questions compare dozens of sentences. To tag those anew was the larger part of comparing articles
that nobody had asked for, their lemmas a tenth of the rest. What is kept of a chunk goes with it,
and names the text and the tagger it is of by a checksum: of a text that it does not fit it tells
nothing, and the text is tagged anew. Stores of earlier versions keep none.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, inspect, select

from rag.index.schema import articles, chunk_from_row, chunks, parts_of_speech
from rag.language.parts_of_speech import tagged_with, to_keep
from rag.types import Article, Chunk, Language

_BETWEEN = b"\xff"
_DIGITS = 4
_AT_ONCE = 500


def chunk_tags(article: Article, chunk: Chunk) -> bytes:
    """What is kept of the words of each sentence of a chunk, behind a checksum."""
    found = _BETWEEN.join(
        to_keep(article.text[span.start_char : span.end_char], article.language)
        for span in chunk.sentences
    )
    return _checksum(found, chunk, article.language) + found


def sentence_tags(stored: Any, chunk: Chunk, language: Language) -> tuple[bytes, ...]:
    """What is kept, by sentence; empty where nothing is of this very text."""
    if not isinstance(stored, bytes) or not chunk.sentences:
        return ()
    found = stored[_DIGITS:]
    lines = tuple(found.split(_BETWEEN))
    fits = len(lines) == len(chunk.sentences)
    return lines if fits and stored[:_DIGITS] == _checksum(found, chunk, language) else ()


def keeps_tags(connection: Connection) -> bool:
    """Whether the store has a place for them."""
    return inspect(connection).has_table(parts_of_speech.name)


def wrong_tags(connection: Connection) -> list[int]:
    """The numbers of chunks whose parts of speech are not those of their text."""
    return [number for part in _looked_at(connection) for number in part]


def forget_wrong_tags(connection: Connection) -> None:
    """Takes out what fits no text: those sentences are tagged anew."""
    for part in list(_looked_at(connection)):
        if part:
            gone = parts_of_speech.c.chunk_no.in_(part)
            connection.execute(delete(parts_of_speech).where(gone))


def _looked_at(connection: Connection) -> Iterator[Sequence[int]]:
    """Wrong ones, some hundred chunks at a time."""
    if not keeps_tags(connection):
        return
    query = (
        select(chunks, articles.c.text, articles.c.language, parts_of_speech.c.tags)
        .join(articles, articles.c.article_id == chunks.c.article_id)
        .join(parts_of_speech, parts_of_speech.c.chunk_no == chunks.c.chunk_no)
        .order_by(chunks.c.chunk_no)
        .execution_options(yield_per=_AT_ONCE)
    )
    for part in connection.execute(query).mappings().partitions():
        yield [row["chunk_no"] for row in part if not _fits(row)]


def _fits(row: RowMapping) -> bool:
    """Whether the numbers are of the text; of an article whose text is none they are not."""
    text = row["text"]
    if not isinstance(text, str):
        return False
    return bool(sentence_tags(row["tags"], chunk_from_row(row, text), row["language"]))


def _checksum(found: bytes, chunk: Chunk, language: Language) -> bytes:
    known = zlib.crc32(tagged_with(language).encode())
    text = zlib.crc32(chunk.text.encode("utf-8", "surrogatepass"), known)
    return zlib.crc32(found, text).to_bytes(_DIGITS, "little")
