"""From texts to vectors by packed forward passes: tokenise, plan, encode, pool.

Pooling happens per window; a text longer than the model's limit is the mean of its windows,
weighted by their tokens, so nothing is cut off. Imports torch: import this module late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from rag.index.eight_bits import is_available, read_ranges
from rag.index.encoder import SUPPORTED_TYPES, PackedEncoder
from rag.index.pack import Pack, Window, plan_packs
from rag.protocols import FloatArray, Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACK_TOKENS = 4096
"""Tokens of one forward pass: enough for the matrix products, few enough for the cache."""

_TYPES = {"int8": torch.bfloat16, "bf16": torch.bfloat16, "fp32": torch.float32}
"""What is computed in outside the products."""
_Spans = Sequence[Sequence[tuple[int, int]]]


def pack_model(reference: SentenceTransformer, precision: str) -> PackedModel | None:
    """The packed form of a loaded model; ``None`` where it is of another kind.

    ``int8`` is for the default model alone, whose ranges are known, and for some builds of torch.
    """
    if precision == "int8" and not is_available():
        return None
    modules: list[Any] = list(reference)
    if [type(module).__name__ for module in modules[:2]] != ["Transformer", "Pooling"]:
        return None
    transformer, pooling = modules[:2]
    module = transformer.auto_model
    config = module.config
    fits = (
        config.model_type in SUPPORTED_TYPES
        and getattr(config, "hidden_act", None) == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and pooling.pooling_mode in ("mean", "cls")
        and all(type(later).__name__ == "Normalize" for later in modules[2:])
        and getattr(transformer.tokenizer, "backend_tokenizer", None) is not None
    )
    if not fits:
        return None
    return PackedModel(
        tokenizer=transformer.tokenizer.backend_tokenizer,
        encoder=PackedEncoder(
            module, config, _TYPES[precision], read_ranges() if precision == "int8" else None
        ),
        window_tokens=int(reference.max_seq_length or 512),
        pools_first=pooling.pooling_mode == "cls",
        dimension=config.hidden_size,
    )


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A text's tokens without special ones, and their offsets where spans are pooled."""

    ids: Any
    offsets: Any


class PackedModel:
    """Tokenizer, packed encoder and pooling of one model."""

    def __init__(
        self,
        *,
        tokenizer: Any,
        encoder: PackedEncoder,
        window_tokens: int,
        pools_first: bool,
        dimension: int,
    ) -> None:
        self._tokenizer = tokenizer
        self._encoder = encoder
        self._window_tokens = window_tokens
        self._pools_first = pools_first
        self._dimension = dimension
        tokenizer.no_padding()
        enclosed = tokenizer.encode("").ids
        self._before, self._after = enclosed[:1], enclosed[1:]

    def embed(self, texts: Sequence[str], prompt: str, progress: Progress | None) -> FloatArray:
        """Unit vectors of the texts."""
        pooled = _Pooled(len(texts), self._dimension, [()] * len(texts))
        self._run(texts, prompt, pooled, progress)
        return pooled.text_vectors()

    def embed_with_spans(
        self, texts: Sequence[str], spans: _Spans, prompt: str, progress: Progress | None
    ) -> tuple[FloatArray, list[FloatArray]]:
        """Unit vectors of the texts, and of each text's spans within it."""
        shifted = [
            [(start + len(prompt), end + len(prompt)) for start, end in own] for own in spans
        ]
        pooled = _Pooled(len(texts), self._dimension, shifted)
        self._run(texts, prompt, pooled, progress)
        return pooled.text_vectors(), pooled.span_vectors()

    def _run(
        self, texts: Sequence[str], prompt: str, pooled: _Pooled, progress: Progress | None
    ) -> None:
        tokens = self._tokenize(texts, prompt, with_offsets=pooled.has_spans)
        packs = plan_packs(
            [len(own.ids) for own in tokens],
            window_tokens=self._window_tokens,
            specials=len(self._before) + len(self._after),
            pack_tokens=PACK_TOKENS,
        )
        total = sum(pack.tokens for pack in packs)
        done = 0
        for pack in packs:
            states = self._encoder.encode(self._token_ids(pack, tokens), pack.runs)
            self._pool(pack, tokens, states.float().numpy(), pooled)
            done += pack.tokens
            if progress:
                progress(len(texts) * done // total, len(texts))

    def _tokenize(self, texts: Sequence[str], prompt: str, *, with_offsets: bool) -> list[_Tokens]:
        # sentence-transformers shares this tokenizer and sets both on every call of its own.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        prompted = [prompt + text for text in texts]
        encode = self._tokenizer.encode_batch if with_offsets else self._tokenizer.encode_batch_fast
        return [
            _Tokens(
                np.asarray(encoding.ids, dtype=np.int32),
                np.asarray(encoding.offsets, dtype=np.int32).reshape(-1, 2)
                if with_offsets
                else None,
            )
            for encoding in encode(prompted, add_special_tokens=False)
        ]

    def _token_ids(self, pack: Pack, tokens: Sequence[_Tokens]) -> torch.Tensor:
        parts: list[Any] = []
        for window in pack.windows:
            parts += [self._before, tokens[window.text].ids[window.first : window.last]]
            parts.append(self._after)
        return torch.from_numpy(np.concatenate(parts).astype(np.int64))

    def _pool(
        self, pack: Pack, tokens: Sequence[_Tokens], states: FloatArray, pooled: _Pooled
    ) -> None:
        before, after = len(self._before), len(self._after)
        at = 0
        for window in pack.windows:
            length = before + window.content + after
            own = states[at : at + length]
            at += length
            pooled.add_text(window, own[0] if self._pools_first else own.mean(axis=0))
            if pooled.has_spans:
                pooled.add_spans(window, own[before : before + window.content], tokens)


class _Pooled:
    """Sums of token states, by text and by span, over however many windows they reach."""

    def __init__(self, texts: int, dimension: int, spans: _Spans) -> None:
        self._texts = np.zeros((texts, dimension), dtype=np.float64)
        self._spans = spans
        self._sums = [np.zeros((len(own), dimension), dtype=np.float64) for own in spans]
        self.has_spans = any(len(own) for own in spans)

    def add_text(self, window: Window, mean: FloatArray) -> None:
        self._texts[window.text] += max(window.content, 1) * mean

    def add_spans(self, window: Window, states: FloatArray, tokens: Sequence[_Tokens]) -> None:
        offsets = tokens[window.text].offsets[window.first : window.last]
        starts, ends = offsets[:, 0], offsets[:, 1]
        for row, (start, end) in enumerate(self._spans[window.text]):
            # A token belongs to a span when it overlaps it by a character.
            first = int(np.searchsorted(ends, start, side="right"))
            last = int(np.searchsorted(starts, end, side="left"))
            if first < last:
                self._sums[window.text][row] += states[first:last].sum(axis=0)

    def text_vectors(self) -> FloatArray:
        return _normalised(self._texts)

    def span_vectors(self) -> list[FloatArray]:
        texts = self.text_vectors()
        vectors = []
        for text, sums in enumerate(self._sums):
            empty = ~sums.any(axis=1)
            sums[empty] = texts[text]
            vectors.append(_normalised(sums))
        return vectors


def _normalised(sums: Any) -> FloatArray:
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(norms, 1e-12), dtype=np.float32)
