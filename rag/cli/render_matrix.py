"""The outlet × answer matrix in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rag.cli.render import show_comparison
from rag.cli.texts import say
from rag.compare.matrix import Cell, Matrix
from rag.language.typography import format_date, source_label
from rag.types import Language


def show_matrix(matrix: Matrix, console: Console) -> None:
    """Each answer with those who give it, then those who are silent, then the disagreements."""
    language = matrix.question.language
    for row, value in enumerate(matrix.values):
        console.print(Text(value, style="bold yellow"))
        for cell in matrix.cells:
            if cell.position == row and cell.state != "silent":
                console.print(Padding(_statement(cell, language), (0, 0, 0, 2)))
    silent = [_who(cell, language) for cell in matrix.cells if cell.state == "silent"]
    if silent:
        console.print(Text(say("silent", language) + ":", style="bold dim"))
        console.print(Padding(Text(" · ".join(silent), style="dim"), (0, 0, 0, 2)))
    show_comparison(matrix.comparison, language, console)


def _statement(cell: Cell, language: Language) -> Text:
    line = Text(_who(cell, language), style="bold")
    if cell.state == "denies":
        line.append(f" {say('denies', language)}", style="red")
    if cell.origin:
        line.append(f" ({cell.origin})", style="dim")
    if cell.claim is not None:
        if cell.claim.attributed_to:
            line.append(f", {say('says', language, cell.claim.attributed_to)}", style="dim")
        line.append(f": {cell.claim.quote}")
    return line


def _who(cell: Cell, language: Language) -> str:
    dated = format_date(cell.published_at, language)
    return ", ".join(part for part in (source_label(cell, language), dated) if part)
