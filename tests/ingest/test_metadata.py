from __future__ import annotations

import pytest

from rag.ingest.clean import clean_article

from .conftest import MakeRaw

BODY = (
    "Der Rat von Hagendorf hat am Dienstag beschlossen, die alte Brücke zu sperren.\n"
    "Die Kosten liegen bei rund 3,5 Mio. Euro. Woher das Geld kommt, ist noch offen."
)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("3. September 2025", "2025-09-03"),
        ("03.09.2025", "2025-09-03"),
        ("3.9.25, 14:05 Uhr", "2025-09-03"),
        ("Mittwoch, 3. September 2025, 14.05 Uhr", "2025-09-03"),
        ("Stand: 03.09.2025 | 14:15", "2025-09-03"),
        ("Veröffentlicht am 3. Sept. 2025", "2025-09-03"),
        ("September 3, 2025", "2025-09-03"),
        ("2025-09-03", "2025-09-03"),
    ],
)
def test_a_date_line_is_the_date(make_raw: MakeRaw, line: str, day: str) -> None:
    article = clean_article(make_raw(f"Rat sperrt Brücke\n{line}\n{BODY}"))
    assert (article.published_at, article.text) == (day, BODY)
    assert [item.reason for item in article.removed] == ["dateline"]


def test_a_date_glued_to_the_text_is_taken_off(make_raw: MakeRaw) -> None:
    text = '"Wir haben keine Wahl", sagte Brandl.\nMehr sagte sie nicht zu diesem Beschluss.'
    article = clean_article(make_raw(f"Rat sperrt Brücke\n3. September 2025{text}"))
    assert (article.published_at, article.text) == ("2025-09-03", text)


@pytest.mark.parametrize(
    "line",
    [
        "3. September 2025 war ein schwarzer Tag für Hagendorf.",
        "31. Februar 2025",
        "Am 3. September 2025 tagte der Rat.",
        "2025 Euro kostet der Bau.",
    ],
)
def test_what_only_mentions_a_day_is_no_date(make_raw: MakeRaw, line: str) -> None:
    article = clean_article(make_raw(f"{BODY}\n{line}"))
    assert article.published_at is None
    assert line in article.text


@pytest.mark.parametrize(
    "lines",
    [
        "Veröffentlicht: 3.9.2025\nAktualisiert: 5.9.2025",
        "Stand: 5.9.2025, 14 Uhr\n3. September 2025",
        "Zuletzt aktualisiert am 5.9.2025\nVeröffentlicht am 3.9.2025",
    ],
)
def test_the_first_publication_wins_over_an_update(make_raw: MakeRaw, lines: str) -> None:
    article = clean_article(make_raw(f"Rat sperrt Brücke\n{lines}\n{BODY}"))
    assert (article.published_at, article.text) == ("2025-09-03", BODY)


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("(dpa)", "dpa"),
        ("(rt/reuters/dpa)", "Reuters, dpa"),
        ("jm/kh (dpa, afp, rtr)", "dpa, AFP, Reuters"),
        ("AFP/dpa/jm", "AFP, dpa"),
        ("Mit Informationen der Nachrichtenagentur dpa", "dpa"),
        ("Quelle: ostkurier.de, jmo/AFP/dpa", "AFP, dpa"),
        ("© dpa-infocom, dpa:250903-930-987654/1", "dpa"),
        ("Mit Material von dpa und AFP", "dpa, AFP"),
        ("(mit dpa)", "dpa"),
    ],
)
def test_an_agency_line_at_the_end_is_the_origin(make_raw: MakeRaw, line: str, origin: str) -> None:
    article = clean_article(make_raw(f"{BODY}\n{line}"))
    assert (article.origin, article.text) == (origin, BODY)
    attached = clean_article(make_raw(f"{BODY} {line}")) if line.startswith("(") else article
    assert (attached.origin, attached.text) == (origin, BODY)


@pytest.mark.parametrize(
    ("start", "origin"),
    [
        ("Hagendorf (ktn) – ", "ktn"),
        ("Hagendorf/Bad Moll (dpa/AFP) - ", "dpa, AFP"),
        ("HAGENDORF (Reuters) - ", "Reuters"),
        ("Hagendorf, 3. September 2025 (dpa) – ", "dpa"),
        ("Hagendorf (CDU) – ", None),
        ("Haas (57) – ", None),
    ],
)
def test_a_dateline_names_the_agency_and_stays(
    make_raw: MakeRaw, start: str, origin: str | None
) -> None:
    article = clean_article(make_raw(start + BODY))
    assert (article.origin, article.text) == (origin, start + BODY)


def test_authors_are_read_from_their_line(make_raw: MakeRaw) -> None:
    article = clean_article(
        make_raw(f"Rat sperrt Brücke\nVon Jana Moll und Dr. Karl von Haas\n{BODY}")
    )
    assert article.authors == ("Jana Moll", "Dr. Karl von Haas")
    assert article.text == BODY


@pytest.mark.parametrize(
    ("line", "authors", "origin"),
    [
        ("Von Jana Moll, Hagendorf", ("Jana Moll",), None),
        ("Von Redaktion", (), None),
        ("Von AFP und dpa", (), "AFP, dpa"),
    ],
)
def test_a_byline_names_people_editors_or_agencies(
    make_raw: MakeRaw, line: str, authors: tuple[str, ...], origin: str | None
) -> None:
    article = clean_article(make_raw(f"Rat sperrt Brücke\n{line}\n{BODY}"))
    assert (article.authors, article.origin, article.text) == (authors, origin, BODY)


def test_a_headline_that_begins_like_a_byline_is_the_title(make_raw: MakeRaw) -> None:
    article = clean_article(make_raw(f"Von Booten, Fähren und Brücken\n{BODY}"))
    assert (article.title, article.authors) == ("Von Booten, Fähren und Brücken", ())


def test_an_outlet_that_names_itself_and_whom_it_follows(make_raw: MakeRaw) -> None:
    text = f"{BODY} Darüber berichtet Nordblick unter Berufung auf BBC."
    article = clean_article(make_raw(text))
    assert (article.source, article.origin, article.text) == ("Nordblick", "BBC", text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Das berichtet die „Ostpost“ unter Berufung auf Behörden.",
        "Wie die Ostpost unter Berufung auf Kreise berichtet, fehlt das Geld.",
    ],
)
def test_another_outlet_that_is_quoted_is_not_the_source(make_raw: MakeRaw, sentence: str) -> None:
    article = clean_article(make_raw(f"{BODY} {sentence}"))
    assert (article.source, article.origin) == (None, None)


def test_a_subscription_button_names_the_outlet(make_raw: MakeRaw) -> None:
    assert clean_article(make_raw(f"{BODY}\nOstkurier abonnieren")).source == "Ostkurier"
    assert clean_article(make_raw(f"{BODY}\nNewsletter abonnieren")).source is None


def test_stated_metadata_wins(make_raw: MakeRaw) -> None:
    raw = make_raw(
        f"3. September 2025\n{BODY}\nOstkurier abonnieren",
        source="Westpost", published_at="2024-01-01", authors=("J. Moll",), title="Brücke",
    )  # fmt: skip
    article = clean_article(raw)
    assert (article.source, article.published_at) == ("Westpost", "2024-01-01")
    assert (article.title, article.authors) == ("Brücke", ("J. Moll",))
