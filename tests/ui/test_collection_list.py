"""The collection, its timeline and the report of an upload as HTML."""

from __future__ import annotations

import re

import pytest

from rag.collection import FileResult
from rag.types import Article, Rejection
from rag.ui.collection_list import MOST_SHOWN, articles_html, figures_html, upload_html
from rag.ui.refusals import refusal_text
from rag.ui.texts import speaker_of
from rag.ui.timeline import MOST_BARS, timeline_html

HOSTILE = "<script>alert(1)</script>\u202e"
say = speaker_of("de")


def article(number: int, **more) -> Article:
    values = {
        "article_id": f"a{number}",
        "text": "Text.",
        "content_hash": "c",
        "raw_hash": "r",
        "path": f"/x/a{number}.txt",
        "language": "de",
        "title": f"Titel {number}",
        "source": "Bote",
        "published_at": "2025-09-03",
    }
    return Article(**{**values, **more})


def test_figures_count_outlets_origins_and_copies():
    html = figures_html(
        [
            article(1, origin_id="a1"),
            article(2, source="Blatt", duplicate_of="a1", origin_id="a1"),
            article(3, published_at=None, language="en"),
        ],
        say,
        "de",
    )
    shown = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", html))
    assert shown == {"Artikel": "3", "Medien": "2", "unabhängige Ursprünge": "2", "Kopie": "1"}
    assert "1 ohne Datum" in html
    assert "Deutsch: 2" in html


def test_the_latest_article_stands_first_and_undated_ones_last():
    html = articles_html(
        [
            article(1, published_at=None),
            article(2, published_at="2024-01-01"),
            article(3, published_at="2025-09-04T08:00"),
        ],
        3,
        say,
        "de",
    )
    assert re.findall(r'data-open="(a\d)"', html) == ["a3", "a2", "a1"]
    assert "ohne Datum" in html


def test_a_copy_names_what_it_copies_and_the_original_its_copies():
    html = articles_html([article(1), article(2, source="Blatt", duplicate_of="a1")], 2, say, "de")
    assert "Kopie von Bote" in html
    assert "1 Kopie<" in html


def test_a_long_list_is_cut_and_says_so():
    html = articles_html([article(n) for n in range(MOST_SHOWN + 5)], MOST_SHOWN + 5, say, "de")
    assert html.count("data-remove=") == MOST_SHOWN
    assert f"ersten {MOST_SHOWN}" in html


def test_nothing_of_an_article_is_markup():
    hostile = article(
        1, article_id=HOSTILE, title=HOSTILE, source=HOSTILE, origin=HOSTILE, duplicate_of=HOSTILE
    )
    html = articles_html([hostile], 1, say, "de")
    assert "<script" not in html
    assert "\u202e" not in html


def test_each_file_of_an_upload_has_its_outcome_and_reason_in_the_readers_language():
    results = [
        FileResult(name="gut.txt", new=("gut",), duplicates={}),
        FileResult(
            name="kopie.txt", new=("kopie",), duplicates={"kopie": "gut"}, kept_as="k-2.txt"
        ),
        FileResult(
            name=f"{HOSTILE}.txt",
            duplicates={},
            rejected=(Rejection(path="x", reason="it is empty", hint="Remove it or fill it."),),
        ),
    ]
    german = upload_html(results, say, "de")
    assert "2 hinzugefügt · 0 geändert · 0 bekannt · 1 abgelehnt" in german
    assert "die Datei ist leer" in german
    assert "Kopie von gut" in german
    assert "behalten als k-2.txt" in german
    assert "<script" not in german
    assert "it is empty" in upload_html(results, speaker_of("en"), "en")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (".exe files are not read", ".exe-Dateien werden nicht gelesen"),
        ("it is too large (12.5 MB, the limit is 10 MB)", "zu groß (12.5 MB, erlaubt sind 10 MB)"),
        (
            "not valid JSON (Expecting value: line 1)",
            "kein gültiges JSON (Expecting value: line 1)",
        ),
        ("the PDF has no text layer (scanned pages?)", "das PDF hat keine Textebene, nur Bilder"),
        ("it is a JPEG image", "die Datei ist kein Text (a JPEG image)"),
        ("something nobody has translated", "something nobody has translated"),
    ],
)
def test_reasons_are_told_in_german_where_there_is_german_for_them(english, german):
    assert refusal_text(Rejection(path="x", reason=english, hint=""), "de")[0] == german


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [
        ("2025-09-01", "2025-09-20", "Tag"),
        ("2025-01-01", "2025-12-20", "Woche"),
        ("2022-01-01", "2025-12-20", "Monat"),
        ("1950-01-01", "2025-12-20", "Jahr"),
    ],
)
def test_the_timeline_takes_the_finest_step_that_fits(first, last, step):
    html = timeline_html([first, last, last], say, "de")
    assert f"Artikel je {step}" in html
    assert html.count('class="mark"') == 2
    heights = [float(each) for each in re.findall(r'height="([\d.]+)"', html)]
    assert heights[1] == pytest.approx(2 * heights[0], rel=0.01)


def test_the_timeline_never_has_more_bars_than_fit_below_a_year():
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    assert timeline_html(days, say, "de").count('class="mark"') <= MOST_BARS


def test_one_day_alone_and_broken_dates_draw_nothing():
    assert timeline_html(["2025-09-03", "2025-09-03", None, "gestern"], say, "de") == ""
