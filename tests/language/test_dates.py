from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.date_resolution import easter_sunday
from rag.language.dates import DateMention, compatible_dates, dates
from rag.types import Language

PUBLISHED = "2024-10-10"  # a Thursday


def only(text: str, language: Language = "de", published: str | None = PUBLISHED) -> DateMention:
    found = dates(text, language, published)
    assert len(found) == 1, [mention.text for mention in found]
    return found[0]


CALENDAR = [
    ("Am 3. September 2025 beginnt der Markt.", "day", "2025-09-03", "2025-09-03", "at"),
    ("Am 3.9.2025 beginnt der Markt.", "day", "2025-09-03", "2025-09-03", "at"),
    ("Stand: 2025-09-03", "day", "2025-09-03", "2025-09-03", "at"),
    ("Bis zum 6. Oktober ist geschlossen.", "day", "2024-10-06", "2024-10-06", "until"),
    ("Am 2. Januar reiste sie ab.", "day", "2025-01-02", "2025-01-02", "at"),
    ("Vom 3. bis 5. September 2023 tagte der Rat.", "day", "2023-09-03", "2023-09-05", "at"),
    ("Am Mittwoch, dem 3. September 2025, war Markt.", "day", "2025-09-03", "2025-09-03", "at"),
    ("Im September 2023 brach der Damm.", "month", "2023-09-01", "2023-09-30", "at"),
    ("Im Februar brach der Damm.", "month", "2025-02-01", "2025-02-28", "at"),
    ("Ende Mai 2024 kam der Regen.", "month", "2024-05-21", "2024-05-31", "at"),
    ("Seit 2019 steht das Haus leer.", "year", "2019-01-01", "2019-12-31", "since"),
    ("Anfang 2025 wird gebaut.", "year", "2025-01-01", "2025-05-02", "at"),
    ("Die Saison 2023/24 ist vorbei.", "year", "2023-01-01", "2024-12-31", "at"),
    ("Das Lied stammt aus den 1990er Jahren.", "year", "1990-01-01", "1999-12-31", "at"),
    ("Seit den 90er Jahren steht sie.", "year", "1990-01-01", "1999-12-31", "since"),
    ("Im Frühjahr 2025 soll es losgehen.", "season", "2025-03-01", "2025-05-31", "at"),
    ("Im ersten Quartal 2024 sank der Umsatz.", "season", "2024-01-01", "2024-03-31", "at"),
    ("Im vergangenen Jahr waren es mehr.", "year", "2023-01-01", "2023-12-31", "at"),
    ("Im Vorjahr waren es mehr.", "year", "2023-01-01", "2023-12-31", "at"),
    ("Das war vor zwei Jahren.", "relative", "2022-01-01", "2022-12-31", "at"),
    ("Das war vor drei Tagen.", "relative", "2024-10-07", "2024-10-07", "at"),
    ("Gestern schloss das Bad.", "relative", "2024-10-09", "2024-10-09", "at"),
    ("Am Wochenende regnete es.", "relative", "2024-10-05", "2024-10-06", "at"),
    ("Am Mittwoch brannte die Scheune.", "weekday", "2024-10-09", "2024-10-09", "at"),
    ("Am kommenden Mittwoch tagt der Rat.", "weekday", "2024-10-16", "2024-10-16", "at"),
    ("Am Mittwoch soll der Rat entscheiden.", "weekday", "2024-10-16", "2024-10-16", "at"),
    ("Bis Sonntag bleibt das Haus zu.", "weekday", "2024-10-13", "2024-10-13", "until"),
    ("Am Montagabend brannte es.", "weekday", "2024-10-07", "2024-10-07", "at"),
    ("In der Nacht zum Dienstag brannte es.", "weekday", "2024-10-07", "2024-10-08", "at"),
    ("An Silvester wurde gefeiert.", "day", "2024-12-31", "2024-12-31", "at"),
    ("Ostern 2025 wird geheiratet.", "day", "2025-04-20", "2025-04-21", "at"),
    ("Zum Erntedankfest öffnet die Mühle.", "day", "2024-10-06", "2024-10-06", "at"),
    ("Er gilt ab 2027.", "year", "2027-01-01", "2027-12-31", "from"),
]


@pytest.mark.parametrize(("text", "precision", "start", "end", "bound"), CALENDAR)
def test_german_dates_become_day_intervals(
    text: str, precision: str, start: str, end: str, bound: str
) -> None:
    found = only(text)
    assert (found.precision, found.start, found.end, found.bound) == (precision, start, end, bound)


@pytest.mark.parametrize(
    ("text", "precision", "start", "end"),
    [
        ("On September 3, 2025, the fair opens.", "day", "2025-09-03", "2025-09-03"),
        ("The fair opens on 3 September.", "day", "2024-09-03", "2024-09-03"),
        ("On Wednesday the barn burned.", "weekday", "2024-10-09", "2024-10-09"),
        ("Two years ago the dam broke.", "relative", "2022-01-01", "2022-12-31"),
        ("Last year the dam broke.", "year", "2023-01-01", "2023-12-31"),
        ("The siege of 1659-1660 failed.", "year", "1659-01-01", "1660-12-31"),
        ("In early 2025 work starts.", "year", "2025-01-01", "2025-05-02"),
    ],
)
def test_english_dates_become_day_intervals(
    text: str, precision: str, start: str, end: str
) -> None:
    found = only(text, "en")
    assert (found.precision, found.start, found.end) == (precision, start, end)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Um 19.15 Uhr kam der Dieb.", 1155, 1155),
        ("Um 19:15 Uhr kam der Dieb.", 1155, 1155),
        ("Gegen 22 Uhr kam der Dieb.", 1300, 1340),
        ("Um halb vier kam der Dieb.", 210, 210),
        ("Um Viertel nach drei kam der Dieb.", 195, 195),
        ("Um Mitternacht kam der Dieb.", 1440, 1440),
        ("Kurz nach 7 Uhr kam der Dieb.", 420, 440),
        ("Um acht Uhr abends kam der Dieb.", 1200, 1200),
        ("Um fünf Uhr früh kam der Dieb.", 300, 300),
        ("Das Telefon ist von acht bis 20 Uhr besetzt.", 480, 1200),
    ],
)
def test_clock_times_become_minutes_of_the_day(text: str, low: int, high: int) -> None:
    assert only(text).clock == (low, high)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("The thief came at 7 p.m.", 1140),
        ("The thief came at 7:15 pm on foot.", 1155),
        ("The thief came at midnight.", 1440),
        ("The thief came at half past three.", 210),
    ],
)
def test_english_clock_times_become_minutes_of_the_day(text: str, minutes: int) -> None:
    assert only(text, "en").clock == (minutes, minutes)


@pytest.mark.parametrize(
    "text",
    [
        "Es waren 2000 Menschen da.",
        "Das Rohr ist 2020 Meter lang.",
        "Rund 1900 Schafe weideten dort.",
        "Kein Problem, das ist zu früh gesagt.",
        "Er mag die 80 Leute.",
    ],
)
def test_amounts_and_plain_words_are_no_dates(text: str) -> None:
    assert dates(text, "de", PUBLISHED) == ()


def test_without_a_publication_date_nothing_is_guessed() -> None:
    found = only("Am 3. September beginnt der Markt.", published=None)
    assert (found.start, found.basis, found.day, found.month) == (None, "none", 3, 9)


def test_what_the_text_states_is_told_from_what_the_publication_date_resolved() -> None:
    assert only("Am 3. September 2025 war Markt.").basis == "stated"
    assert only("Am 3. September war Markt.").basis == "published"


def test_a_recurring_weekday_is_not_resolved() -> None:
    assert only("Er tagt an jedem Mittwoch.").start is None


AGREE = [
    ("Am 1. September öffnet es.", "Am 6. Oktober öffnet es.", "different"),
    ("Am 6. Oktober öffnet es.", "Zum Erntedankfest öffnet es.", "equal"),
    ("Am 3. September 2025 war es.", "Im September 2025 war es.", "compatible"),
    ("Im Mai 2023 war es.", "Im Frühjahr 2023 war es.", "compatible"),
    ("Im Mai 2023 war es.", "Im Herbst 2023 war es.", "different"),
    ("Im Jahr 2023 war es.", "Vor einem Jahr war es.", "equal"),
    ("Am Mittwoch war es.", "Am 9. Oktober war es.", "equal"),
    ("Am Mittwoch war es.", "Am Freitag war es.", "different"),
    ("Am Montagabend war es.", "Am Montagmorgen war es.", "different"),
    ("Um 19.15 Uhr war es.", "Gegen 22 Uhr war es.", "different"),
    ("Um 21.55 Uhr war es.", "Gegen 22 Uhr war es.", "compatible"),
    ("Um 19.15 Uhr war es.", "Um 19:15 Uhr war es.", "equal"),
    ("Um halb vier war es.", "Um 15.30 Uhr war es.", "equal"),
    ("Am Abend war es.", "Um 20 Uhr war es.", "compatible"),
    ("Am Morgen war es.", "Um 20 Uhr war es.", "different"),
    ("Um 20 Uhr war es.", "Am 9. Oktober war es.", "incomparable"),
    ("Seit Mai 2023 läuft es.", "Im August 2023 läuft es.", "compatible"),
]


@pytest.mark.parametrize(("left", "right", "expected"), AGREE)
def test_dates_agree_by_precision(left: str, right: str, expected: str) -> None:
    first, second = only(left), only(right)
    assert compatible_dates(first, second) == expected
    assert compatible_dates(second, first) == expected


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(-2, 2))
def test_a_written_day_is_read_back_and_agrees_only_with_itself(day: date, shift: int) -> None:
    months = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
              "Oktober", "November", "Dezember"]  # fmt: skip
    other = day + timedelta(days=shift)
    first = only(f"Es geschah am {day.day}. {months[day.month - 1]} {day.year}.")
    second = only(f"Es geschah am {other.day}. {months[other.month - 1]} {other.year}.")
    assert first.start == first.end == day.isoformat()
    assert compatible_dates(first, first) == "equal"
    assert compatible_dates(first, second) == ("equal" if shift == 0 else "different")


@given(st.integers(1600, 2200))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    sunday = easter_sunday(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


PARTS = st.sampled_from(
    ["am", "3", ".", "September", "2025", "bis", "Ende", "Mai", "um", "halb", "vier", "Uhr",
     "19.15", "Montag", "abend", "zum", "vor", "zwei", "Jahren", "letzten", "Jahr",
     "Ostern", "-", "/", "24", "Nacht", "at", "p", "m", "May", "Quartal", "ersten", "in",
     "früh", "31.2.2024", "99"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=12), st.sampled_from(["", " "]))
def test_offsets_point_to_the_text_whatever_is_written(parts: list[str], glue: str) -> None:
    text = glue.join(parts)
    language: Language
    for language in ("de", "en"):
        end = 0
        for mention in dates(text, language, PUBLISHED):
            assert text[mention.start_char : mention.end_char] == mention.text
            assert mention.start_char >= end
            assert compatible_dates(mention, mention) in ("equal", "incomparable")
            end = mention.end_char


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Gewählt wird am zweiten Sonntag im September.", "2025-09-14", "2025-09-14"),
        ("Gewählt wird am letzten Septembersonntag.", "2025-09-28", "2025-09-28"),
        ("Es geschah am ersten Juniwochenende.", "2025-06-07", "2025-06-08"),
        ("Es geschah in der zweiten Junihälfte.", "2025-06-15", "2025-06-30"),
        ("Es geschah am ersten Advent 2025.", "2025-11-30", "2025-11-30"),
        ("Es geschah im 13. Jahrhundert.", "1200-01-01", "1299-12-31"),
        ("Es geschah Ende der Neunziger.", "1996-08-31", "1999-12-31"),
        ("Es geschah in den Achtzigerjahren.", "1980-01-01", "1989-12-31"),
        ("Es geschah im Zweiten Weltkrieg.", "1939-01-01", "1945-12-31"),
        ("Die Kirche stammt aus der Barockzeit.", "1600-01-01", "1770-12-31"),
        ("Es soll in drei Wochen öffnen.", "2025-06-14", "2025-06-22"),
        ("Es öffnet heute in einer Woche.", "2025-06-04", "2025-06-04"),
        ("Es geschah zu Wochenbeginn.", "2025-05-26", "2025-05-28"),
        ("Die Brücke ist bis Weihnachten zu.", "2025-12-24", "2025-12-26"),
    ],
)
def test_parts_of_months_feasts_and_eras_become_day_intervals(text: str, start: str, end: str):
    found = dates(text, "de", "2025-05-28")
    assert [(mention.start, mention.end) for mention in found[-1:]] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("Punkt acht begann die Sitzung.", (480, 480)),
        ("Kurz nach zwölf fand er sie.", (720, 740)),
        ("Es brannte während der Frühschicht.", (300, 840)),
        ("Es brannte in den Abendstunden.", (1020, 1440)),
    ],
)
def test_bare_hours_and_shifts_become_times_of_day(text: str, clock: tuple[int, int]):
    assert [mention.clock for mention in dates(text, "de", "2025-05-28")] == [clock]


@pytest.mark.parametrize(
    "text", ["Die Zahl stieg um neun auf zwölf.", "In zwei Jahren wurde er gebaut."]
)
def test_differences_and_lengths_of_time_are_no_dates(text: str):
    assert not dates(text, "de", "2025-05-28")
