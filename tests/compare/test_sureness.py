from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.compare.sureness import days_apart, keep_sure, sureness
from rag.types import Comparison, Disagreement, Position, PositionClaim


def found(strength: float, status: str = "conflict") -> Disagreement:
    return Disagreement(
        aspect="Zahl",
        kind="number",
        status=status,
        positions=(),
        explanation="",
        strength=strength,
    )


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 500))
def test_a_stronger_conflict_is_never_less_sure(one, other, pairs):
    weaker, stronger = sorted((one, other))
    assert sureness(found(weaker), pairs) <= sureness(found(stronger), pairs)


@given(st.floats(0, 1), st.integers(0, 500), st.integers(0, 500))
def test_more_pairs_make_the_same_conflict_less_sure(strength, one, other):
    fewer, more = sorted((one, other))
    assert sureness(found(strength), more) <= sureness(found(strength), fewer)


def test_a_weak_conflict_among_many_pairs_is_left_out_and_counted():
    comparison = Comparison(
        disagreements=(found(0.99), found(0.3)), pairs_compared=40, pairs_not_compared=20
    )
    assert keep_sure(comparison).disagreements != comparison.disagreements
    assert (
        "1 possible"
        in keep_sure(
            Comparison(disagreements=(found(0.3),), pairs_compared=40, pairs_not_compared=20)
        ).notes[0]
    )


def test_the_same_conflict_between_two_articles_is_kept():
    comparison = Comparison(disagreements=(found(0.9),), pairs_compared=1, pairs_not_compared=0)
    assert keep_sure(comparison) is comparison


def test_what_is_explained_away_is_never_left_out():
    comparison = Comparison(
        disagreements=(found(0.01, "update"),), pairs_compared=99, pairs_not_compared=0
    )
    assert keep_sure(comparison).disagreements == comparison.disagreements


def test_english_questions_have_a_model_of_their_own():
    weak = Comparison(disagreements=(found(0.45),), pairs_compared=1, pairs_not_compared=0)
    assert keep_sure(weak, "en") is weak
    many = Comparison(disagreements=(found(0.45),), pairs_compared=40, pairs_not_compared=0)
    assert keep_sure(many, "en").disagreements == ()


def test_what_is_reported_days_later_is_less_sure_to_contradict():
    def told_on(*days: str) -> Disagreement:
        positions = tuple(
            Position(
                value=str(number),
                claims=(
                    PositionClaim(
                        article_id=f"a{number}",
                        source=None,
                        published_at=day,
                        quote=str(number),
                        start_char=0,
                        end_char=1,
                    ),
                ),
            )
            for number, day in enumerate(days)
        )
        return replace(found(0.9), positions=positions)

    one_day = told_on("2025-05-20", "2025-05-20")
    assert days_apart(one_day) == 0.0
    assert sureness(told_on("2025-05-20", "2025-05-27"), 1) < sureness(one_day, 1)
    assert days_apart(told_on("2025-05-20", "")) == 0.0
