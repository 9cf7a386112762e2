"""How long it takes until a store of 20,000 chunks is right again after damage to Chroma's files.

    python -m evals.trust.rebuild [--chunks 20000] [--seconds 60]

Made-up articles with random vectors, so that no model is needed; nothing is embedded again in a
repair either. Each damage is followed by what a user does next: open the store to write.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.index.store import IndexedArticle, IndexIdentity, Store
from rag.types import Article, Chunk, Span

_DIMENSION = 384
_CHUNKS_AN_ARTICLE = 8
_WORDS = 60
_BATCH = 60
_IDENTITY = IndexIdentity(
    model="made",
    embedder_fingerprint="made",
    dimension=_DIMENSION,
    chunk={"target_chars": 700, "max_chars": 1400},
)


def made_articles(count: int, seed: int = 1) -> Iterator[IndexedArticle]:
    """Articles of random words; every chunk has a random unit vector."""
    chance = random.Random(seed)
    generator = np.random.default_rng(seed)
    words = ["".join(chance.choices("abdefghiklmnoprstu", k=7)) for _ in range(8000)]
    for number in range(count):
        sentences = [
            f"Satz {number} {place} {' '.join(chance.choices(words, k=_WORDS))}."
            for place in range(_CHUNKS_AN_ARTICLE)
        ]
        vectors = generator.standard_normal((_CHUNKS_AN_ARTICLE, _DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        yield _indexed(f"a{number:05}", sentences, vectors)


def _indexed(article_id: str, sentences: Sequence[str], vectors: np.ndarray) -> IndexedArticle:
    text = "\n".join(sentences)
    digest = hashlib.sha256(text.encode()).hexdigest()
    chunks, start = [], 0
    for position, sentence in enumerate(sentences):
        end = start + len(sentence)
        span = Span(start_char=start, end_char=end)
        chunks.append(
            Chunk(
                chunk_id=f"{article_id}:{position}",
                article_id=article_id,
                position=position,
                text=sentence,
                start_char=start,
                end_char=end,
                sentences=(span,),
            )
        )
        start = end + 1
    article = Article(
        article_id=article_id,
        text=text,
        content_hash=digest,
        raw_hash=digest,
        path=f"{article_id}.txt",
        language="de",
        source=f"Blatt {digest[0]}",
    )
    return IndexedArticle(
        article=article,
        chunks=chunks,
        chunk_vectors=vectors,
        sentence_vectors=[vector[None, :] for vector in vectors],
    )


def _cut_the_list(folder: Path) -> None:
    path = next(folder.rglob("index_metadata.pickle"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _turn_bits(folder: Path) -> None:
    path = next(folder.rglob("data_level0.bin"))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
    path.write_bytes(content)


def _lose_the_vectors(folder: Path) -> None:
    for path in folder.rglob("*.bin"):
        path.unlink()


DAMAGES: dict[str, Callable[[Path], None]] = {
    "list of ids cut": _cut_the_list,
    "bits of vectors turned": _turn_bits,
    "vector files gone": _lose_the_vectors,
}


def main(argv: Sequence[str] | None = None) -> int:
    """0 where every damage ended in a right index in time."""
    options = argparse.ArgumentParser(prog="python -m evals.trust.rebuild")
    options.add_argument("--chunks", type=int, default=20_000)
    options.add_argument("--seconds", type=float, default=60.0)
    given = options.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="rebuild-") as folder:
        store = Path(folder) / "store"
        sample = _fill(store, given.chunks)
        took = {name: _mended(store, damage, sample) for name, damage in DAMAGES.items()}
    shown = ", ".join(f"{name} {wall:.0f} s ({cpu:.0f} s of CPU)" for name, (wall, cpu) in
                      took.items())  # fmt: skip
    print(f"{given.chunks} chunks right again after: {shown}")
    return int(any(wall > given.seconds for wall, _ in took.values()))


def _fill(store: Path, chunks: int) -> list[tuple[str, np.ndarray]]:
    sample: list[tuple[str, np.ndarray]] = []
    with Store.open(store, mode="write", identity=_IDENTITY) as opened:
        batch: list[IndexedArticle] = []
        for indexed in made_articles(chunks // _CHUNKS_AN_ARTICLE):
            batch.append(indexed)
            sample.append((indexed.chunks[3].chunk_id, indexed.chunk_vectors[3]))
            if len(batch) == _BATCH:
                opened.write(batch)
                batch = []
        opened.write(batch)
    return sample


def _mended(
    store: Path, damage: Callable[[Path], None], sample: Sequence[tuple[str, np.ndarray]]
) -> tuple[float, float]:
    """(wall seconds, CPU seconds) of the next writer; raises where the index is then not right."""
    damage(store / "chroma")
    started, used = time.perf_counter(), time.process_time()
    with Store.open(store, mode="write", identity=_IDENTITY):
        pass
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    with Store.open(store, mode="read", identity=_IDENTITY) as opened:
        for chunk_id, vector in sample[:: max(1, len(sample) // 300)]:
            if opened.search_dense(vector, 1)[0][0] != chunk_id:
                raise AssertionError(f"{chunk_id} does not find itself")
        if opened.notes:
            raise AssertionError(f"still searched exactly: {opened.notes}")
    return wall, cpu


if __name__ == "__main__":
    sys.exit(main())
