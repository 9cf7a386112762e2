"""Which articles are copies of one another: MinHash proposes, exact shingles decide.

Copies are kept and linked, never dropped: a wire copy with one changed figure is news. A
signature is a few hundred bytes, so new articles are compared with all known ones cheaply; only
the texts of proposed pairs are read again. New articles find each other by LSH; known ones are
compared signature by signature, which at 100,000 is faster than to build an index of them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from rag.types import Article

PERMUTATIONS = 96
_SHINGLE_WORDS = 3
_WORD = re.compile(r"\w+")
# Candidates are proposed from here on; what counts is decided on the exact shingles.
_CANDIDATE_JACCARD = 0.3
# A copy may be shortened or lengthened by its outlet: this share of the shorter text is enough
# when enough of the longer one is covered, too; of one agency's text a smaller share.
_CONTAINMENT = 0.8
_CONTAINMENT_SAME_AGENCY = 0.6
_MIN_COVERED = 0.4
_MIN_SHINGLES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What must be stored of an article to find its copies later.

    ``origin_id`` is what ``find_copies`` said last, ``None`` before.
    """

    article_id: str
    published_at: str | None
    origin: str | None
    signature: bytes
    origin_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLink:
    """How an article stands to others.

    ``duplicate_of`` is the earliest article it is a copy of, ``None`` for an original;
    ``origin_id`` is equal for an original and all its copies; ``similarity`` is the Jaccard
    similarity with ``duplicate_of`` (1 for an original).
    """

    duplicate_of: str | None
    origin_id: str
    similarity: float


def fingerprint(article: Article) -> Fingerprint:
    """The article's fingerprint; equal texts have equal signatures, on any machine."""
    sketch = _sketch(None)
    sketch.update_batch(sorted(_shingles(article.text)))
    return Fingerprint(
        article_id=article.article_id,
        published_at=article.published_at,
        origin=article.origin,
        signature=np.asarray(sketch.hashvalues, dtype="<u4").tobytes(),
        origin_id=article.origin_id,
    )


def find_copies(
    articles: Sequence[Article],
    *,
    threshold: float = 0.8,
    known: Iterable[Fingerprint] = (),
    read_text: Callable[[str], str] | None = None,
) -> Mapping[str, CopyLink]:
    """Links of the given articles, and of those known ones whose link changes, by id.

    Args:
        articles: New or changed articles.
        threshold: Jaccard similarity from which two texts are copies.
        known: Fingerprints stored earlier; those of given articles are ignored.
        read_text: The cleaned text of a known article by id; needed if there are known ones.
    """
    texts = {article.article_id: article.text for article in articles}
    old = {each.article_id: each for each in known if each.article_id not in texts}
    new = {article.article_id: fingerprint(article) for article in articles}
    prints = {**old, **new}
    shingles: dict[str, frozenset[int]] = {}

    def shingles_of(article_id: str) -> frozenset[int]:
        if article_id not in shingles:
            text = texts.get(article_id)
            if text is None:
                text = read_text(article_id) if read_text else ""
            shingles[article_id] = _shingles(text)
        return shingles[article_id]

    groups = _Groups(prints)
    groups.join_known(old.values())
    for first, second in sorted(_new_pairs(new) | _pairs_with_known(new, old)):
        is_same_agency = _same_agency(prints[first], prints[second])
        if _is_copy(shingles_of(first), shingles_of(second), threshold, is_same_agency):
            groups.join(first, second)
    links: dict[str, CopyLink] = {}
    for article_id, original in groups.originals().items():
        if article_id in old and old[article_id].origin_id == original:
            continue
        is_copy = article_id != original
        links[article_id] = CopyLink(
            duplicate_of=original if is_copy else None,
            origin_id=original,
            similarity=_jaccard(shingles_of(article_id), shingles_of(original)) if is_copy else 1.0,
        )
    return links


def _shingles(text: str) -> frozenset[int]:
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _SHINGLE_WORDS:
        return frozenset({zlib.crc32(" ".join(words).encode())} if words else ())
    return frozenset(
        zlib.crc32(" ".join(words[at : at + _SHINGLE_WORDS]).encode())
        for at in range(len(words) - _SHINGLE_WORDS + 1)
    )


def _sketch(signature: bytes | None) -> MinHash:
    values = None if signature is None else np.frombuffer(signature, dtype="<u4")
    # Shingles are hashed already; the scheme is named so that stored signatures keep their meaning.
    return MinHash(
        num_perm=PERMUTATIONS, seed=1, hashvalues=values, hashfunc=int, scheme="affine32"
    )


def _new_pairs(new: Mapping[str, Fingerprint]) -> set[tuple[str, str]]:
    """Pairs of new articles that may be copies."""
    index = MinHashLSH(threshold=_CANDIDATE_JACCARD, num_perm=PERMUTATIONS)
    pairs: set[tuple[str, str]] = set()
    for article_id, each in new.items():
        sketch = _sketch(each.signature)
        pairs.update(_pair(article_id, other) for other in index.query(sketch))
        index.insert(article_id, sketch)
    return pairs


def _pairs_with_known(
    new: Mapping[str, Fingerprint], old: Mapping[str, Fingerprint]
) -> set[tuple[str, str]]:
    """Pairs of a new and a known article that may be copies."""
    if not new or not old:
        return set()
    ids = list(old)
    matrix = np.stack([_values(old[article_id].signature) for article_id in ids])
    pairs: set[tuple[str, str]] = set()
    for article_id, each in new.items():
        share = (matrix == _values(each.signature)).mean(axis=1)
        near = np.flatnonzero(share >= _CANDIDATE_JACCARD)
        pairs.update(_pair(article_id, ids[at]) for at in near)
    return pairs


def _values(signature: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(signature, dtype="<u4")


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def _same_agency(first: Fingerprint, second: Fingerprint) -> bool:
    return first.origin is not None and first.origin == second.origin


def _jaccard(first: frozenset[int], second: frozenset[int]) -> float:
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def _is_copy(
    first: frozenset[int], second: frozenset[int], threshold: float, is_same_agency: bool
) -> bool:
    """Whether one text is a copy of the other, whole, shortened or lengthened."""
    shorter, longer = sorted((len(first), len(second)))
    if not shorter:
        return False
    if _jaccard(first, second) >= threshold:
        return True
    shared = len(first & second)
    needed = _CONTAINMENT_SAME_AGENCY if is_same_agency else _CONTAINMENT
    is_contained = shared >= needed * shorter and shared >= _MIN_COVERED * longer
    return is_contained and shorter >= _MIN_SHINGLES


class _Groups:
    """Articles joined into groups of copies; the earliest of a group is its original."""

    def __init__(self, prints: Mapping[str, Fingerprint]) -> None:
        self._prints = prints
        self._parent = {article_id: article_id for article_id in prints}

    def join(self, first: str, second: str) -> None:
        self._parent[self._root(first)] = self._root(second)

    def join_known(self, prints: Iterable[Fingerprint]) -> None:
        """Put together what was found to be of one origin before."""
        first_of: dict[str, str] = {}
        for each in prints:
            if each.origin_id is not None:
                self.join(each.article_id, first_of.setdefault(each.origin_id, each.article_id))

    def originals(self) -> dict[str, str]:
        """The id of each article's original, its own if it is one."""
        groups: dict[str, list[str]] = {}
        for article_id in self._prints:
            groups.setdefault(self._root(article_id), []).append(article_id)
        return {
            member: original
            for members in groups.values()
            for original in [min(members, key=self._age)]
            for member in members
        }

    def _root(self, article_id: str) -> str:
        while self._parent[article_id] != article_id:
            self._parent[article_id] = self._parent[self._parent[article_id]]
            article_id = self._parent[article_id]
        return article_id

    def _age(self, article_id: str) -> tuple[str, str]:
        # Without a date nothing says that an article came first.
        return (self._prints[article_id].published_at or "9999", article_id)
