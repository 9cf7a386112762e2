"""The index terms of chunks as they are kept: a line for the title, then one for each sentence.

A question ranks thirty chunks by the words of their sentences. To cut and stem those anew was the
larger part of reading articles that nobody had asked for. Stores of earlier versions have all terms
of a chunk in one line; of those no terms by sentence are told.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from rag.index.schema import damaged_row
from rag.language.terms import terms
from rag.types import Article, Chunk


def chunk_terms(article: Article, chunk: Chunk) -> list[tuple[str, ...]]:
    """The terms a chunk is found by: those of its article's title, then of each of its sentences.

    In one line where its sentences have not the same terms as the chunk.
    """
    title = terms(article.title, article.language) if article.title else ()
    whole = terms(chunk.text, article.language)
    by_sentence = [
        terms(article.text[span.start_char : span.end_char], article.language)
        for span in chunk.sentences
    ]
    if not by_sentence or tuple(chain.from_iterable(by_sentence)) != whole:
        return [title + whole]
    return [title, *by_sentence]


def sentence_terms(stored: Any, sentences: int) -> tuple[str, ...]:
    """The terms of each sentence of a chunk, as one text; empty where they are not told."""
    _, *lines = _text(stored).split("\n")
    return tuple(lines) if len(lines) == sentences else ()


def all_terms(stored: Any) -> list[str]:
    """All terms of a chunk, in order."""
    return _text(stored).split()


def _text(stored: Any) -> str:
    if not isinstance(stored, str):
        raise damaged_row("the words of a chunk")
    return stored
