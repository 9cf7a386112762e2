"""`rag compare`: what each outlet says, denies or leaves out; all conflicts of the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli.batch import json_line, print_page, questions_of
from rag.cli.options import (
    filter_options,
    quiet_option,
    settings_from,
    store_option,
    top_k_option,
)
from rag.errors import UsageError

_BY_SUFFIX = {".md": "md", ".html": "html", ".htm": "html", ".json": "json"}

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
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "md", "html"]),
    default=None,
    help="By default what -o ends with, else text.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."
)
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
    output_format: str | None,
    output: Path | None,
    quiet: bool,
) -> None:
    """Show what each outlet answers to a QUESTION; without one, all conflicts of the store.

    \b
    Example:
      rag compare "Wo fand das Treffen statt?"
      rag compare --most 20
      rag compare "Wo fand das Treffen statt?" -o treffen.html
    """
    form = output_format or (_BY_SUFFIX.get(output.suffix.lower(), "md") if output else "text")
    if output is not None and form == "text":
        raise UsageError("Text is for the terminal.", "Write -o FILE as md, html or json.")
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
            page = _show_matrix(asked, deps, explain, form)
        else:
            page = _show_store(asked, deps, explain, most, form)
    if output is None:
        print_page(page)
        return
    from rag.briefing.files import write_whole

    write_whole(output, page.encode("utf-8", "replace"))


def _show_matrix(question: Question, deps: Deps, explain: bool, form: str) -> str:
    """The page, or "" where it was printed for the terminal."""
    from rag.interchange import matrix_to_json
    from rag.pipeline import compare

    matrix = compare(question, deps, explain=explain)
    if form == "json":
        return json_line(matrix_to_json(matrix))
    if form != "text":
        from rag.cli.compare_page import matrix_to_html, matrix_to_markdown

        return matrix_to_html(matrix) if form == "html" else matrix_to_markdown(matrix)
    from rich.console import Console

    from rag.cli.render_matrix import show_matrix

    show_matrix(matrix, Console())
    return ""


def _show_store(question: Question, deps: Deps, explain: bool, most: int, form: str) -> str:
    from rag.interchange import comparison_to_json
    from rag.pipeline import compare_store

    comparison, language = compare_store(question, deps, most=most, explain=explain)
    if form == "json":
        return json_line(comparison_to_json(comparison))
    if form != "text":
        from rag.cli.compare_page import comparison_to_html, comparison_to_markdown

        if form == "html":
            return comparison_to_html(comparison, language)
        return comparison_to_markdown(comparison, language)
    from rich.console import Console

    from rag.cli.render import show_comparison

    show_comparison(comparison, language, Console())
    return ""
