"""`rag search`: the retrieval alone."""

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
@click.argument("query", required=False)
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
    query: str | None,
    batch: Path | None,
    outlets: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    top_k: int | None,
    store: Path | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Rank the passages for a QUERY, with their dense, lexical and fused scores.

    \b
    Example:
      rag search "Militärparade in Peking" --top-k 5
    """
    questions = questions_of(
        query, batch, outlets=outlets, published_from=published_from, published_to=published_to
    )
    settings = settings_from(store, retrieve={"top_k": top_k} if top_k else {})

    from rag.interchange import search_to_json
    from rag.pipeline import search
    from rag.wiring import open_deps

    with open_deps(settings) as deps:
        deps.store.require_articles()
        for one in questions:
            retrieval = search(one, deps)
            if batch is not None or output_format == "json":
                print_json_line(search_to_json(one, retrieval.passages))
            else:
                from rich.console import Console

                from rag.cli.render import show_passages

                show_passages(retrieval.passages, one.language, Console())
