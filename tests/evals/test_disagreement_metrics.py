"""Disagreements found against those expected, worked by hand."""

from __future__ import annotations

import pytest

from evals.metrics.disagreements import (
    Found,
    FoundPosition,
    Wanted,
    WantedSide,
    judge,
    meets,
)
from evals.metrics.tally import UNSCORED, Tally


def found(*texts: str, status: str = "conflict", articles: tuple[str, ...] = ("a", "b")) -> Found:
    positions = tuple(
        FoundPosition(text, frozenset({article}))
        for text, article in zip(texts, articles, strict=False)
    )
    return Found("number", status, positions)


def wanted(one: str, other: str, status: str = "conflict") -> Wanted:
    sides = (WantedSide(one, frozenset({"a"})), WantedSide(other, frozenset({"b"})))
    return Wanted("number", status, sides)


TOLL = wanted(r"\b12\b", r"\b15\b")
PLACE = wanted("Grünau", "Aulund")
RIGHT = found("12 Tote", "15 Tote")
FALSE = found("3 Autos", "4 Autos")


@pytest.mark.parametrize(
    ("shown", "expected", "is_met"),
    [
        (RIGHT, TOLL, True),
        (found("15 Tote", "12 Tote"), TOLL, True),  # the order of sides is free
        (found("12 oder 15 Tote"), TOLL, False),  # one position cannot be two sides
        (found("12 oder 15 Tote", "viele"), TOLL, False),
        (found("12 Tote", "13 Tote"), TOLL, False),
        (found(), TOLL, False),
        (found("in grünau", "in AULUND"), PLACE, True),
    ],
)
def test_two_different_positions_must_match_two_different_sides(shown, expected, is_met):
    assert meets(shown, expected) is is_met


def test_sides_can_be_held_to_their_articles():
    assert meets(RIGHT, TOLL, by_article=True)
    assert not meets(found("12 Tote", "15 Tote", articles=("x", "b")), TOLL, by_article=True)


def test_any_two_of_three_sides_are_enough():
    three = Wanted("number", "conflict", (*TOLL.sides, WantedSide("20", frozenset({"c"}))))
    assert meets(found("15 Tote", "20 Tote"), three)


CASES = [
    # shown, expected: precision, recall, F1
    ([RIGHT], [TOLL], (Tally(1, 1), Tally(1, 1), Tally(2, 2))),
    ([RIGHT, FALSE], [TOLL], (Tally(1, 2), Tally(1, 1), Tally(2, 3))),
    ([FALSE], [TOLL], (Tally(0, 1), Tally(0, 1), Tally(0, 2))),
    ([], [TOLL], (UNSCORED, Tally(0, 1), Tally(0, 1))),
    ([RIGHT], [TOLL, PLACE], (Tally(1, 1), Tally(1, 2), Tally(2, 3))),
    ([RIGHT, RIGHT], [TOLL], (Tally(1, 1), Tally(1, 1), Tally(2, 2))),  # said twice, right once
    ([], [], (UNSCORED, UNSCORED, UNSCORED)),
    ([FALSE], [], (Tally(0, 1), UNSCORED, Tally(0, 1))),
]


@pytest.mark.parametrize(("shown", "expected", "figures"), CASES)
def test_precision_recall_and_f1(shown, expected, figures):
    outcome = judge(shown, expected)
    assert (outcome.precision, outcome.recall, outcome.f1) == figures


@pytest.mark.parametrize(
    ("shown", "may_flag", "expected"),
    [
        ([FALSE], False, Tally(1, 1)),
        ([], False, Tally(0, 1)),
        ([found("3", "4", status="update")], False, Tally(0, 1)),  # explained is no alarm
        ([FALSE, FALSE], False, Tally(1, 1)),  # a case alarms once
        ([FALSE], True, UNSCORED),
        ([], True, UNSCORED),
    ],
)
def test_a_false_alarm_is_a_hard_negative_with_a_contradiction_flagged(shown, may_flag, expected):
    assert judge(shown, [], may_flag=may_flag).false_alarm == expected


def test_a_true_conflict_beside_the_question_is_neither_right_nor_false():
    outcome = judge([RIGHT], [], known=[TOLL])
    assert outcome.precision == UNSCORED
    assert outcome.elsewhere == (RIGHT,)
    assert judge([RIGHT], [], known=[TOLL], may_flag=False).false_alarm == Tally(1, 1)


def test_an_explained_conflict_does_not_count_as_flagged():
    assert judge([found("12", "15", status="scope")], [TOLL]).recall == Tally(0, 1)


def test_loaded_wording_may_be_shown_as_framing():
    framing = wanted("Machthaber", "Staatschef", status="framing")
    shown = found("Machthaber", "Staatschef", status="framing")
    assert judge([shown], [framing]).recall == Tally(1, 1)


def test_expected_updates_need_not_be_shown():
    update = wanted("12", "15", status="update")
    assert judge([], [update]).recall == UNSCORED
