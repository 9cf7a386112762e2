"""`rag compare`: what each outlet says, denies or leaves out; all conflicts of the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line, questions_of
from rag.cli.options import (
    filter_options,
    format_option,
    quiet_option,
    settings_from,
    store_option,
    top_k_option,
)

if TYPE_CHECKING:
    from rag.types import Question
    from rag.wiring import Deps


@click.command()
@click.argument("question", required=False)
@click.option("--explain", is_flag=True, help="Say for each pair why it was reported or not.")
@click.option(
    "--most",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="Conflicts listed when no question is given.",
)
@filter_options
@top_k_option
@store_option
@format_option
@quiet_option
def command(
    question: str | None,
    explain: bool,
    most: int,
    outlets: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    top_k: int | None,
    store: Path | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Show what each outlet answers to a QUESTION; without one, all conflicts of the store.

    \b
    Example:
      rag compare "Wo fand das Treffen statt?"
      rag compare --most 20
    """
    # Without a question there is still a frame for the filters; its text is never read.
    [asked] = questions_of(
        question if question is not None else "–",
        None,
        outlets=outlets,
        published_from=published_from,
        published_to=published_to,
    )
    settings = settings_from(store, retrieve={"top_k": top_k} if top_k else {})
    from rag.wiring import open_deps

    with open_deps(settings) as deps:
        deps.store.require_articles()
        if question is not None:
            _show_matrix(asked, deps, explain, output_format)
        else:
            _show_store(asked, deps, explain, most, output_format)


def _show_matrix(question: Question, deps: Deps, explain: bool, output_format: str) -> None:
    from rag.interchange import matrix_to_json
    from rag.pipeline import compare

    matrix = compare(question, deps, explain=explain)
    if output_format == "json":
        print_json_line(matrix_to_json(matrix))
        return
    from rich.console import Console

    from rag.cli.render_matrix import show_matrix

    show_matrix(matrix, Console())


def _show_store(
    question: Question, deps: Deps, explain: bool, most: int, output_format: str
) -> None:
    from rag.interchange import comparison_to_json
    from rag.pipeline import compare_store

    comparison, language = compare_store(question, deps, most=most, explain=explain)
    if output_format == "json":
        print_json_line(comparison_to_json(comparison))
        return
    from rich.console import Console

    from rag.cli.render import show_comparison

    show_comparison(comparison, language, Console())
