"""Figures and years as English prints them: measures of several words, number words, eras."""

from __future__ import annotations

import pytest

from rag.language.dates import dates
from rag.language.quantities import quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("25 square miles", 64749702.75, "m²"),
        ("1,500 sq ft", 139.3545, "m²"),
        ("81,000 m2", 81000.0, "m²"),
        ("324 ft", 98.7552, "m"),
        ("50 nautical miles", 92600.0, "m"),
        ("70 miles per hour", 112.65408, "km/h"),
        ("37 pct", 37.0, "%"),
        ("a hundred and twenty men", 120.0, None),
        ("two thousand five hundred men", 2500.0, None),
        ("a quarter of a million people", 250000.0, None),
        ("seven in ten voters", 70.0, "%"),
        ("six-and-a-half hours", 390.0, "min"),
        ("an hour and a half", 90.0, "min"),
        ("12½ years", 6574500.0, "min"),
    ],
)
def test_english_amounts_are_read_with_their_measure(
    text: str, value: float, unit: str | None
) -> None:
    first = quantities(f"They gave {text}.", "en")[0]
    assert first.value == pytest.approx(value)
    assert first.unit == unit


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in the mid-1920s", "1923-01-01", "1926-12-31"),
        ("a nineteenth-century house", "1801-01-01", "1900-12-31"),
        ("in AD 79", "0079-01-01", "0079-12-31"),
        ("the summer of 1969", "1969-06-01", "1969-08-31"),
        ("in the fall of 1990", "1990-09-01", "1990-11-30"),
        ("in the first half of 2020", "2020-01-01", "2020-06-30"),
        ("in mid-July 2019", "2019-07-01", "2019-07-31"),
        ("on the 5th of May, 1990", "1990-05-05", "1990-05-05"),
        ("from 1971 onwards", "1971-01-01", "1971-12-31"),
        ("in 1066", "1066-01-01", "1066-12-31"),
        ("the 1971 elections", "1971-01-01", "1971-12-31"),
    ],
)
def test_english_dates_are_read(text: str, start: str, end: str) -> None:
    found = dates(f"They met {text} there.", "en")
    assert [(each.start, each.end) for each in found] == [(start, end)]


@pytest.mark.parametrize("text", ["1800 soldiers fell.", "the fall of Rome", "in the first half"])
def test_what_is_counted_or_no_season_is_no_english_date(text: str) -> None:
    assert dates(text, "en") == ()
