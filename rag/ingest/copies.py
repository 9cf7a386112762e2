"""Which articles are copies of one another: MinHash proposes, shingles decide.

Copies are kept and linked, never dropped: a wire copy with one changed figure is news. All that
is needed of an article is its signature, so links are made anew from stored signatures after each
ingestion: candidates come from banding done in numpy (1 s for 100,000 signatures, where
datasketch's LSH index takes 20 s), their similarity from the shingles within the signatures.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from rag.types import Article

_Numbers = NDArray[np.uint32]

_PERMUTATIONS = 96
# Bands of 3: texts half alike become candidates in 99 of 100 cases, a tenth alike in 3.
_BAND = 3
_SHINGLE_WORDS = 3
# Longer texts are sampled (shingles whose number is divisible by 2, 4, …), so a signature stays
# below 5 KB; up to about 1,000 words the comparison is exact.
_MAX_SHINGLES = 1024
# A copy may be cut, lengthened or edited by its outlet: a share of the shorter text is enough when
# enough of the longer one is covered, too. Articles written independently about one event share at
# most a fifth of their shingles (144 clusters), edited copies more than a half. How far below 1
# each share may be, in distances of the Jaccard threshold from 1: at 0.8 that is 0.56 of the
# shorter text, 0.46 if both are one agency's, and 0.4 of the longer.
_SHORTER_SLACK = 2.2
_SHORTER_SLACK_SAME_AGENCY = 2.7
_LONGER_SLACK = 3.0
_LEAST_SHARE = 0.3
_MIN_SHINGLES = 15
_MANY = 30
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLink:
    """How an article stands to others.

    ``duplicate_of`` is the earliest article it is a copy of, ``None`` for an original;
    ``origin_id`` is equal for an original and all its copies; ``similarity`` is the Jaccard
    similarity with the original (1 for an original).
    """

    duplicate_of: str | None
    origin_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class _Signed:
    """A signature, read."""

    published_at: str
    origin: str | None
    scale: int
    sketch: _Numbers
    shingles: _Numbers


def signature(text: str, *, published_at: str | None = None, origin: str | None = None) -> bytes:
    """What must be stored of an article to find its copies; equal on any machine.

    Args:
        text: The cleaned text.
        published_at: ISO date; the earliest of a group of copies is its original.
        origin: The agencies it is from; copies of one agency's text may differ more.
    """
    shingles = _shingles(text)
    sketch = MinHash(
        num_perm=_PERMUTATIONS,
        seed=1,
        # Shingles are numbers already; the scheme is named so that stored sketches keep meaning.
        hashfunc=int,
        scheme="affine32",
        permutations=_permutations(),
    )
    sketch.update_batch(shingles.tolist())
    scale = 1
    while len(shingles) > _MAX_SHINGLES:
        scale *= 2
        shingles = shingles[shingles % scale == 0]
    head = json.dumps([published_at or "", origin, scale]).encode()
    values = np.asarray(sketch.hashvalues, dtype="<u4")
    return b"%d:" % len(head) + head + values.tobytes() + shingles.astype("<u4").tobytes()


def find_copies(articles: Sequence[Article], *, threshold: float = 0.8) -> Mapping[str, CopyLink]:
    """The link of each article, by id."""
    signatures = {
        each.article_id: signature(each.text, published_at=each.published_at, origin=each.origin)
        for each in articles
    }
    return link_copies(signatures, threshold=threshold)


def link_copies(
    signatures: Mapping[str, bytes], *, threshold: float = 0.8
) -> Mapping[str, CopyLink]:
    """The link of each article, by id.

    Args:
        signatures: What ``signature`` gave for all articles, by id.
        threshold: Jaccard similarity from which two texts are copies; those that an outlet cut or
            edited may be less alike, in proportion.
    """
    ids = sorted(signatures)
    signed = [_read(signatures[article_id]) for article_id in ids]
    parent = list(range(len(ids)))
    for first, second in _candidates(signed):
        one, other = _root(parent, first), _root(parent, second)
        if one != other and _is_copy(signed[first], signed[second], threshold):
            parent[one] = other
    groups: dict[int, list[int]] = {}
    for at in range(len(ids)):
        groups.setdefault(_root(parent, at), []).append(at)
    return {
        ids[member]: _link(member, original, ids, signed)
        for members in groups.values()
        # Without a date nothing says that an article came first.
        for original in [min(members, key=lambda at: (signed[at].published_at or "9", ids[at]))]
        for member in members
    }


def _link(member: int, original: int, ids: Sequence[str], signed: Sequence[_Signed]) -> CopyLink:
    if member == original:
        return CopyLink(duplicate_of=None, origin_id=ids[original], similarity=1.0)
    shared, one, other = _overlap(signed[member], signed[original])
    return CopyLink(
        duplicate_of=ids[original],
        origin_id=ids[original],
        similarity=shared / max(1, one + other - shared),
    )


@cache
def _permutations() -> NDArray[np.uint64]:
    permutations: NDArray[np.uint64] = MinHash(
        num_perm=_PERMUTATIONS, seed=1, scheme="affine32"
    ).permutations
    return permutations


def _shingles(text: str) -> _Numbers:
    words = [word.lower() for word in _WORD.findall(text)]
    count = max(1, len(words) - _SHINGLE_WORDS + 1) if words else 0
    numbers = {
        zlib.crc32(" ".join(words[at : at + _SHINGLE_WORDS]).encode("utf-8", "replace"))
        for at in range(count)
    }
    return np.array(sorted(numbers), dtype=np.uint32)


def _read(stored: bytes) -> _Signed:
    # The numbers are looked at where they lie: of a large store they are hundreds of megabytes.
    start = stored.index(b":") + 1
    end = start + int(stored[: start - 1])
    published_at, origin, scale = json.loads(stored[start:end])
    numbers = np.frombuffer(stored, dtype="<u4", offset=end)
    return _Signed(published_at, origin, scale, numbers[:_PERMUTATIONS], numbers[_PERMUTATIONS:])


def _candidates(signed: Sequence[_Signed]) -> Iterator[tuple[int, int]]:
    """Pairs that share a band of their sketches."""
    filled = [at for at, each in enumerate(signed) if len(each.shingles)]
    if len(filled) < 2:
        return
    matrix = np.stack([signed[at].sketch for at in filled])
    seen: set[tuple[int, int]] = set()
    for start in range(0, _PERMUTATIONS, _BAND):
        band = matrix[:, start : start + _BAND]
        order = np.lexsort(band.T)
        ordered = band[order]
        is_first = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
        bounds = np.append(np.flatnonzero(is_first), len(order))
        for place in np.flatnonzero(np.diff(bounds) > 1):
            bucket = order[bounds[place] : bounds[place + 1]]
            seen.update(_pairs([filled[at] for at in sorted(bucket.tolist())]))
    yield from sorted(seen)


def _pairs(bucket: Sequence[int]) -> Iterator[tuple[int, int]]:
    if len(bucket) <= _MANY:
        for at, first in enumerate(bucket):
            yield from ((first, second) for second in bucket[at + 1 :])
        return
    # In a large bucket all are alike: a star and a chain connect them without a million pairs.
    yield from ((bucket[0], second) for second in bucket[1:])
    yield from pairwise(bucket)


def _overlap(first: _Signed, second: _Signed) -> tuple[int, int, int]:
    """How many shingles two texts share, and how many each has, at their common scale."""
    scale = max(first.scale, second.scale)
    one = first.shingles if first.scale == scale else first.shingles[first.shingles % scale == 0]
    other = (
        second.shingles if second.scale == scale else second.shingles[second.shingles % scale == 0]
    )
    return len(np.intersect1d(one, other, assume_unique=True)), len(one), len(other)


def _is_copy(first: _Signed, second: _Signed, threshold: float) -> bool:
    """Whether one text is a copy of the other, whole, shortened or lengthened."""
    shared, one, other = _overlap(first, second)
    shorter, longer = sorted((one, other))
    if not shared:
        return False
    if shared >= threshold * (one + other - shared):
        return True
    is_same_agency = first.origin is not None and first.origin == second.origin
    slack = _SHORTER_SLACK_SAME_AGENCY if is_same_agency else _SHORTER_SLACK
    is_contained = shared >= _share(threshold, slack) * shorter
    is_covered = shared >= _share(threshold, _LONGER_SLACK) * longer
    return is_contained and is_covered and shorter >= _MIN_SHINGLES


def _share(threshold: float, slack: float) -> float:
    return max(_LEAST_SHARE, 1 - slack * (1 - threshold))


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at
