"""The forward pass in bulk: a BERT-like encoder over packs of tokens, without padding.

It computes what transformers' module computes, from that module's weights, only arranged for
speed: one matrix product for queries, keys and values, activation and residual fused into the
products, weights laid out once, attention per run of equally long windows, no mask. The caller
compares it with the reference path before trusting it. Imports torch: import this module late.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from rag.index.pack import Run

SUPPORTED_TYPES = frozenset({"bert", "roberta", "xlm-roberta"})
_LAYOUT_ROWS = 4096
"""The number of rows oneDNN lays the weights out for; any other number works as well."""
_CACHED_SCORES = 1_000_000
"""Attention scores computed at a time, so that they stay in a core's cache."""


class PackedEncoder:
    """Token states of packed windows, from the weights of a loaded encoder module."""

    def __init__(self, module: nn.Module, config: Any, dtype: torch.dtype) -> None:
        weights: Any = module
        self._dtype = dtype
        self._epsilon = float(config.layer_norm_eps)
        self._embeddings = weights.embeddings
        # RoBERTa counts positions from the padding index on.
        self._first_position = (
            0 if config.model_type == "bert" else self._embeddings.padding_idx + 1
        )
        self._layers = [
            _Layer(layer, config.num_attention_heads, dtype) for layer in weights.encoder.layer
        ]

    @torch.inference_mode()
    def encode(self, token_ids: Tensor, runs: Sequence[Run]) -> Tensor:
        """States of shape (tokens, hidden) for windows lying end to end as ``runs`` says."""
        states = self._embed(token_ids, runs)
        for layer in self._layers:
            states = layer.forward(states, runs)
        return states

    def _embed(self, token_ids: Tensor, runs: Sequence[Run]) -> Tensor:
        part = self._embeddings
        positions = torch.cat([torch.arange(run.length).repeat(run.count) for run in runs]).add_(
            self._first_position
        )
        states = functional.embedding(token_ids, part.word_embeddings.weight)
        states += functional.embedding(positions, part.position_embeddings.weight)
        states += part.token_type_embeddings.weight[0]
        norm = part.LayerNorm
        return functional.layer_norm(
            states, norm.normalized_shape, norm.weight, norm.bias, self._epsilon
        ).to(self._dtype)


class _Layer:
    """One encoder layer with its weights laid out."""

    def __init__(self, layer: Any, heads: int, dtype: torch.dtype) -> None:
        attention = layer.attention.self
        parts = (attention.query, attention.key, attention.value)
        self._heads = heads
        # Attention divides by the root of a head's width: done here once, in the query's weights.
        scales = (attention.attention_head_size**-0.5, 1.0, 1.0)
        self._attention_in = _Product(
            torch.cat([part.weight * scale for part, scale in zip(parts, scales, strict=True)]),
            torch.cat([part.bias * scale for part, scale in zip(parts, scales, strict=True)]),
            dtype,
        )
        self._attention_out = _Product.of(layer.attention.output.dense, dtype)
        self._attention_norm = _Norm(layer.attention.output.LayerNorm, dtype)
        self._widen = _Product.of(layer.intermediate.dense, dtype)
        self._narrow = _Product.of(layer.output.dense, dtype)
        self._norm = _Norm(layer.output.LayerNorm, dtype)

    def forward(self, states: Tensor, runs: Sequence[Run]) -> Tensor:
        context = self._attend(self._attention_in.apply(states), runs)
        states = self._attention_norm.apply(self._attention_out.apply_and_add(context, states))
        wide = self._widen.apply_and_gelu(states)
        return self._norm.apply(self._narrow.apply_and_add(wide, states))

    def _attend(self, projected: Tensor, runs: Sequence[Run]) -> Tensor:
        hidden = projected.shape[1] // 3
        contexts = []
        for run in runs:
            end = run.start + run.count * run.length
            parts = projected[run.start : end].view(
                run.count, run.length, 3, self._heads, hidden // self._heads
            )
            # As many windows at a time as keep their scores in the cache.
            share = max(1, _CACHED_SCORES // (self._heads * run.length**2))
            contexts += [_attention(some).view(-1, hidden) for some in torch.split(parts, share)]
        return contexts[0] if len(contexts) == 1 else torch.cat(contexts)


def _attention(parts: Tensor) -> Tensor:
    """Scaled queries, keys and values (windows, tokens, 3, heads, width) → contexts.

    Plain products beat torch's flash attention by a third here: its blocks are made for wider
    heads and longer texts.
    """
    windows, tokens, _, heads, width = parts.shape
    query, key, value = (
        part.reshape(windows * heads, tokens, width) for part in parts.permute(2, 0, 3, 1, 4)
    )
    weights = torch.bmm(query, key.transpose(1, 2)).softmax(dim=-1)
    contexts = torch.bmm(weights, value).view(windows, heads, tokens, width)
    return contexts.transpose(1, 2).reshape(windows, tokens, heads * width)


class _Norm:
    """Layer normalisation with its weights in the computing type."""

    def __init__(self, norm: nn.LayerNorm, dtype: torch.dtype) -> None:
        self._shape = list(norm.normalized_shape)
        self._weight = norm.weight.detach().to(dtype)
        self._bias = norm.bias.detach().to(dtype)
        self._epsilon = norm.eps

    def apply(self, states: Tensor) -> Tensor:
        return functional.layer_norm(states, self._shape, self._weight, self._bias, self._epsilon)


class _Product:
    """``x @ weight.T + bias`` with what follows fused in where oneDNN is there."""

    def __init__(self, weight: Tensor, bias: Tensor, dtype: torch.dtype) -> None:
        self._bias = bias.detach().to(dtype)
        self._weight = weight.detach().to(dtype)
        self._fused = _onednn_operators()
        if self._fused is not None:
            self._weight = self._fused._reorder_linear_weight(self._weight, _LAYOUT_ROWS)

    @classmethod
    def of(cls, linear: nn.Linear, dtype: torch.dtype) -> _Product:
        return cls(linear.weight, linear.bias, dtype)

    def apply(self, states: Tensor) -> Tensor:
        if self._fused is None:
            return functional.linear(states, self._weight, self._bias)
        return self._pointwise(states, "none", "")

    def apply_and_gelu(self, states: Tensor) -> Tensor:
        if self._fused is None:
            return functional.gelu(functional.linear(states, self._weight, self._bias))
        return self._pointwise(states, "gelu", "none")

    def apply_and_add(self, states: Tensor, residual: Tensor) -> Tensor:
        if self._fused is None:
            return functional.linear(states, self._weight, self._bias).add_(residual)
        summed: Tensor = self._fused._linear_pointwise.binary(
            states, residual, self._weight, self._bias, "add"
        )
        return summed

    def _pointwise(self, states: Tensor, activation: str, variant: str) -> Tensor:
        result: Tensor = self._fused._linear_pointwise(  # type: ignore[union-attr]
            states, self._weight, self._bias, activation, [], variant
        )
        return result


def _onednn_operators() -> Any | None:
    """The operators torch's own compiler emits for linear layers; not in every build."""
    operators = torch.ops.mkldnn
    names = ("_reorder_linear_weight", "_linear_pointwise")
    mkldnn: Any = torch.backends.mkldnn
    if mkldnn.is_available() and all(hasattr(operators, name) for name in names):
        return operators
    return None
