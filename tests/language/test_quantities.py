from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.quantities import Quantity, compatible, quantities
from rag.types import Language


def only(text: str, language: Language = "de") -> Quantity:
    found = quantities(text, language)
    assert len(found) == 1, [quantity.text for quantity in found]
    return found[0]


READ = [
    # digits with German separators
    ("In der Halle saßen 1.500 Gäste.", "1.500", 1500, None, "exact", "Gäste"),
    ("Der Umbau kostet 49.870 Euro.", "49.870 Euro", 49870, "€", "exact", None),
    ("Dafür gibt es 1,5 Mio. Euro.", "1,5 Mio. Euro", 1.5e6, "€", "exact", None),
    ("Der Stollen misst 2,3 Kilometer.", "2,3 Kilometer", 2300, "m", "exact", None),
    ("Sie verteilten 470 000 Zettel.", "470 000", 470000, None, "exact", "Zettel"),
    ("Es kamen 15,000 Zuschauer.", "15,000", 15000, None, "exact", "Zuschauer"),
    ("Das Amt zählte 2000 Vögel am See.", "2000", 2000, None, "exact", "Vögel"),
    # number words
    ("Nur zwölf Kälber überlebten.", "zwölf", 12, None, "exact", "Kälber"),
    ("Im Zelt schliefen einundvierzig Kinder.", "einundvierzig", 41, None, "exact", "Kinder"),
    ("Er sammelte zweitausenddreihundert Unterschriften.", "zweitausenddreihundert", 2300, None,
     "exact", "Unterschriften"),
    ("Der Flug dauerte anderthalb Stunden.", "anderthalb Stunden", 90, "min", "exact", None),
    ("Ein halbes Dutzend Boote kenterte.", "Ein halbes Dutzend", 6, None, "about", "Boote"),
    ("Sie fingen zwei Dutzend Karpfen.", "zwei Dutzend", 24, None, "about", "Karpfen"),
    ("Die Stiftung gab eine halbe Million Euro.", "eine halbe Million Euro", 5e5, "€", "exact",
     None),
    ("Eine Viertelstunde stand der Lift.", "Viertelstunde", 15, "min", "exact", None),
    # hedges
    ("Rund 600 Bewohner mussten gehen.", "Rund 600", 600, None, "about", "Bewohner"),
    ("Mindestens 30 Dächer sind zerstört.", "Mindestens 30", 30, None, "at_least", "Dächer"),
    ("Mehr als 1.000 Kühe starben.", "Mehr als 1.000", 1000, None, "more_than", "Kühe"),
    ("Fast 500 Läufer gaben auf.", "Fast 500", 500, None, "nearly", "Läufer"),
    ("Die Strafe beträgt bis zu 5.000 Euro.", "bis zu 5.000 Euro", 5000, "€", "at_most", None),
    ("Der Anteil liegt unter 20 Prozent.", "unter 20 Prozent", 20, "%", "less_than", None),
    ("Das Fest zog sich über zwei Stunden hin.", "über zwei Stunden", 120, "min", "more_than",
     None),
    ("Die Etappe über 164 Kilometer gewann er.", "164 Kilometer", 164000, "m", "exact", None),
    ("Gut 100 Helfer packten an.", "Gut 100", 100, None, "more_than", "Helfer"),
    # ranges
    ("Erwartet werden 10 bis 12 Schiffe.", "10 bis 12", 10, None, "range", "Schiffe"),
    ("Es geht um zwischen 3 und 5 Millionen Euro.", "zwischen 3 und 5 Millionen Euro", 3e6, "€",
     "range", None),
    ("Hunderte Pilger warteten.", "Hunderte", 200, None, "range", "Pilger"),
    # shares
    ("Sieben von zehn Blüten sind erfroren.", "Sieben von zehn", 70, "%", "exact", "Blüten"),
    ("Jeder vierte Haushalt heizt mit Holz.", "Jeder vierte", 25, "%", "exact", "Haushalt"),
    ("Ein Drittel der Befragten schwieg.", "Ein Drittel", 33.3333, "%", "about", "Befragten"),
    ("Die Hälfte der Ernte ist hin.", "Hälfte", 50, "%", "exact", "Ernte"),
    # ages and times
    ("Ein 17-jähriger Lehrling half.", "17-jähriger", 17, "age", "exact", "Lehrling"),
    ("Sie starb im Alter von 87 Jahren.", "87 Jahren", 87, "age", "exact", None),
    ("Ina Stroth, 55 Jahre, kommt.", "55 Jahre", 55, "age", "exact", None),
    ("Nach zweijährigem Umbau öffnet der Saal.", "zweijährigem", 1051920, "min", "exact", None),
    ("Die Fahrt dauert zwei Stunden und 15 Minuten.", "zwei Stunden und 15 Minuten", 135, "min",
     "exact", None),
    ("Das Becken ist 14 Meter lang.", "14 Meter", 14, "m", "exact", None),
    ("Die Zahl der Erkrankten ist auf 41 gestiegen.", "41", 41, None, "exact", "Erkrankten"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "span", "value", "unit", "hedge", "counted"), READ)
def test_german_amounts_are_read_with_value_unit_hedge_and_noun(
    text: str, span: str, value: float, unit: str | None, hedge: str, counted: str | None
) -> None:
    found = only(text)
    assert (found.text, found.unit, found.hedge, found.counted) == (span, unit, hedge, counted)
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "span", "value", "unit", "hedge", "counted"),
    [
        ("About 2,000 people marched.", "About 2,000", 2000, None, "about", "people"),
        ("The firm paid $5m.", "$5m", 5e6, "$", "exact", None),
        ("It cost $1.5 million.", "$1.5 million", 1.5e6, "$", "exact", None),
        ("Fourteen freighters are waiting.", "Fourteen", 14, None, "exact", "freighters"),
        ("At least 12 miners died.", "At least 12", 12, None, "at_least", "miners"),
        ("A two-hour meeting followed.", "two-hour", 120, "min", "exact", None),
        ("A 17-year-old boy swam ashore.", "17-year-old", 17, "age", "exact", "boy"),
        ("One in four shops closed.", "One in four", 25, "%", "exact", "shops"),
        ("He lost two hundred and fifty sheep.", "two hundred and fifty", 250, None, "exact",
         "sheep"),
        ("Tens of thousands of fans came.", "Tens of thousands", 20000, None, "range", "fans"),
        ("She died at the age of 38.", "38", 38, "age", "exact", None),
        ("It rose by 15 per cent.", "15 per cent", 15, "%", "exact", None),
    ],
)  # fmt: skip
def test_english_amounts_are_read(
    text: str, span: str, value: float, unit: str | None, hedge: str, counted: str | None
) -> None:
    found = only(text, "en")
    assert (found.text, found.unit, found.hedge, found.counted) == (span, unit, hedge, counted)
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr 2019 wurde er Bürgermeister.",
        "Am 3. September 2025 um 19.15 Uhr beginnt es.",
        "Zwischen 23 und 6 Uhr gilt Ruhe.",
        "Das regelt § 3 der Satzung.",
        "Er fuhr auf der A-7 nach Norden.",
        "Die Linie 4 fällt aus.",
        "Das Netz heißt 5G.",
        "Er steht im 90-Grad-Winkel.",
        "Es ist eine drei- bis vierstellige Zahl.",
        "Rufen Sie 0221 4711 an.",
        "Sie sprachen unter vier Augen.",
        "Ein Baum fiel auf ein Haus.",
        "Der 1. FC Dornbach verlor.",
        "Der 25. und 26. Dezember sind frei.",
        "Covid-19 breitete sich aus.",
    ],
)
def test_names_dates_and_articles_are_no_amounts(text: str) -> None:
    assert quantities(text, "de") == ()


def test_a_change_marks_the_old_value() -> None:
    old, new = quantities("Die Zahl sank von 37 auf 23 Fälle.", "de")
    assert (old.value, old.is_former) == (37, True)
    assert (new.value, new.is_former) == (23, False)


def test_a_rise_in_english_is_no_range() -> None:
    old, new = quantities("The toll rose from 15 to 41 cases.", "en")
    assert (old.value, old.is_former, new.value) == (15, True, 41)


def test_one_more_hour_is_marked_as_additional() -> None:
    long, more = quantities("Sie tagten anderthalb Stunden und danach weitere eine Stunde.", "de")
    assert (long.value, long.is_additional) == (90, False)
    assert (more.value, more.is_additional) == (60, True)


def test_an_article_before_a_person_is_a_weak_one_and_kein_a_weak_zero() -> None:
    assert (only("Eine Frau wurde verletzt.").value, only("Eine Frau wurde verletzt.").is_weak) == (
        1,
        True,
    )
    assert (only("Es gab keine Verletzten.").value, only("Es gab keine Verletzten.").is_weak) == (
        0,
        True,
    )


def test_ranks_and_ordinals_are_ordinal() -> None:
    assert only("Sie landete auf Platz vier.").ordinal
    assert only("Sie landete auf Platz 139.").ordinal
    assert only("Das war der dritte Streik.").ordinal


def test_a_score_is_no_amount_and_reads_the_same_from_both_sides() -> None:
    home, away = only("Sie gewannen 3:1."), only("Sie verloren 1:3.")
    assert home.score == (3, 1)
    assert compatible(home, away) == "equal"


AGREE = [
    ("49.870 Euro", "rund 50.000 Euro", "equal"),
    ("49.870 Euro", "50.000 Euro", "equal"),
    ("2,3 Kilometer", "2.300 Meter", "equal"),
    ("80 Kilometer", "50 Meilen", "equal"),
    ("80 Kilometer", "60 Meilen", "different"),
    ("zwei Stunden", "120 Minuten", "equal"),
    ("ein Monat", "30 Tage", "equal"),
    ("70 Prozent", "sieben von zehn", "equal"),
    ("ein Drittel", "33 Prozent", "equal"),
    ("zwei Dutzend Boote", "24 Boote", "equal"),
    ("mindestens 30 Autos", "34 Autos", "compatible"),
    ("über 100 Boote", "mindestens 80 Boote", "compatible"),
    ("bis zu 50 Boote", "mindestens 30 Boote", "compatible"),
    ("10 bis 12 Boote", "11 Boote", "compatible"),
    ("Hunderte Boote", "450 Boote", "compatible"),
    ("fast 500 Boote", "490 Boote", "equal"),
    ("rund 600 Boote", "etwa 1.800 Boote", "different"),
    ("rund 600 Boote", "rund 700 Boote", "different"),
    ("45.000 Euro", "rund 120.000 Euro", "different"),
    ("zwölf Boote", "13 Boote", "different"),
    ("1.150 Boote", "1.200 Boote", "different"),
    ("mindestens 600 Boote", "500 Boote", "different"),
    ("weniger als 20 Boote", "25 Boote", "different"),
    ("Hunderte Boote", "30 Boote", "different"),
    ("20 Prozent", "20 Euro", "incomparable"),
    ("20 Euro", "20 Dollar", "incomparable"),
    ("3 Meter", "3 Kilogramm", "incomparable"),
    ("20 Boote", "20 Prozent", "incomparable"),
]


@pytest.mark.parametrize(("left", "right", "expected"), AGREE)
def test_amounts_agree_by_range_rounding_and_unit(left: str, right: str, expected: str) -> None:
    first, second = only(f"Es waren {left}."), only(f"Es waren {right}.")
    assert compatible(first, second) == expected
    assert compatible(second, first) == expected


HEDGES = st.sampled_from(["", "rund ", "mindestens ", "bis zu ", "fast ", "über ", "knapp "])
UNITS = st.sampled_from([" Euro", " Kilometer", " Boote", " Prozent", " Stunden"])
AMOUNTS = st.integers(min_value=2, max_value=999)


@given(HEDGES, AMOUNTS, UNITS, HEDGES, AMOUNTS, UNITS)
def test_agreement_is_symmetric_and_an_amount_agrees_with_itself(
    hedge: str, amount: int, unit: str, other_hedge: str, other: int, other_unit: str
) -> None:
    first = only(f"Genannt werden {hedge}{amount}{unit}.")
    second = only(f"Genannt werden {other_hedge}{other}{other_unit}.")
    assert compatible(first, second) == compatible(second, first)
    assert compatible(first, first) == "equal"
    assert first.low <= first.value <= first.high or math.isinf(first.high)


WORDS = st.sampled_from(
    ["rund", "12", "1.500", "zwei", "bis", "Dutzend", "Euro", "von", "zehn", "§", "3:1", "-", ",",
     "Uhr", "2024", "halbe", "Stunde", "Jahre", "alt", "ein", "Million", "Hunderte", "auf", "½",
     "und", ".", "17", "-jährige", "%", "kein", "Mensch"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12), st.sampled_from(["", " "]))
def test_offsets_point_to_the_text_whatever_is_written(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    language: Language
    for language in ("de", "en"):
        for quantity in quantities(text, language):
            assert text[quantity.start_char : quantity.end_char] == quantity.text
            assert quantity.low <= quantity.high
