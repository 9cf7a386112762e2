"""Matrix products in whole numbers of 8 bits, by the operators torch's own compiler emits.

What a product takes is rounded to 256 steps within a range fixed beforehand for each channel, so
that a text's vector does not depend on the texts beside it. A channel's range is made equal to its
neighbours' by its column of the weights (SmoothQuant, Xiao et al. 2023), and its middle moved to
zero by the bias: both cost nothing, for the channel is multiplied and shifted anyway when rounded.
Imports torch: import this module late.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

RANGES = Path(__file__).resolve().parents[1] / "data" / "embedding_ranges.npz"
"""Of the default model; written by ``python -m evals.fit.embedding_ranges``."""
PRODUCTS = ("attention_in", "attention_out", "widen", "narrow")

_SMOOTHING = 0.8
"""How much of the difference between channels goes into the weights: .3 to 1 were tried."""
_WIDEST = 10.0
"""Of an activation in 8 bits, whose channels share one range: beyond it 256 steps are too coarse.

Five of the default model's twelve layers stay within it. With 16, nine would: a tenth faster, but
"Ja." no longer agrees to .999 with its vector in fp32.
"""
_LAYOUT_ROWS = 4096
_MOST = 127


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest value of each channel."""

    low: Tensor
    high: Tensor


@dataclass(frozen=True, slots=True)
class Steps:
    """What a byte means: ``(byte - zero) * size``."""

    size: float
    zero: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRanges:
    """What the four products of an encoder layer take."""

    attention_in: Range
    attention_out: Range
    widen: Range
    narrow: Range  # of all channels together: the product before rounds, which knows no channels

    def narrow_steps(self) -> Steps | None:
        """What the bytes of the activation mean; ``None`` where they would be too coarse."""
        low, high = float(self.narrow.low), float(self.narrow.high)
        size = (high - low) / 255
        return Steps(size, round(-low / size)) if high - low <= _WIDEST else None


def read_ranges(file: Path = RANGES) -> tuple[LayerRanges, ...]:
    """The ranges of each layer, stored as one array for each product: lowest, highest."""
    with np.load(file) as stored:
        products = {name: torch.from_numpy(stored[name]).float() for name in PRODUCTS}
    return tuple(
        LayerRanges(**{name: Range(*own[layer].unbind()) for name, own in products.items()})
        for layer in range(len(products["narrow"]))
    )


def is_available() -> bool:
    """Whether this build of torch has the operators."""
    operators: Any = torch.ops.onednn
    mkldnn: Any = torch.backends.mkldnn
    names = ("qlinear_prepack", "qlinear_pointwise")
    return mkldnn.is_available() and all(hasattr(operators, name) for name in names)


class EightBitProduct:
    """``x @ weight.T + bias`` with what follows fused in; takes and gives bf16 unless told else.

    With ``takes`` in steps its input is bytes already, with ``gives`` its activation's result is.
    """

    def __init__(
        self, weight: Tensor, bias: Tensor, *, takes: Range | Steps, gives: Steps | None = None
    ) -> None:
        weight, bias = weight.detach().float(), bias.detach().float()
        self._gives = gives
        self._factor: Tensor | None = None
        self._offset: Tensor | None = None
        if isinstance(takes, Steps):
            self._takes = takes
        else:
            middle = (takes.low + takes.high) / 2
            half = ((takes.high - takes.low) / 2).clamp_min(1e-4)
            columns = weight.abs().amax(0).clamp_min(1e-6)
            smooth = half.pow(_SMOOTHING) / columns.pow(1 - _SMOOTHING)
            self._takes = Steps(float((half / smooth).max()) / _MOST, 128)
            self._factor = 1 / (smooth * self._takes.size)
            self._offset = self._takes.zero + 0.5 - middle * self._factor
            bias = bias + weight @ middle
            weight = weight * smooth
        self._bias = bias
        self._scales = weight.abs().amax(1).clamp_min(1e-12) / _MOST
        self._zeros = torch.zeros(len(weight), dtype=torch.int64)
        rounded = (weight / self._scales[:, None]).round().to(torch.int8)
        self._operators: Any = torch.ops.onednn
        self._weight = self._operators.qlinear_prepack(rounded, [_LAYOUT_ROWS, weight.shape[1]])

    def apply(self, states: Tensor) -> Tensor:
        """The product alone."""
        return self._pointwise(states, "none", "", None)

    def apply_and_gelu(self, states: Tensor) -> Tensor:
        """The activation of the product, as bytes where ``gives`` says so."""
        return self._pointwise(states, "gelu", "none", self._gives)

    def apply_and_add(self, states: Tensor, residual: Tensor) -> Tensor:
        """The product and ``residual`` in one."""
        then: tuple[Any, ...] = ("add", 1.0, "none", [], "")
        summed: Tensor = self._operators.qlinear_pointwise.binary(
            *self._operands(states), residual, self._bias, *_PLAIN, 1.0, 0, *then
        )
        return summed

    def _pointwise(
        self, states: Tensor, activation: str, variant: str, gives: Steps | None
    ) -> Tensor:
        given = (gives.size, gives.zero, torch.uint8) if gives else _PLAIN
        result: Tensor = self._operators.qlinear_pointwise(
            *self._operands(states), self._bias, *given, activation, [], variant
        )
        return result

    def _operands(self, states: Tensor) -> tuple[Any, ...]:
        weight = (self._weight, self._scales, self._zeros)
        return (self._to_bytes(states), self._takes.size, self._takes.zero, *weight)

    def _to_bytes(self, states: Tensor) -> Tensor:
        if self._factor is None or self._offset is None:
            return states
        # In fp32, in place: bf16 has too few digits for the offset. `to` cuts off.
        scaled = states.float()
        torch.addcmul(self._offset, scaled, self._factor, out=scaled)
        return scaled.clamp_(0, 255).to(torch.uint8)


_PLAIN = (1.0, 0, torch.bfloat16)
"""A result that is not rounded to bytes."""
