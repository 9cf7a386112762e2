"""Ranking metrics, worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.retrieval import distinct, ndcg_at, recall_at, reciprocal_rank

LOG3 = math.log2(3)


@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "expected"),
    [
        (["a", "b", "c"], {"a"}, 1, 1.0),
        (["a", "b", "c"], {"c"}, 2, 0.0),
        (["a", "b", "c"], {"a", "c"}, 2, 0.5),
        (["a", "a", "b"], {"b"}, 2, 1.0),  # a repeated id takes one place
        (["a"], {"a", "b", "c"}, 10, 1 / 3),
        ([], {"a"}, 5, 0.0),
        (["a"], set(), 5, None),  # nothing wanted, nothing to score
        (["a"], {"a"}, 0, 0.0),
    ],
)
def test_recall_is_the_share_of_relevant_ids_in_the_first_k(ranked, relevant, k, expected):
    assert recall_at(ranked, relevant, k) == expected


@pytest.mark.parametrize(
    ("ranked", "relevant", "expected"),
    [
        (["a", "b"], {"a"}, 1.0),
        (["a", "b"], {"b"}, 0.5),
        (["a", "b", "c", "d"], {"c", "d"}, 1 / 3),
        (["a", "a", "a", "b"], {"b"}, 0.5),
        (["a", "b"], {"z"}, 0.0),
        ([], {"z"}, 0.0),
        (["a"], [], None),
    ],
)
def test_reciprocal_rank_is_that_of_the_first_relevant_id(ranked, relevant, expected):
    assert reciprocal_rank(ranked, relevant) == expected


@pytest.mark.parametrize(
    ("ranked", "relevant", "k", "expected"),
    [
        (["a", "b"], {"a"}, 10, 1.0),
        (["a", "b"], {"b"}, 10, 1 / LOG3),
        (["a", "b"], {"a", "b"}, 10, 1.0),
        (["x", "a", "b"], {"a", "b"}, 10, (1 / LOG3 + 1 / 2) / (1 + 1 / LOG3)),
        (["a", "b", "c"], {"c"}, 2, 0.0),
        (["a"], {"a", "b", "c"}, 1, 1.0),  # no better order fits into one place
        ([], {"a"}, 10, 0.0),
        (["a"], set(), 10, None),
    ],
)
def test_ndcg_compares_with_the_best_order(ranked, relevant, k, expected):
    assert ndcg_at(ranked, relevant, k) == pytest.approx(expected)


@given(st.lists(st.sampled_from("abcdef"), max_size=12), st.sets(st.sampled_from("abcdef")))
def test_all_lie_between_0_and_1_and_agree_on_the_first_place(ranked, relevant):
    figures = [
        recall_at(ranked, relevant, 5),
        reciprocal_rank(ranked, relevant),
        ndcg_at(ranked, relevant, 5),
    ]
    if not relevant:
        assert figures == [None, None, None]
        return
    assert all(0 <= figure <= 1 + 1e-12 for figure in figures)
    is_first = bool(ranked) and ranked[0] in relevant
    assert (reciprocal_rank(ranked, relevant) == 1.0) == is_first
    assert len(distinct(ranked)) == len(set(ranked))
