"""`rag ask`: a cited answer and the disagreements."""

from __future__ import annotations

from pathlib import Path

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


@click.command()
@click.argument("question", required=False)
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True),
    help="JSONL with {id, question, …} a line (- for stdin); one JSON object a line comes out.",
)
@filter_options
@top_k_option
@store_option
@format_option
@quiet_option
def command(
    question: str | None,
    batch: Path | None,
    outlets: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    top_k: int | None,
    store: Path | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Answer a QUESTION with cited sentences; say where the sources contradict each other.

    \b
    Example:
      rag ask "Wie viele Soldaten starben?"
      rag ask "Who met whom?" --outlet "Deutsche Welle" --from 2025-09-01 --format json
    """
    questions = questions_of(
        question, batch, outlets=outlets, published_from=published_from, published_to=published_to
    )
    settings = settings_from(store, retrieve={"top_k": top_k} if top_k else {})

    from rag.interchange import answer_to_json
    from rag.pipeline import ask
    from rag.wiring import open_deps

    with open_deps(settings) as deps:
        deps.store.require_articles()
        for one in questions:
            answer = ask(one, deps)
            if batch is not None or output_format == "json":
                print_json_line(answer_to_json(answer))
            else:
                from rich.console import Console

                from rag.cli.render import show_answer

                show_answer(answer, Console())
