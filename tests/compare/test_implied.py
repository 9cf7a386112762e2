from __future__ import annotations

import re

import pytest

from rag.compare.counted import amount_rules, counted_alike, tells_stock, watches_not
from rag.compare.implied import UNTIL, implied_figures
from tests.compare.reading import frame

HOUR, DAY, YEAR = 60, 1440, 525960


def test_every_implied_amount_has_a_pattern_and_bounds_in_order():
    rules = amount_rules()
    for pattern, low, high in rules["vague_lengths"]["phrases"]:
        assert re.compile(pattern) and 0 < low < high
    for _, low, high in rules["vague_lengths"]["quantifiers"]:
        assert 0 < low < high
    for pattern, low, high, counted in rules["implied_counts"]:
        assert re.compile(pattern) and 0 <= low <= high and counted.islower()


def test_every_group_of_counted_things_has_two_names():
    assert all(len(set(group)) > 1 for group in amount_rules()["counted_alike"])


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("Tagelang war der Strom weg.", 1.5 * DAY, 15 * DAY),
        ("Der Strom war mehrere Stunden weg.", 2 * HOUR, 15 * HOUR),
        ("Von 18 bis 23 Uhr war der Strom weg.", 4.6 * HOUR, 5.4 * HOUR),
        ("Von 1985 bis 2020 war der Strom weg.", 34 * YEAR, 36 * YEAR),
    ],
)
def test_a_length_of_time_is_read_without_a_number_for_it(sentence: str, low: float, high: float):
    found = implied_figures(sentence, frame("Wie lange war der Strom weg?"), "2025-05-04")
    assert found and low <= found[0].quantity.low <= found[0].quantity.high <= high


def test_an_end_is_a_length_only_of_what_is_to_come():
    sentence = "Bis Ende Mai ist die Brücke gesperrt."
    to_come = implied_figures(
        sentence, frame("Wie lange bleibt die Brücke gesperrt?"), "2025-05-04"
    )
    assert [figure.quantity.dimension for figure in to_come] == [UNTIL]
    assert not implied_figures(sentence, frame("Wie lange war die Brücke gesperrt?"), "2025-05-04")


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("Wie viele Menschen starben?", "Ein Ehepaar starb.", 2),
        ("Wie viele Häuser brannten ab?", "Kein einziges Haus brannte ab.", 0),
        ("Wie viele Häuser brannten ab?", "Nur ein Haus brannte ab.", 1),
        ("Wie viele Stellen fallen weg?", "Jede dritte der 900 Stellen fällt weg.", 300),
        ("Wie alt wurde der Maler?", "Er starb kurz vor seinem 80. Geburtstag.", 79),
    ],
)
def test_a_count_is_read_without_a_number_for_it(question: str, sentence: str, value: float):
    found = implied_figures(sentence, frame(question), None)
    assert found and found[0].quantity.low <= value <= found[0].quantity.high


def test_a_couple_is_no_count_of_things():
    assert not implied_figures("Ein Ehepaar sah zu.", frame("Wie viele Häuser brannten ab?"), None)


def test_things_are_counted_under_many_names():
    assert counted_alike("glimmstangel") & counted_alike("zigaretten")
    assert counted_alike("baumriesen") & counted_alike("buchen")
    assert not counted_alike("zigaretten") & counted_alike("buchen")


def test_how_many_there_are_anyway_is_told_apart_unless_asked():
    clause = "Die Schule verpflegt 300 Kinder."
    assert tells_stock(clause, frame("Wie viele Kinder erkrankten?"))
    assert not tells_stock(clause, frame("Wie viele Kinder verpflegt die Schule?"))


def test_those_who_march_by_are_none_of_those_who_watch():
    asked = frame("Wie viele Menschen verfolgten die Parade?")
    assert watches_not("soldaten", asked)
    assert not watches_not("zuschauer", asked) and not watches_not("menschen", asked)
    assert not watches_not("soldaten", frame("Wie viele Menschen marschierten mit?"))
