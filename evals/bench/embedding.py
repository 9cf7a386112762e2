"""How fast texts are embedded, as a share of what the machine's matrix products reach.

    python -m evals.bench.embedding --articles 150 > embedding.json

Everything is measured in one run, in turns: the rates of large matrix products (bf16, fp32), our
vectors of chunks and of sentences, and sentence-transformers' own ``encode`` in fp32. The floating
point operations of a text are counted exactly, attention included. Where other programs use the
machine wall-clock rates mean little; the share by CPU time stays comparable, as waiting threads
sleep.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from evals.bench.measured import peak_memory_mb
from rag.errors import RagError
from rag.index.bulk_embed import BulkEmbedder, load_reference
from rag.index.embed import open_embedder
from rag.index.weights import locate
from rag.ingest.chunk import chunk_article, embedding_text
from rag.ingest.clean import clean_article
from rag.ingest.load import load_path
from rag.settings import EmbeddingSettings, Settings, load_settings
from rag.types import RawArticle

DEFAULT_ARTICLES = Path(__file__).resolve().parents[3] / "shared/bench/german_news_3k.jsonl.gz"
_MATRIX = 2048
_ROUNDS = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one JSON object; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, default=DEFAULT_ARTICLES, help="articles, JSONL(.gz)")
    parser.add_argument("--articles", type=int, default=150, help="how many of them")
    parser.add_argument("--reference-texts", type=int, default=64, help="chunks for encode()")
    options = parser.parse_args(arguments)
    try:
        report = measure(options.file, options.articles, options.reference_texts)
    except RagError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(report, indent=1))
    return 0


def measure(file: Path, articles: int, reference_texts: int) -> dict[str, Any]:
    """All figures; see the module's head."""
    settings = load_settings()
    chunks, sentences = read_texts(file, articles, settings)
    embedder = open_embedder(settings.embedding, bulk=True)
    if not isinstance(embedder, BulkEmbedder):
        raise TypeError("the bulk embedder is measured")
    embedder.embed_passages(chunks[:8])
    # Only now: what torch does while it waits is settled before the embedder first imports it.
    import torch

    count = _Counter(settings.embedding)
    report: dict[str, Any] = {
        "machine": {
            "cpu": _cpu_name(),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
            "load_average": os.getloadavg()[0],
        },
        "model": embedder.model_name,
        "precision": embedder.precision,
        "engine": embedder.engine,
        "chunks": _measure_texts(embedder, chunks, count),
        "sentences": _measure_texts(embedder, sentences, count),
        "peak_memory_mb": round(peak_memory_mb()),
    }
    report["reference"] = _measure_reference(settings.embedding, embedder, chunks[:reference_texts])
    report["gemm_fp32_gflops"] = round(_gemm_rate(torch.float32).wall, 1)
    return report


def _measure_texts(embedder: BulkEmbedder, texts: Sequence[str], count: _Counter) -> dict[str, Any]:
    """Rates over rounds, each between two measurements of the matrix product."""
    import torch

    kind = "fp32" if embedder.precision == "fp32" else "bf16"
    product = torch.float32 if kind == "fp32" else torch.bfloat16
    share = len(texts) // _ROUNDS
    products, rates, speeds = [_gemm_rate(product)], [], []
    for start in range(0, share * _ROUNDS, share):
        part = texts[start : start + share]
        tokens, operations = count.of(part)
        spent = _spent(partial(embedder.embed_passages, part))
        products.append(_gemm_rate(product))
        rates.append(spent.rate(operations / 1e9))
        speeds.append(tokens / spent.wall)
    shares = [_share(rate, products[index : index + 2]) for index, rate in enumerate(rates)]
    return {
        "texts": share * _ROUNDS,
        "tokens": count.of(texts[: share * _ROUNDS])[0],
        "tokens_per_second": round(statistics.median(speeds)),
        "gflops": round(statistics.median(rate.wall for rate in rates), 1),
        f"gemm_{kind}_gflops": round(max(rate.wall for rate in products), 1),
        "share_of_gemm": round(statistics.median(one.wall for one in shares), 3),
        "share_of_gemm_by_cpu_time": round(statistics.median(one.cpu for one in shares), 3),
        "share_of_gemm_by_cpu_time_range": [
            round(min(one.cpu for one in shares), 3),
            round(max(one.cpu for one in shares), 3),
        ],
    }


def _measure_reference(
    settings: EmbeddingSettings, embedder: BulkEmbedder, texts: Sequence[str]
) -> dict[str, float]:
    """sentence-transformers as it comes, in fp32, and how well our vectors agree with it."""
    reference = load_reference(locate(settings.model, settings.models_dir), settings.model)

    def encode() -> Any:
        return reference.encode(list(texts), prompt_name="passage", show_progress_bar=False)

    cosines = (encode() * embedder.embed_passages(texts)).sum(axis=1)
    theirs, ours = _spent(encode), _spent(partial(embedder.embed_passages, texts))
    return {
        "texts": len(texts),
        "encode_texts_per_second": round(len(texts) / theirs.wall, 2),
        "our_texts_per_second": round(len(texts) / ours.wall, 2),
        "times_faster_by_cpu_time": round(theirs.cpu / ours.cpu, 2),
        "lowest_cosine": round(float(cosines.min()), 6),
    }


class _Counter:
    """Tokens and floating point operations of texts, from the model's configuration."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        from tokenizers import Tokenizer

        folder = locate(settings.model, settings.models_dir)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._prompt = "passage: "
        hidden, wide = config["hidden_size"], config["intermediate_size"]
        layers = config["num_hidden_layers"]
        self._products = 2 * layers * (4 * hidden**2 + 2 * hidden * wide)
        self._attention = 4 * layers * hidden

    def of(self, texts: Sequence[str]) -> tuple[int, int]:
        """(tokens, operations); a multiplication and an addition are two."""
        lengths = [
            len(encoding.ids)
            for encoding in self._tokenizer.encode_batch([self._prompt + text for text in texts])
        ]
        attention = sum(self._attention * length**2 for length in lengths)
        return sum(lengths), self._products * sum(lengths) + attention


@dataclass(frozen=True, slots=True)
class _Both:
    """One quantity by the clock on the wall and by CPU time."""

    wall: float
    cpu: float

    def rate(self, amount: float) -> _Both:
        return _Both(amount / self.wall, amount / self.cpu)


def _spent(work: Callable[[], Any]) -> _Both:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return _Both(time.perf_counter() - wall, time.process_time() - cpu)


def _share(rate: _Both, products: Sequence[_Both]) -> _Both:
    return _Both(
        rate.wall / max(product.wall for product in products),
        rate.cpu / max(product.cpu for product in products),
    )


def _gemm_rate(dtype: Any) -> _Both:
    """GFLOP/s of a large square product: the best of some, for others may use the machine."""
    import torch

    left, right = (torch.randn(_MATRIX, _MATRIX, dtype=dtype) for _ in range(2))
    rates = [_spent(partial(torch.mm, left, right)).rate(2 * _MATRIX**3 / 1e9) for _ in range(8)]
    return _Both(max(rate.wall for rate in rates), max(rate.cpu for rate in rates))


def read_texts(file: Path, articles: int, settings: Settings) -> tuple[list[str], list[str]]:
    """What ingestion would embed: chunks with their context, and single sentences."""
    chunks, sentences = [], []
    for raw in _plain(file, articles):
        article = clean_article(raw)
        for chunk in chunk_article(article, settings.chunk):
            chunks.append(embedding_text(article, chunk))
            sentences += [article.text[s.start_char : s.end_char] for s in chunk.sentences]
    return chunks, sentences


def _plain(file: Path, articles: int) -> list[RawArticle]:
    import gzip
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            path.write_bytes(b"".join(islice(lines, articles)))
        found = load_path(path, load_settings().ingest)
        return [raw for raw in found if isinstance(raw, RawArticle)]


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    sys.exit(main())
