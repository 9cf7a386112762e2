"""Intervals and verdicts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.tally import UNSCORED, Tally, mean
from evals.uncertainty import compare, estimate


def outcomes(*values: float) -> list[Tally]:
    return [mean(value) for value in values]


@pytest.mark.parametrize(
    ("tallies", "value", "n"),
    [
        (outcomes(1, 0, 1, 0), 0.5, 4),
        (outcomes(1), 1.0, 1),
        ([Tally(1, 2), Tally(3, 3)], 0.8, 2),
        ([UNSCORED, *outcomes(1, 1)], 1.0, 2),
        ([UNSCORED], None, 0),
        ([], None, 0),
    ],
)
def test_an_estimate_is_the_ratio_of_what_was_scored(tallies, value, n):
    found = estimate(tallies)
    assert (found.value, found.n) == (value, n)


def test_the_interval_of_a_coin_is_that_of_the_binomial():
    found = estimate(outcomes(*([1, 0] * 50)))
    assert found.low == pytest.approx(0.40, abs=0.02)
    assert found.high == pytest.approx(0.60, abs=0.02)


def test_equal_cases_leave_no_doubt():
    found = estimate(outcomes(1, 1, 1))
    assert (found.low, found.high) == (1.0, 1.0)


@pytest.mark.parametrize(("statistic", "value"), [("p50", 2.0), ("p95", 4.0)])
def test_percentiles_have_intervals_too(statistic, value):
    found = estimate(outcomes(1, 2, 3, 4), statistic=statistic)
    assert found.value == value
    assert found.low <= value <= found.high


def test_the_same_seed_gives_the_same_interval_and_another_does_not():
    tallies = outcomes(*(place * place for place in range(20)))
    assert estimate(tallies, seed=3) == estimate(tallies, seed=3)
    draws = {(estimate(tallies, seed=s).low, estimate(tallies, seed=s).high) for s in range(8)}
    assert len(draws) > 1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_interval_lies_within_what_was_seen(values):
    found = estimate(outcomes(*values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def named(values: list[float]) -> dict[str, Tally]:
    return {f"q{place}": mean(value) for place, value in enumerate(values)}


@pytest.mark.parametrize(
    ("ours", "theirs", "higher_is_better", "verdict"),
    [
        ([1] * 30, [0] * 30, True, "better"),
        ([0] * 30, [1] * 30, True, "worse"),
        ([1] * 30, [0] * 30, False, "worse"),
        ([1, 0] * 15, [1, 0] * 15, True, "no difference shown"),
        ([1] * 30, [1] * 28 + [0] * 2, True, "no difference shown"),  # two of thirty is noise
        ([1] * 30, [1] * 20 + [0] * 10, True, "better"),
        ([1] * 4, [0] * 4, True, "no difference shown"),  # four cases prove nothing
    ],
)
def test_a_verdict_needs_an_interval_without_zero(ours, theirs, higher_is_better, verdict):
    found = compare(named(ours), named(theirs), higher_is_better=higher_is_better)
    assert found.verdict == verdict


def test_pairing_sees_what_unpaired_intervals_hide():
    hard = [0.1 * (place % 10) for place in range(40)]
    ours, theirs = named([value + 0.05 for value in hard]), named(hard)
    assert compare(ours, theirs, higher_is_better=True).verdict == "better"
    alone = estimate(list(ours.values())), estimate(list(theirs.values()))
    assert alone[0].low < alone[1].high


def test_only_cases_that_both_ran_are_compared():
    found = compare(
        {"a": mean(1), "b": mean(1)}, {"a": mean(1), "c": mean(0)}, higher_is_better=True
    )
    assert (found.n, found.value) == (1, 0.0)


def test_nothing_in_common_is_not_comparable():
    found = compare({"a": mean(1)}, {"b": mean(1)}, higher_is_better=True)
    assert (found.value, found.verdict) == (None, "not comparable")
    silent = compare({"a": UNSCORED}, {"a": mean(1)}, higher_is_better=True)
    assert silent.verdict == "not comparable"
