"""Products in 8 bits: near the exact ones, and the same for a row whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pytest

from rag.index.hardware import computes_in_int8
from rag.index.weights import SOURCE_SHA256

torch = pytest.importorskip("torch")

from rag.index.eight_bits import (  # noqa: E402
    RANGES,
    EightBitProduct,
    Range,
    Steps,
    is_available,
    read_ranges,
)

needs_operators = pytest.mark.skipif(
    not (computes_in_int8() and is_available()), reason="this CPU or torch has no products of bytes"
)


@pytest.fixture
def made_up():
    """(states, weight, bias, range) with one channel a hundred times as wide as the others."""
    torch.manual_seed(3)
    states = torch.randn(64, 128)
    states[:, 5] = states[:, 5] * 100 + 40
    weight, bias = torch.randn(96, 128) * 0.05, torch.randn(96)
    weight[:, 5] /= 100
    return states.bfloat16(), weight, bias, Range(states.amin(0), states.amax(0))


def relative_error(ours, exact):
    return float((ours.float() - exact).norm() / exact.norm())


@needs_operators
def test_a_channel_wider_than_the_others_costs_no_accuracy(made_up):
    states, weight, bias, takes = made_up
    ours = EightBitProduct(weight, bias, takes=takes).apply(states)
    assert relative_error(ours, states.float() @ weight.T + bias) < 0.02


@needs_operators
def test_a_row_does_not_depend_on_its_neighbours(made_up):
    states, weight, bias, takes = made_up
    product = EightBitProduct(weight, bias, takes=takes)
    assert torch.equal(product.apply(states)[:16], product.apply(states[:16]))


@needs_operators
def test_an_activation_given_in_bytes_is_what_the_next_product_takes(made_up):
    states, weight, bias, takes = made_up
    steps = Steps(0.05, 4)
    back = torch.randn(128, 96) * 0.05
    wide = EightBitProduct(weight, bias, takes=takes, gives=steps).apply_and_gelu(states)
    ours = EightBitProduct(back, torch.zeros(128), takes=steps).apply_and_add(wide, states)
    activated = torch.nn.functional.gelu(states.float() @ weight.T + bias)
    assert wide.dtype == torch.uint8
    assert relative_error(ours, activated @ back.T + states.float()) < 0.02


def test_the_stored_ranges_are_those_of_the_default_model():
    with np.load(RANGES) as stored:
        assert str(stored["source_sha256"]) == SOURCE_SHA256


def test_every_layers_ranges_are_whole():
    layers = read_ranges()
    assert len(layers) == 12
    for layer in layers:
        for one in (layer.attention_in, layer.attention_out, layer.widen):
            assert one.low.shape == (384,)
            assert bool((one.low < one.high).all())
    assert sum(layer.narrow_steps() is not None for layer in layers) == 5
