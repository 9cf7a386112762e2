"""The outlet × answer matrix and disagreements as Markdown and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as html_escape
from pathlib import Path

from rag.briefing.export_markdown import escape
from rag.cli.texts import say
from rag.compare.matrix import Cell, Matrix
from rag.language.typography import format_date, in_quotation_marks, source_label
from rag.types import Comparison, Disagreement, Language, PositionClaim

_CSS = Path(__file__).resolve().parent.parent / "data" / "briefing.css"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def matrix_to_markdown(matrix: Matrix) -> str:
    """Who says what, word for word, then where the answers differ."""
    language = matrix.question.language
    lines = [f"# {escape(matrix.question.text)}", ""]
    for row, value in enumerate(matrix.values):
        lines += [f"## {escape(value)}", ""]
        lines += [f"- {_cell_markdown(cell, language)}" for cell in _stating(matrix, row)]
        lines.append("")
    silent = _silent(matrix)
    if silent:
        named = " · ".join(escape(_who(cell, language)) for cell in silent)
        lines += [f"*{say('silent', language)}:* {named}", ""]
    return "\n".join(lines) + "\n" + comparison_to_markdown(matrix.comparison, language)


def comparison_to_markdown(comparison: Comparison, language: Language) -> str:
    """All disagreements with both sides."""
    lines: list[str] = []
    if not comparison.disagreements:
        lines += [say("no_conflicts", language), ""]
    for found in comparison.disagreements:
        lines += [f"### {escape(_title(found, language))}", ""]
        for position in found.positions:
            lines.append(f"- **{escape(position.value.strip())}**")
            lines += [f"  - {escape(_claim(each, language))}" for each in position.claims]
        lines += ["", f"*{escape(found.explanation)}*", ""]
    lines.append(_pairs(comparison, language))
    return "\n".join(lines) + "\n"


def matrix_to_html(matrix: Matrix) -> str:
    """A table with a row for each outlet and a column for each answer, then the differences."""
    language = matrix.question.language
    head = "".join(f"<th>{html_escape(value)}</th>" for value in matrix.values)
    rows = [_row(cell, matrix, language) for cell in matrix.cells if cell.state != "silent"]
    rows += [_row(cell, matrix, language) for cell in _silent(matrix)]
    table = (
        f"<div class='scroll'><table class='answers'><thead><tr><th></th>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    return _page(matrix.question.text, table + _differences(matrix.comparison, language), language)


def comparison_to_html(comparison: Comparison, language: Language) -> str:
    """All disagreements of a store on one page."""
    return _page(say("conflicts", language), _differences(comparison, language), language)


def _page(title: str, body: str, language: Language) -> str:
    tongue = "de" if language == "de" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{tongue}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{html_escape(title)}</title>"
        f"<style>{_CSS.read_text(encoding='utf-8')}</style></head><body>"
        f"<h1>{html_escape(title)}</h1>{body}</body></html>\n"
    )


def _row(cell: Cell, matrix: Matrix, language: Language) -> str:
    who = html_escape(_who(cell, language))
    if cell.state == "silent":
        width = max(1, len(matrix.values))
        silent = html_escape(say("silent", language))
        return f"<tr><th>{who}</th><td colspan='{width}' class='note'>{silent}</td></tr>"
    quote = html_escape(_stated(cell, language))
    cells = "".join(
        f"<td>{quote if cell.position == row else ''}</td>" for row in range(len(matrix.values))
    )
    return f"<tr><th>{who}</th>{cells}</tr>"


def _differences(comparison: Comparison, language: Language) -> str:
    return "".join(_parts(comparison, language))


def _parts(comparison: Comparison, language: Language) -> Iterator[str]:
    if not comparison.disagreements:
        yield f"<p>{html_escape(say('no_conflicts', language))}</p>"
    for found in comparison.disagreements:
        yield f"<h2>{html_escape(_title(found, language))}</h2><ul class='clash'>"
        for position in found.positions:
            claims = "".join(
                f"<li>{html_escape(_claim(each, language))}</li>" for each in position.claims
            )
            yield f"<li><b>{html_escape(position.value.strip())}</b><ul>{claims}</ul></li>"
        yield f"</ul><p class='note'>{html_escape(found.explanation)}</p>"
    yield f"<p class='note'>{html_escape(_pairs(comparison, language))}</p>"


def _stating(matrix: Matrix, row: int) -> Iterator[Cell]:
    return (cell for cell in matrix.cells if cell.position == row and cell.state != "silent")


def _silent(matrix: Matrix) -> list[Cell]:
    return [cell for cell in matrix.cells if cell.state == "silent"]


def _cell_markdown(cell: Cell, language: Language) -> str:
    origin = f" ({escape(cell.origin)})" if cell.origin else ""
    return f"**{escape(_who(cell, language))}**{origin}: {escape(_stated(cell, language))}"


def _stated(cell: Cell, language: Language) -> str:
    """What the outlet says, word for word, and whom it has it from."""
    denies = f"{say('denies', language)}: " if cell.state == "denies" else ""
    if cell.claim is None:
        return f"{denies}{cell.value or ''}"
    said = (
        f" ({say('says', language, cell.claim.attributed_to)})" if cell.claim.attributed_to else ""
    )
    return f"{denies}{in_quotation_marks(_plain(cell.claim.quote), language)}{said}"


def _claim(claim: PositionClaim, language: Language) -> str:
    dated = format_date(claim.published_at, language) or say("no_date", language)
    said = f", {say('says', language, claim.attributed_to)}" if claim.attributed_to else ""
    quote = in_quotation_marks(_plain(claim.quote), language)
    return f"{source_label(claim, language)}, {dated}{said}: {quote}"


def _title(found: Disagreement, language: Language) -> str:
    return f"{found.aspect} ({say(found.kind, language)} · {say(found.status, language)})"


def _pairs(comparison: Comparison, language: Language) -> str:
    return say("pairs", language, comparison.pairs_compared, comparison.pairs_not_compared)


def _who(cell: Cell, language: Language) -> str:
    dated = format_date(cell.published_at, language)
    return ", ".join(part for part in (source_label(cell, language), dated) if part)


def _plain(text: str) -> str:
    return " ".join(text.split())
