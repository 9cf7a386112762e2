"""Measures the ranges that 8-bit products of the default model round within.

    python -m evals.fit.embedding_ranges --bench ../shared/bench

Lowest and highest value of every channel that a product takes, over German news (chunks and
sentences, some as questions) and English passages, by sentence-transformers in bf16, widened a
little. Writes ``rag/data/embedding_ranges.npz``; nothing is judged on what it is fitted on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from evals.bench.embedding import read_texts
from rag.index.bulk_embed import load_reference
from rag.index.eight_bits import RANGES
from rag.index.model_folder import PASSAGE_PROMPT, QUERY_PROMPT
from rag.index.weights import SOURCE_SHA256, locate
from rag.settings import load_settings

_ARTICLES = 40
_CHUNKS, _SENTENCES, _QUESTIONS, _ENGLISH = 80, 400, 100, 60
_MARGIN = {"attention_in": 1.1, "attention_out": 1.3, "widen": 1.1, "narrow": 1.0}
"""Attention to one token alone, in texts of a word or two, goes beyond what others showed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the file; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    options = parser.parse_args(arguments)
    settings = load_settings()
    news = options.bench / "german_news_3k.jsonl.gz"
    chunks, sentences = read_texts(news, _ARTICLES, settings)
    with (options.bench / "ramdocs_open100.jsonl").open(encoding="utf-8") as lines:
        english = [json.loads(line)["documents"][0]["text"] for line in islice(lines, _ENGLISH)]
    model = settings.embedding.model
    reference: Any = load_reference(locate(model, settings.embedding.models_dir), model)
    reference.bfloat16()  # as the rest is computed; the ranges need no more
    ranges = _Ranges()
    for number, layer in enumerate(reference[0].auto_model.encoder.layer):
        for name, linear in (
            ("attention_in", layer.attention.self.query),
            ("attention_out", layer.attention.output.dense),
            ("widen", layer.intermediate.dense),
            ("narrow", layer.output.dense),
        ):
            linear.register_forward_pre_hook(ranges.watch(name, number))
    passages = [*chunks[:_CHUNKS], *sentences[:_SENTENCES], *english]
    for prompt, texts in ((PASSAGE_PROMPT, passages), (QUERY_PROMPT, sentences[-_QUESTIONS:])):
        # One at a time: what fills up a batch is no token.
        reference.encode(
            texts, prompt=prompt, batch_size=1, show_progress_bar=False, convert_to_numpy=False
        )
    np.savez_compressed(RANGES, source_sha256=np.array(SOURCE_SHA256), **ranges.widened())
    return 0


class _Ranges:
    """Lowest and highest values so far: by product, by layer, of each channel."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, Any]] = defaultdict(dict)

    def watch(self, product: str, layer: int) -> Callable[[Any, Any], None]:
        def see(_: Any, inputs: Any) -> None:
            states = inputs[0].flatten(end_dim=-2).float()
            low, high = states.amin(0), states.amax(0)
            if layer in self._seen[product]:
                lowest, highest = self._seen[product][layer]
                low, high = torch.minimum(low, lowest), torch.maximum(high, highest)
            self._seen[product][layer] = (low, high)

        return see

    def widened(self) -> dict[str, Any]:
        """Arrays of the shape (layers, 2, channels); (layers, 2) for what shares one range."""
        arrays = {}
        for name, layers in self._seen.items():
            low, high = np.stack([torch.stack(own).numpy() for own in layers.values()], axis=1)
            if name == "narrow":
                low, high = low.min(1), high.max(1)
            middle, half = (low + high) / 2, (high - low) / 2 * _MARGIN[name]
            arrays[name] = np.stack([middle - half, middle + half], axis=1).astype(np.float16)
        return arrays


if __name__ == "__main__":
    sys.exit(main())
