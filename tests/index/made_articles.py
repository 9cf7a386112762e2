"""Small articles whose vectors and words are known, for the tests of the index.

As a script it writes them into a store until it is killed: made_articles.py STORE FIRST COUNT
"""

import hashlib
import sys
from pathlib import Path

import numpy as np

from rag.index.store import IndexedArticle, IndexIdentity, Store
from rag.types import Article, Chunk, Span

DIMENSION = 24
IDENTITY = IndexIdentity(
    model="made",
    embedder_fingerprint="one",
    dimension=DIMENSION,
    chunk={"target_chars": 700, "max_chars": 1400},
)
FULLER = "Der Hafenmeister zählte danach die Kähne am Kai und schrieb alles in sein Buch."


def vector(name: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    raw = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return raw / np.linalg.norm(raw)


def indexed(article_id: str, *sentences: str, **fields: object) -> IndexedArticle:
    """An article of the given sentences, one a chunk, whose vector is that of its chunk id."""
    text = "\n".join(sentences)
    chunks = []
    start = 0
    for position, sentence in enumerate(sentences):
        end = start + len(sentence)
        digest = hashlib.sha256(sentence.encode()).hexdigest()[:8]
        chunks.append(
            Chunk(
                chunk_id=f"{article_id}:{position}:{digest}",
                article_id=article_id,
                position=position,
                text=sentence,
                start_char=start,
                end_char=end,
                sentences=(Span(start_char=start, end_char=end),),
            )
        )
        start = end + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = {"raw_hash": digest, "content_hash": digest, "path": f"{article_id}.txt"}
    return IndexedArticle(
        article=Article(**{"language": "de", **known, **fields}, article_id=article_id, text=text),
        chunks=chunks,
        chunk_vectors=np.stack([vector(chunk.chunk_id) for chunk in chunks]),
        sentence_vectors=[vector(chunk.chunk_id)[None, :] for chunk in chunks],
        signature=digest.encode(),
    )


def numbered(number: int, version: str = "") -> IndexedArticle:
    """Article ``number``: three sentences, among them a word that only it has."""
    return indexed(
        f"a{number:05}",
        f"Am Kai {number} brannte der Schuppen{version}.",
        f"Kennwort zq{number:05}{version} stand an der Tür.",
        FULLER,
        source=f"Blatt {number % 3}",
        published_at=f"2025-09-{number % 28 + 1:02}",
        title=f"Brand {number}",
    )


def write_until_killed(store: str, first: str, count: str) -> None:
    with Store.open(Path(store), mode="write", identity=IDENTITY) as opened:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        for start in range(int(first), int(first) + int(count), 10):
            opened.write([numbered(number) for number in range(start, start + 10)])
            sys.stdout.write(f"stored {start + 10}\n")
            sys.stdout.flush()
        opened.finish()
        sys.stdout.write("finished\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write_until_killed(*sys.argv[1:4])
