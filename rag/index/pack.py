"""Plans the forward passes: texts of any length → packs of whole windows, without padding.

A window is what the model sees at once. The windows of a pack lie end to end; sorted by length,
so that neighbours of equal length share one attention call and nothing is ever padded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The tokens ``[first, last)`` of text number ``text`` (special tokens not counted)."""

    text: int
    first: int
    last: int

    @property
    def content(self) -> int:
        """How many tokens of the text it holds."""
        return self.last - self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """``count`` neighbouring windows of equal ``length``, special tokens included."""

    start: int
    count: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The windows of one forward pass, and their runs of equal length."""

    windows: tuple[Window, ...]
    runs: tuple[Run, ...]
    tokens: int


def plan_packs(
    token_counts: Sequence[int], *, window_tokens: int, specials: int, pack_tokens: int
) -> tuple[Pack, ...]:
    """Every token of every text in exactly one window; longest first, so memory peaks early.

    ``window_tokens`` is the model's limit with its ``specials`` special tokens; a longer text
    becomes several windows. A pack holds up to ``pack_tokens``, and one window at least.
    """
    room = window_tokens - specials
    windows = [
        Window(text=text, first=first, last=min(first + room, count))
        for text, count in enumerate(token_counts)
        for first in range(0, max(count, 1), room)
    ]
    windows.sort(key=lambda window: -window.content)
    return tuple(_fill(windows, specials, pack_tokens))


def _fill(windows: Sequence[Window], specials: int, pack_tokens: int) -> Iterator[Pack]:
    held: list[Window] = []
    tokens = 0
    for window in windows:
        length = window.content + specials
        if held and tokens + length > pack_tokens:
            yield _pack(held, specials, tokens)
            held, tokens = [], 0
        held.append(window)
        tokens += length
    if held:
        yield _pack(held, specials, tokens)


def _pack(windows: Sequence[Window], specials: int, tokens: int) -> Pack:
    runs = []
    start = 0
    for content, same in groupby(windows, key=lambda window: window.content):
        run = Run(start=start, count=len(list(same)), length=content + specials)
        runs.append(run)
        start += run.count * run.length
    return Pack(windows=tuple(windows), runs=tuple(runs), tokens=tokens)
