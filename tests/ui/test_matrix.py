"""The matrix as HTML: every outlet, every answer, nothing of an article's as markup."""

from __future__ import annotations

import re

import pytest

from rag.compare.matrix import Cell, Matrix
from rag.types import Comparison, PositionClaim, Question
from rag.ui.matrix import matrix_html
from rag.ui.texts import speaker_of

HOSTILE = "<img src=x onerror=alert(1)>\"'"
say = speaker_of("de")


def cell(number: int, source: str, position: int | None, state: str = "says", **more) -> Cell:
    claim = PositionClaim(
        article_id=f"a{number}",
        source=source,
        published_at="2025-09-03",
        quote=more.pop("quote", f"Es waren {number}."),
        start_char=3,
        end_char=20,
        attributed_to=more.pop("attributed_to", None),
    )
    return Cell(
        article_id=f"a{number}",
        source=source,
        published_at="2025-09-03",
        origin=more.pop("origin", None),
        origin_id=more.pop("origin_id", None),
        state=state,
        position=position,
        value=None,
        claim=None if state == "silent" else claim,
    )


def matrix(*cells: Cell, values: tuple[str, ...] = ("10.000", "12.000"), text: str = "Wie viele?"):
    return Matrix(
        question=Question(text=text),
        kind="number",
        values=values,
        cells=cells,
        comparison=Comparison(disagreements=(), pairs_compared=0, pairs_not_compared=0),
        independent_origins=len({c.origin_id or c.article_id for c in cells}),
    )


def columns(html: str, outlet: str) -> list[int]:
    """How many marks an outlet has in each column."""
    row = re.search(rf"<tr><th[^>]*><span[^>]*>{outlet}</span>.*?</tr>", html)
    assert row
    return [each.count("<button") for each in re.findall(r"<td>(.*?)</td>", row[0])]


def test_answers_of_more_origins_stand_first_and_copies_count_once():
    html = matrix_html(
        matrix(
            cell(1, "A", 0, origin_id="dpa"),
            cell(2, "B", 0, origin_id="dpa"),
            cell(3, "C", 1),
            cell(4, "D", 1),
        ),
        say,
        "de",
    )
    assert re.findall(r'class="value">([^<]+)<', html) == ["12.000", "10.000"]
    assert "2 Quellen · 1 Ursprung" in html
    assert columns(html, "A") == [0, 1]
    assert columns(html, "C") == [1, 0]


def test_an_outlet_that_says_two_things_has_both_in_its_row():
    html = matrix_html(matrix(cell(1, "A", 0), cell(2, "A", 1)), say, "de")
    assert columns(html, "A") == [1, 1]


def test_who_denies_and_who_is_silent_is_told_apart():
    html = matrix_html(
        matrix(cell(1, "A", 0, "denies"), cell(2, "Schweiger", None, "silent")), say, "de"
    )
    assert 'class="mark denies"' in html
    assert "bestreitet das" in html
    assert re.search(r"Sagen dazu nichts</b>: Schweiger \(3\. September 2025\)", html)
    assert '<span class="outlet">Schweiger' not in html


@pytest.mark.parametrize("cells", [(), (cell(1, "A", None, "silent"),)])
def test_without_an_answer_a_sentence_says_so(cells):
    html = matrix_html(matrix(*cells, values=()), say, "de")
    assert "<table" not in html
    assert 'class="notice' in html


def test_nothing_of_an_article_or_question_is_markup():
    html = matrix_html(
        matrix(
            cell(1, HOSTILE, 0, quote=HOSTILE, origin=HOSTILE, attributed_to=HOSTILE),
            values=(HOSTILE,),
            text=HOSTILE,
        ),
        say,
        "de",
    )
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;") >= 6
