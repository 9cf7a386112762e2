"""Plans of forward passes: nothing is lost, nothing is padded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.index.pack import plan_packs

COUNTS = st.lists(st.integers(0, 300), max_size=40)
LIMITS = st.tuples(st.integers(3, 64), st.integers(1, 200))


@given(COUNTS, LIMITS)
def test_every_token_of_every_text_is_in_exactly_one_window(counts, limits):
    packs = plan_packs(counts, window_tokens=limits[0], specials=2, pack_tokens=limits[1])
    seen = sorted(
        (window.text, token)
        for pack in packs
        for window in pack.windows
        for token in range(window.first, window.last)
    )
    assert seen == [(text, token) for text, count in enumerate(counts) for token in range(count)]
    assert {window.text for pack in packs for window in pack.windows} == set(range(len(counts)))


@given(COUNTS, LIMITS)
def test_packs_keep_to_their_limits_or_hold_one_window(counts, limits):
    window_tokens, pack_tokens = limits
    packs = plan_packs(counts, window_tokens=window_tokens, specials=2, pack_tokens=pack_tokens)
    for pack in packs:
        assert pack.tokens <= pack_tokens or len(pack.windows) == 1
        assert all(window.content + 2 <= window_tokens for window in pack.windows)


@given(COUNTS, LIMITS)
def test_runs_describe_their_pack_without_a_gap(counts, limits):
    packs = plan_packs(counts, window_tokens=limits[0], specials=2, pack_tokens=limits[1])
    for pack in packs:
        lengths = [run.length for run in pack.runs for _ in range(run.count)]
        assert lengths == [window.content + 2 for window in pack.windows]
        ends = [run.start + run.count * run.length for run in pack.runs]
        assert [run.start for run in pack.runs] == [0, *ends[:-1]]
        assert ends[-1] == pack.tokens
        assert len({run.length for run in pack.runs}) == len(pack.runs)


def test_an_empty_text_still_has_a_window():
    (pack,) = plan_packs([0], window_tokens=512, specials=2, pack_tokens=100)
    assert [(window.content, pack.tokens) for window in pack.windows] == [(0, 2)]
