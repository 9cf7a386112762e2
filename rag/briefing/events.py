"""The main events of a whole store: articles close in content and time, heard from several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.briefing.gather import published_day
from rag.protocols import FloatArray
from rag.types import Article

if TYPE_CHECKING:
    from rag.index.store import Store

_ALIKE = 0.55
"""Cosine of two articles' mean vectors, the mean of the store taken out."""
_DAYS_APART = 14
_LOADED = 200


@dataclass(frozen=True, slots=True)
class Event:
    """Articles that report one event, the most typical title, and their mean vector."""

    title: str
    articles: tuple[Article, ...]
    centre: FloatArray


def main_events(store: Store, articles: Sequence[Article], count: int) -> tuple[Event, ...]:
    """The events most independent origins report, the widest reported first."""
    if not articles:
        return ()
    means = _means(store, articles)
    centred = _centred(means)
    groups = _groups(articles, centred)
    events = [_event([articles[i] for i in group], means[group]) for group in groups]
    # Where nobody shares an event, those most like the others in matter are the main ones.
    typical = [float((centred[group] @ centred.T).clip(min=0.0).mean()) for group in groups]
    ranked = sorted(
        zip(events, typical, strict=True),
        key=lambda each: (-_origins(each[0]), -len(each[0].articles), -each[1], each[0].title),
    )
    events = [event for event, _ in ranked]
    shared = [each for each in events if _origins(each) > 1]
    return tuple((shared or events)[:count])


def _means(store: Store, articles: Sequence[Article]) -> FloatArray:
    """The mean vector of each article's chunks."""
    rows: dict[str, list[FloatArray]] = {each.article_id: [] for each in articles}
    ids = [chunk.chunk_id for each in articles for chunk in store.chunks_of(each.article_id)]
    for start in range(0, len(ids), _LOADED):
        for stored in store.load(ids[start : start + _LOADED]):
            rows[stored.article.article_id].append(np.asarray(stored.vector, dtype=np.float32))
    dimension = next(len(found[0]) for found in rows.values() if found)
    return np.array(
        [np.mean(found, axis=0) if found else np.zeros(dimension) for found in rows.values()],
        dtype=np.float32,
    )


def _centred(means: FloatArray) -> FloatArray:
    centred = means - means.mean(axis=0) if len(means) > 2 else means
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    result: FloatArray = centred / np.maximum(lengths, 1e-6)
    return result


def _groups(articles: Sequence[Article], vectors: FloatArray) -> list[list[int]]:
    """Articles around the one with most neighbours, then around the next; each in one group."""
    alike = vectors @ vectors.T >= _ALIKE
    days = [published_day(each) for each in articles]
    known = np.array([day.toordinal() if day else np.nan for day in days])
    apart = np.abs(known[:, None] - known[None, :])
    alike &= ~(apart > _DAYS_APART)
    free = np.ones(len(articles), dtype=bool)
    groups = []
    while free.any():
        sizes = (alike & free[None, :]).sum(axis=1) * free
        centre = int(sizes.argmax())
        group = np.nonzero(alike[centre] & free)[0].tolist() or [centre]
        free[group] = False
        free[centre] = False
        groups.append(group)
    return groups


def _event(articles: list[Article], means: FloatArray) -> Event:
    centre = means.mean(axis=0)
    order = np.argsort(-(means @ centre), kind="stable").tolist()
    titled = [articles[i].title for i in order if articles[i].title]
    title = titled[0] if titled else articles[order[0]].outlet
    return Event(str(title), tuple(articles), centre / max(float(np.linalg.norm(centre)), 1e-6))


def _origins(event: Event) -> int:
    return len({each.origin_id or each.article_id for each in event.articles})
