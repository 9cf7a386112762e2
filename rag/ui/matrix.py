"""The outlet × answer matrix as HTML: who gives which answer, then each answer in its words."""

from __future__ import annotations

from collections.abc import Sequence

from rag.compare.matrix import Cell, Matrix
from rag.language.typography import format_date, in_quotation_marks, source_label
from rag.ui.markup import element, items, notice, opener, text
from rag.ui.texts import Say, UiLanguage

_MARKS = {"says": "●", "denies": "○"}


def matrix_html(matrix: Matrix, say: Say, language: UiLanguage) -> str:
    """The whole answer to one question; says so where there is none."""
    if not matrix.cells:
        return notice(text(say("compare.nothing")))
    if not matrix.values:
        return notice(text(say("compare.nobody_answers", len(matrix.cells))))
    return (
        element("p", text(_summary(matrix, say)), class_="summary")
        + _table(matrix, say, language)
        + _silent(matrix, say, language)
        + element("h3", text(say("compare.wordings")))
        + "".join(_wording(matrix, row, say, language) for row in _order(matrix))
    )


def _summary(matrix: Matrix, say: Say) -> str:
    outlets = len({cell.source or cell.article_id for cell in _speaking(matrix)})
    return " · ".join(
        (
            _number(len(matrix.values), "answer", "answers", say),
            _number(outlets, "one_outlet", "outlets", say),
            _number(matrix.independent_origins, "origin", "origins", say),
        )
    )


def _number(count: int, one: str, several: str, say: Say) -> str:
    return say(f"compare.{one}") if count == 1 else say(f"compare.{several}", count)


def _speaking(matrix: Matrix) -> list[Cell]:
    return [cell for cell in matrix.cells if cell.state != "silent" and cell.position is not None]


def _order(matrix: Matrix) -> list[int]:
    """The answers, those of most origins first."""
    return sorted(
        range(len(matrix.values)), key=lambda row: (-_origins(_cells_of(matrix, row)), row)
    )


def _cells_of(matrix: Matrix, row: int) -> list[Cell]:
    return [cell for cell in _speaking(matrix) if cell.position == row]


def _origins(cells: Sequence[Cell]) -> int:
    return len({cell.origin_id or cell.article_id for cell in cells})


def _table(matrix: Matrix, say: Say, language: UiLanguage) -> str:
    columns = _order(matrix)
    head = element("th", text(say("compare.outlet")), scope="col") + "".join(
        element("th", _column_head(matrix, row, say), scope="col") for row in columns
    )
    by_outlet: dict[str, list[Cell]] = {}
    for row in columns:
        for cell in _cells_of(matrix, row):
            by_outlet.setdefault(source_label(cell, language), []).append(cell)
    body = "".join(
        element("tr", _row(outlet, cells, columns, say, language))
        for outlet, cells in by_outlet.items()
    )
    caption = element("caption", text(say("compare.caption", matrix.question.text)))
    table = element(
        "table",
        caption + element("thead", element("tr", head)) + element("tbody", body),
        class_="matrix",
    )
    return element("div", table, class_="scroll", tabindex=0, role="group")


def _column_head(matrix: Matrix, row: int, say: Say) -> str:
    cells = _cells_of(matrix, row)
    counts = _number(len(cells), "source", "sources", say)
    if _origins(cells) < len(cells):
        counts += " · " + _number(_origins(cells), "origin", "origins", say)
    return element("span", text(matrix.values[row]), class_="value") + element(
        "small", text(counts)
    )


def _row(
    outlet: str, cells: Sequence[Cell], columns: Sequence[int], say: Say, language: UiLanguage
) -> str:
    origins = ", ".join(dict.fromkeys(cell.origin for cell in cells if cell.origin))
    name = element("span", text(outlet), class_="outlet")
    if origins:
        name += element("small", text(say("compare.via", origins)))
    marks = "".join(
        element(
            "td",
            "".join(_mark(cell, say, language) for cell in cells if cell.position == row),
        )
        for row in columns
    )
    return element("th", name, scope="row") + marks


def _mark(cell: Cell, say: Say, language: UiLanguage) -> str:
    day = format_date(cell.published_at, language) or say("compare.undated")
    label = f"{source_label(cell, language)}, {day}: {say(f'compare.{cell.state}')}"
    content = element("span", _MARKS[cell.state], aria_hidden="true") + element(
        "span", text(label), class_="unseen"
    )
    if cell.claim is None:
        return content
    return opener(
        content,
        cell.article_id,
        cell.claim.start_char,
        cell.claim.end_char,
        class_=f"mark {cell.state}",
        title=label,
    )


def _silent(matrix: Matrix, say: Say, language: UiLanguage) -> str:
    names = []
    for cell in matrix.cells:
        if cell.state == "silent":
            day = format_date(cell.published_at, language)
            names.append(source_label(cell, language) + (f" ({day})" if day else ""))
    if not names:
        return ""
    label = element("b", text(say("compare.silent_list")))
    return element("p", f"{label}: {text(' · '.join(names))}", class_="silent")


def _wording(matrix: Matrix, row: int, say: Say, language: UiLanguage) -> str:
    cells = _cells_of(matrix, row)
    return element(
        "section",
        element("h4", text(matrix.values[row]))
        + items((_statement(cell, say, language) for cell in cells), class_="statements"),
        class_="position",
    )


def _statement(cell: Cell, say: Say, language: UiLanguage) -> str:
    facts = [element("b", text(source_label(cell, language)))]
    facts.append(text(format_date(cell.published_at, language) or say("compare.undated")))
    if cell.origin:
        facts.append(text(say("compare.via", cell.origin)))
    if cell.claim is not None and cell.claim.attributed_to:
        facts.append(text(say("compare.stated_by", cell.claim.attributed_to)))
    if cell.state == "denies":
        facts.append(element("em", text(say("compare.denies"))))
    line = element("span", " · ".join(facts), class_="who")
    if cell.claim is None:
        return line
    quote = opener(
        text(in_quotation_marks(cell.claim.quote, language)),
        cell.article_id,
        cell.claim.start_char,
        cell.claim.end_char,
        class_="quote",
    )
    return quote + line
