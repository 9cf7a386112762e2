"""A store of any size, made from a real one: its chunks put together anew, its vectors disturbed.

    python -m evals.bench.grow BASE STORE CHUNKS [--chroma]

Texts, terms and lengths are those of real news, so that posting lists and vectors are spread as in
a store that grew by itself; no model is needed. Fast, for it skips what `rag ingest` looks at.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select

from rag.index.catalogue import write_meta
from rag.index.lexical import BLOCK_SIZE, add_postings
from rag.index.reading import all_articles
from rag.index.schema import article_row, articles, chunks, vectors
from rag.index.store import Store
from rag.ingest.copies import signature
from rag.types import Article

_NOISE = 0.35
"""Of the length of a vector, spread over its numbers: neighbours change, clusters stay."""
_CHUNKS_AN_ARTICLE = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("base", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("chunks", type=int)
    parser.add_argument("--chroma", action="store_true", help="also bring Chroma in step")
    options = parser.parse_args(arguments)
    grow(options.base, options.store, options.chunks, with_chroma=options.chroma)
    return 0


def grow(base: Path, target: Path, total: int, *, with_chroma: bool) -> None:
    """Makes the store; see the module's head."""
    with Store.open(base, mode="read") as source:
        identity = source.identity
        with source.catalogue.reading() as connection:
            known = {article.article_id: article for article in all_articles(connection)}
            query = select(chunks, vectors).join(vectors, vectors.c.chunk_no == chunks.c.chunk_no)
            rows = [dict(row) for row in connection.execute(query).mappings()]
    store = Store.open(target, mode="write", identity=identity)
    try:
        for first in range(0, total, BLOCK_SIZE):
            count = min(BLOCK_SIZE, total - first)
            _write_block(store, _drawn(rows, known, first, count))
        with store.catalogue.transaction() as connection:
            write_meta(connection, "next_chunk_no", total)
            write_meta(connection, "revision", total)
        if with_chroma:
            store.finish()
    finally:
        store.close()


def _drawn(
    rows: Sequence[dict[str, Any]], known: dict[str, Article], first: int, count: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any], Article]]:
    """(row of the chunk, row of its vector and its article)."""
    generator = np.random.default_rng(first)
    drawn = generator.integers(0, len(rows), count)
    for start in range(0, count, _CHUNKS_AN_ARTICLE):
        own = [rows[at] for at in drawn[start : start + _CHUNKS_AN_ARTICLE]]
        template = known[own[0]["article_id"]]
        texts = [known[r["article_id"]].text[r["start_char"] : r["end_char"]] for r in own]
        article_id = f"{template.article_id}~{first + start}"
        article = Article(
            article_id=article_id,
            text="\n".join(texts),
            content_hash=article_id,
            raw_hash=article_id,
            path=f"{article_id}.txt",
            language=template.language,
            title=template.title,
            source=template.source,
            published_at=template.published_at,
        )
        offset = 0
        for position, (row, text) in enumerate(zip(own, texts, strict=True)):
            number = first + start + position
            chunk, vector = _placed(row, article_id, number, position, offset, len(text))
            noise = generator.standard_normal(len(row["vector"]) // 4).astype(np.float32)
            moved = np.frombuffer(row["vector"], dtype="<f4") + noise * np.float32(
                _NOISE / np.sqrt(len(noise))
            )
            vector["vector"] = (moved / np.linalg.norm(moved)).astype("<f4").tobytes()
            yield chunk, vector, article
            offset += len(text) + 1


def _placed(
    row: dict[str, Any], article_id: str, number: int, position: int, offset: int, length: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    spans = np.frombuffer(row["sentences"], dtype="<u4").astype(np.int64) - row["start_char"]
    chunk = {column.name: row[column.name] for column in chunks.c}
    chunk.update(
        chunk_no=number,
        chunk_id=f"{article_id}:{position}",
        article_id=article_id,
        position=position,
        start_char=offset,
        end_char=offset + length,
        sentences=(spans + offset).astype("<u4").tobytes(),
    )
    return chunk, {"chunk_no": number, "sentence_vectors": row["sentence_vectors"]}


def _write_block(
    store: Store, drawn: Iterator[tuple[dict[str, Any], dict[str, Any], Article]]
) -> None:
    block = list(drawn)
    own = {article.article_id: article for _, _, article in block}
    with store.catalogue.transaction() as connection:
        connection.execute(
            insert(articles), [article_row(one, signature(one.text)) for one in own.values()]
        )
        connection.execute(insert(chunks), [chunk for chunk, _, _ in block])
        connection.execute(insert(vectors), [vector for _, vector, _ in block])
        add_postings(connection, {c["chunk_no"]: c["terms"].split() for c, _, _ in block})


if __name__ == "__main__":
    sys.exit(main())
