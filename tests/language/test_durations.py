from __future__ import annotations

import pytest

from rag.language.durations import durations, total_duration
from rag.language.quantities import compatible


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Sie sprachen sechs Stunden lang.", [360]),
        ("Das dauerte anderthalb Stunden.", [90]),
        ("Das dauerte eine halbe Stunde.", [30]),
        ("Vor zwei Jahren dauerte es zwölf Minuten.", [12]),
        ("Die 17 Jahre alte Schülerin lief drei Tage.", [4320]),
    ],
)
def test_only_lengths_of_time_are_durations(text: str, minutes: list[float]) -> None:
    assert [part.value for part in durations(text, "de")] == minutes


def test_an_added_hour_agrees_with_the_whole() -> None:
    parts = durations("Erst anderthalb Stunden mit allen, danach weitere eine Stunde allein.", "de")
    (whole,) = durations("Das Treffen dauerte über zwei Stunden.", "de")
    total = total_duration(parts)
    assert total is not None
    assert total.value == 150
    assert compatible(total, whole) == "compatible"


def test_without_an_addition_nothing_is_summed() -> None:
    assert total_duration(durations("Er lief zwei Stunden, sie drei Stunden.", "de")) is None
