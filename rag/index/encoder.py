"""The forward pass in bulk: a BERT-like encoder over packs of tokens, without padding.

It computes what transformers' module computes, from that module's weights, only arranged for
speed: one matrix product for queries, keys and values, activation and residual fused into the
products, weights laid out once, attention per run of equally long windows, no mask. The caller
compares it with the reference path before trusting it. Imports torch: import this module late.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from rag.index.eight_bits import EightBitProduct, LayerRanges
from rag.index.pack import Run

SUPPORTED_TYPES = frozenset({"bert", "roberta", "xlm-roberta"})
_LAYOUT_ROWS = 4096
"""The number of rows oneDNN lays the weights out for; any other number works as well."""


class PackedEncoder:
    """Token states of packed windows, from the weights of a loaded encoder module."""

    def __init__(
        self,
        module: nn.Module,
        config: Any,
        dtype: torch.dtype,
        ranges: Sequence[LayerRanges] | None = None,
    ) -> None:
        """With ``ranges``, a layer's each, the products are computed in 8 bits."""
        weights: Any = module
        layers = weights.encoder.layer
        self._dtype = dtype
        self._epsilon = float(config.layer_norm_eps)
        self._embeddings = weights.embeddings
        # RoBERTa counts positions from the padding index on.
        self._first_position = (
            0 if config.model_type == "bert" else self._embeddings.padding_idx + 1
        )
        self._layers = [
            _Layer(layer, config.num_attention_heads, dtype, own)
            for layer, own in zip(layers, ranges or repeat(None, len(layers)), strict=True)
        ]

    @torch.inference_mode()
    def encode(self, token_ids: Tensor, runs: Sequence[Run]) -> Tensor:
        """States of shape (tokens, hidden) for windows lying end to end as ``runs`` says."""
        tokens = len(token_ids)
        states = self._embed(token_ids, runs)
        # oneDNN compiles a kernel for every new number of rows and keeps it: half a megabyte each.
        states = functional.pad(states, (0, 0, 0, round_up(tokens) - tokens))
        for layer in self._layers:
            states = layer.forward(states, runs)
        return states[:tokens]

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

    def __init__(
        self, layer: Any, heads: int, dtype: torch.dtype, ranges: LayerRanges | None
    ) -> None:
        self._heads = heads
        self._attention_norm = _Norm(layer.attention.output.LayerNorm, dtype)
        self._norm = _Norm(layer.output.LayerNorm, dtype)
        attention = layer.attention.self
        parts = (attention.query, attention.key, attention.value)
        attention_in = (
            torch.cat([part.weight for part in parts]),
            torch.cat([part.bias for part in parts]),
        )
        attention_out, widen, narrow = (
            (linear.weight, linear.bias)
            for linear in (
                layer.attention.output.dense,
                layer.intermediate.dense,
                layer.output.dense,
            )
        )
        steps = ranges.narrow_steps() if ranges else None
        self._narrow: _AnyProduct = (
            EightBitProduct(*narrow, takes=steps) if steps else _Product(*narrow, dtype)
        )
        self._attention_in: _AnyProduct
        self._attention_out: _AnyProduct
        self._widen: _AnyProduct
        if ranges is None:
            self._attention_in = _Product(*attention_in, dtype)
            self._attention_out = _Product(*attention_out, dtype)
            self._widen = _Product(*widen, dtype)
        else:
            self._attention_in = EightBitProduct(*attention_in, takes=ranges.attention_in)
            self._attention_out = EightBitProduct(*attention_out, takes=ranges.attention_out)
            self._widen = EightBitProduct(*widen, takes=ranges.widen, gives=steps)

    def forward(self, states: Tensor, runs: Sequence[Run]) -> Tensor:
        context = self._attend(self._attention_in.apply(states), runs)
        states = self._attention_norm.apply(self._attention_out.apply_and_add(context, states))
        wide = self._widen.apply_and_gelu(states)
        return self._norm.apply(self._narrow.apply_and_add(wide, states))

    def _attend(self, projected: Tensor, runs: Sequence[Run]) -> Tensor:
        hidden = projected.shape[1] // 3
        contexts, end = [], 0
        for run in runs:
            end = run.start + run.count * run.length
            query, key, value = (
                projected[run.start : end]
                .view(run.count, run.length, 3, self._heads, hidden // self._heads)
                .permute(2, 0, 3, 1, 4)
            )
            context = functional.scaled_dot_product_attention(query, key, value)
            contexts.append(context.transpose(1, 2).reshape(-1, hidden))
        filling = projected[end:, :hidden]
        return torch.cat([*contexts, filling])


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
        self._fused = _onednn_operators(dtype)
        if self._fused is not None:
            self._weight = self._fused._reorder_linear_weight(self._weight, _LAYOUT_ROWS)

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


_AnyProduct = _Product | EightBitProduct


def round_up(rows: int) -> int:
    """The next number of the form 4…7 · 2ⁿ, from 16 on: few numbers, at most a quarter more."""
    step = 1 << max(2, (rows - 1).bit_length() - 3)
    return max(16, -(-rows // step) * step)


def _onednn_operators(dtype: torch.dtype) -> Any | None:
    """The operators torch's own compiler emits for linear layers, where build and CPU have them.

    oneDNN refuses bf16 on a CPU without AVX-512; torch's plain layers then still compute in it.
    """
    operators = torch.ops.mkldnn
    names = ("_reorder_linear_weight", "_linear_pointwise", "_is_mkldnn_bf16_supported")
    mkldnn: Any = torch.backends.mkldnn
    if not mkldnn.is_available() or not all(hasattr(operators, name) for name in names):
        return None
    if dtype == torch.bfloat16 and not operators._is_mkldnn_bf16_supported():
        return None
    return operators
