"""A comparison as a page: both sides, word for word, and nothing that could run."""

from __future__ import annotations

from rag.cli.compare_page import (
    comparison_to_html,
    comparison_to_markdown,
    matrix_to_html,
    matrix_to_markdown,
)
from rag.compare.matrix import Cell, Matrix
from rag.types import Comparison, Disagreement, Position, PositionClaim, Question


def claim(source: str, quote: str) -> PositionClaim:
    return PositionClaim(
        article_id=source, source=source, published_at="2025-03-04", quote=quote, start_char=0,
        end_char=len(quote), attributed_to="die <b>Polizei</b>",
    )  # fmt: skip


FIRST = claim("Nordblatt", "Es wurden 12 Menschen verletzt.")
SECOND = claim("Talkurier", "Es wurden 30 <script>x</script> Menschen verletzt.")
COMPARISON = Comparison(
    disagreements=(
        Disagreement(
            aspect="Zahl der Verletzten", kind="number", status="conflict",
            positions=(
                Position(value="12", claims=(FIRST,)), Position(value="30", claims=(SECOND,))
            ),
            explanation="Die Zahlen gehen auseinander.",
        ),
    ),
    pairs_compared=1,
    pairs_not_compared=0,
)  # fmt: skip


def cell(source: str, state, position: int | None, said: PositionClaim | None) -> Cell:
    return Cell(
        article_id=source, source=source, published_at="2025-03-04", origin="dpa", origin_id="dpa",
        state=state, position=position, value=None, claim=said,
    )  # fmt: skip


MATRIX = Matrix(
    question=Question(text="Wie viele *Menschen* wurden verletzt?", language="de"),
    kind="number",
    values=("12", "30"),
    cells=(
        cell("Nordblatt", "says", 0, FIRST),
        cell("Talkurier", "denies", 1, SECOND),
        cell("Hafenbote", "silent", None, None),
    ),
    comparison=COMPARISON,
    independent_origins=1,
)


def test_markdown_has_each_answer_with_those_who_give_it():
    page = matrix_to_markdown(MATRIX)
    assert "## 12\n\n- **Nordblatt, 4. März 2025** (dpa): „Es wurden 12 Menschen verletzt.“" in page
    assert "bestreitet" in page
    assert "*sagt dazu nichts:* Hafenbote" in page
    assert "Wie viele \\*Menschen\\*" in page


def test_markdown_shows_both_sides_and_what_was_compared():
    page = comparison_to_markdown(COMPARISON, "de")
    assert page.index("**12**") < page.index("Nordblatt") < page.index("**30**")
    assert "1 Paare verglichen" in page


def test_the_page_is_a_table_of_outlets_and_answers_that_runs_nothing():
    page = matrix_to_html(MATRIX)
    assert page.count("<tr>") == 4
    assert "<script" not in page
    assert "<b>Polizei</b>" not in page
    assert "default-src 'none'" in page


def test_a_store_without_conflicts_says_so():
    empty = Comparison(disagreements=(), pairs_compared=3, pairs_not_compared=1)
    assert "Kein Widerspruch gefunden." in comparison_to_html(empty, "de")
    assert "No contradiction found." in comparison_to_markdown(empty, "en")
