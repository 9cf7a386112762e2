"""Whether everything in a store agrees with everything else."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from sqlalchemy import Connection, func, select

from rag.index.kept_tags import wrong_tags
from rag.index.schema import articles, chunks, postings, vector_from_bytes, vectors
from rag.index.sums import wrong_articles

_CHROMA_SECONDS = 120.0
_MOST_NAMED = 10
_SUMS = 1 << 32
"""More than there are chunks: two numbers are kept in one."""


def catalogue_problems(connection: Connection, dimension: int) -> list[str]:
    """Chunks, vectors and postings that do not fit together; one line each kind."""
    found = {
        "chunks without a vector": _without_vector(connection),
        "chunks that lie outside their article": _outside_article(connection),
        "vectors that are no unit vectors of the right length": _bad_vectors(connection, dimension),
        "chunks whose parts of speech are not those of their text": len(wrong_tags(connection)),
        "terms whose posting list is not that of the chunks": _wrong_postings(connection),
    }
    problems = [f"{number} {what}" for what, number in found.items() if number]
    wrong = wrong_articles(connection)
    if wrong:
        problems.append(f"{len(wrong)} articles are not what was stored: {named(wrong)}")
    return problems


def named(article_ids: Sequence[str]) -> str:
    """The first few ids, for a message."""
    more = len(article_ids) - _MOST_NAMED
    return ", ".join(article_ids[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


class Places(Protocol):
    """The servers that hold parts of a store, where they are not in its folder."""

    @property
    def url(self) -> str | None:
        """The Chroma server."""
        ...

    @property
    def catalogue_url(self) -> str | None:
        """The PostgreSQL database."""
        ...


def chroma_problems(store: Path, places: Places) -> list[str]:
    """Whether Chroma finds what the catalogue holds.

    It is asked in a process of its own: a damaged index can take the asking process down.
    """
    servers = json.dumps([places.url, places.catalogue_url])
    command = [sys.executable, "-m", "rag.index.health", str(store), servers]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=_CHROMA_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ["Chroma did not answer"]
    if result.returncode == 0:
        return []
    said = result.stdout.strip().splitlines()
    return [said[-1] if said else f"Chroma failed (exit code {result.returncode})"]


def _without_vector(connection: Connection) -> int:
    query = (
        select(func.count())
        .select_from(chunks.outerjoin(vectors, vectors.c.chunk_no == chunks.c.chunk_no))
        .where(vectors.c.chunk_no.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def _outside_article(connection: Connection) -> int:
    query = (
        select(func.count())
        .select_from(chunks.join(articles, articles.c.article_id == chunks.c.article_id))
        .where(chunks.c.end_char > func.length(articles.c.text))
    )
    return int(connection.execute(query).scalar_one())


def _bad_vectors(connection: Connection, dimension: int) -> int:
    bad = 0
    for (stored,) in connection.execute(select(vectors.c.vector)):
        if len(stored) != 4 * dimension:
            bad += 1
            continue
        vector = vector_from_bytes(stored)
        bad += not abs(float(np.linalg.norm(vector)) - 1) <= 1e-2
    return bad


def _wrong_postings(connection: Connection) -> int:
    """Compared by how many chunks a list names, and by the sum of their numbers."""
    expected: Counter[str] = Counter()
    for number, terms in connection.execute(select(chunks.c.chunk_no, chunks.c.terms)):
        for term in set(terms.split()):
            expected[term] += number * _SUMS + 1
    listed: Counter[str] = Counter()
    query = select(postings.c.term, postings.c.chunk_nos, postings.c.frequencies)
    for term, chunk_nos, frequencies in connection.execute(query):
        if len(chunk_nos) == 4 * len(frequencies):
            numbers = np.frombuffer(chunk_nos, dtype="<u4")
            listed[term] += int(numbers.sum(dtype=np.uint64)) * _SUMS + len(numbers)
    return sum(expected[term] != listed[term] for term in expected | listed)
