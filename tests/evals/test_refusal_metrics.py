"""Refusing, worked by hand."""

from __future__ import annotations

import pytest

from evals.metrics.refusals import false_refusal, refusal_precision, refusal_recall, status_right
from evals.metrics.tally import UNSCORED, Tally, mean, ratio, share

NO = "not_in_sources"


@pytest.mark.parametrize(
    ("expected", "given", "precision", "recall", "false", "status"),
    [
        (NO, NO, Tally(1, 1), Tally(1, 1), UNSCORED, Tally(1, 1)),
        (NO, "answered", UNSCORED, Tally(0, 1), UNSCORED, Tally(0, 1)),
        ("answered", NO, Tally(0, 1), UNSCORED, Tally(1, 1), Tally(0, 1)),
        ("answered", "answered", UNSCORED, UNSCORED, Tally(0, 1), Tally(1, 1)),
        ("partial", "answered", UNSCORED, UNSCORED, Tally(0, 1), Tally(0, 1)),
        ("partial", NO, Tally(0, 1), UNSCORED, Tally(1, 1), Tally(0, 1)),
    ],
)
def test_each_outcome_counts_where_it_belongs(expected, given, precision, recall, false, status):
    assert refusal_precision(expected, given) == precision
    assert refusal_recall(expected, given) == recall
    assert false_refusal(expected, given) == false
    assert status_right(expected, given) == status


def test_over_many_cases_they_add_up():
    pairs = [(NO, NO), (NO, "answered"), ("answered", NO), ("answered", "answered")]
    assert ratio(refusal_precision(*pair) for pair in pairs) == 0.5
    assert ratio(refusal_recall(*pair) for pair in pairs) == 0.5
    assert ratio(false_refusal(*pair) for pair in pairs) == 0.5
    assert ratio(status_right(*pair) for pair in pairs) == 0.5


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [
        ([Tally(1, 2), Tally(0, 2)], 0.25),
        ([UNSCORED, Tally(1, 1)], 1.0),
        ([UNSCORED], None),
        ([], None),
        ([mean(0.5), mean(None), mean(1.0)], 0.75),
        ([share([True, False, False, False]), share([])], 0.25),
    ],
)
def test_what_is_unscored_is_left_out_and_not_a_zero(tallies, expected):
    assert ratio(tallies) == expected
