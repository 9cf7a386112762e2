"""A weights file of the quantised layout, small enough to write in a test."""

from __future__ import annotations

import struct

import numpy as np

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 32, 2, 2, 64, 40
PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "\u2581",
    ":",
    ".",
    "\u2581Hafen",
    "\u2581brennt",
    "e",
    "r",
]


def quantise(values):
    """Q4_0: blocks of 32, an fp16 scale and 4-bit weights. Returns (bytes, what they mean)."""
    blocks = np.asarray(values, dtype=np.float32).reshape(-1, 32)
    scale = (np.abs(blocks).max(axis=1, keepdims=True) / 7).astype(np.float16)
    safe = np.where(scale == 0, 1, scale).astype(np.float32)
    steps = np.clip(np.round(blocks / safe), -8, 7).astype(np.int16)
    stored = (steps + 8).astype(np.uint8)
    nibbles = stored[:, :16] | (stored[:, 16:] << 4)
    data = b"".join(
        one.tobytes() + row.tobytes() for one, row in zip(scale[:, 0], nibbles, strict=True)
    )
    return data, (steps * scale.astype(np.float32)).reshape(np.shape(values))


def write_weights(seed=7):
    """(the file's bytes, its tensors by name)."""
    random = np.random.default_rng(seed)
    tensors, stored = {}, []
    for name, shape, is_quantised in _tensors():
        values = random.normal(0, 0.5, shape).astype(np.float32)
        if name.endswith("ln.w"):
            values = np.abs(values) + 0.5
        if is_quantised:
            data, values = quantise(values)
        else:
            data = values.tobytes()
        tensors[name] = values
        stored.append((name, is_quantised, values.size, data))
    return _assemble(stored), tensors


def _tensors():
    yield "emb.word", (len(PIECES), HIDDEN), True
    yield "emb.pos", (POSITIONS, HIDDEN), False
    yield "emb.type", (2, HIDDEN), False
    yield from (("emb.ln.w", (HIDDEN,), False), ("emb.ln.b", (HIDDEN,), False))
    for layer in range(LAYERS):
        for name, out, into in (
            ("q", HIDDEN, HIDDEN),
            ("k", HIDDEN, HIDDEN),
            ("v", HIDDEN, HIDDEN),
            ("ao", HIDDEN, HIDDEN),
            ("fi", WIDE, HIDDEN),
            ("fo", HIDDEN, WIDE),
        ):
            yield f"l{layer}.{name}.w", (out, into), True
            yield f"l{layer}.{name}.b", (out,), False
        for name in ("aln", "oln"):
            yield f"l{layer}.{name}.w", (HIDDEN,), False
            yield f"l{layer}.{name}.b", (HIDDEN,), False


def _assemble(stored):
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, WIDE, len(PIECES), POSITIONS, 2, 1e-12, 32
    )
    pieces = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, int(ends[-1])) + ends.tobytes()
    head += np.linspace(-1, -9, len(pieces)).astype("<f4").tobytes() + b"".join(pieces)
    head += struct.pack("<iI", 0, 0)
    directory_bytes = 4 + sum(2 + len(name) + 21 for name, *_ in stored)
    offset = len(head) + directory_bytes
    directory, tail = struct.pack("<i", len(stored)), b""
    for name, is_quantised, size, data in stored:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", int(is_quantised), size, offset, len(data))
        offset += len(data)
        tail += data
    return head + directory + tail
