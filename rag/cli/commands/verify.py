"""`rag verify`: every citation and sentence of an export against the store."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option

if TYPE_CHECKING:
    from rag.verify import Checked


class _Share(click.FloatRange):
    """Also refuses ``nan``, which is neither below a bound nor above it."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        share: float = super().convert(value, param, ctx)
        if math.isnan(share):
            self.fail(f"{value!r} is no number.", param, ctx)
        return share


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--fail-under",
    type=_Share(0, 1),
    default=1.0,
    show_default=True,
    help="Exit with 1 when less than this share holds.",
)
@store_option
@format_option
@quiet_option
def command(
    file: Path, fail_under: float, store: Path | None, output_format: str, quiet: bool
) -> int:
    """Re-check every citation of FILE, an exported briefing or a saved answer.

    \b
    Each article must be known and unchanged, each quote exact at its offsets, each sentence
    supported by its quotes.

    \b
    Example:
      rag briefing "Treffen in Peking" --format html -o peking.html
      rag verify peking.html
    """
    from rag.verify import verify_file
    from rag.wiring import open_catalogue, open_similarity

    settings = settings_from(store)
    with open_catalogue(settings) as opened:
        opened.require_articles()
        verification = verify_file(file, opened.article, lambda: open_similarity(settings))
    if output_format == "json":
        print_json_line({"schema": 1, "file": str(file), **verification.to_json()})
    else:
        _show(verification.checked, quiet=quiet)
    return 0 if verification.score >= fail_under else 1


_PROBLEMS = {
    "unknown_article": "article not in the store",
    "changed_text": "article has changed since",
    "wrong_quote": "quote is not at its place",
    "no_citation": "no citation",
    "failed_citation": "rests on a failed citation",
    "unsupported": "not supported by its quotes",
}


def _show(checked: Sequence[Checked], *, quiet: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(show_lines=False)
    for column in ("", "markers", "text", "verdict"):
        table.add_column(column, overflow="fold")
    for each in checked:
        if quiet and each.problem is None:
            continue
        verdict = "[green]holds[/]"
        if each.problem:
            detail = f" ({each.detail})" if each.detail else ""
            verdict = f"[red]{_PROBLEMS[each.problem]}[/]" + _escaped(detail)
        markers = ", ".join(str(marker) for marker in each.markers)
        table.add_row(each.what, markers, _escaped(_short(each.text)), verdict)
    if table.row_count:
        console.print(table)
    held = sum(each.problem is None for each in checked)
    console.print(f"{held} of {len(checked)} hold.")


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:89] + "…"
