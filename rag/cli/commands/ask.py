"""`rag ask`: a cited answer and the disagreements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line, questions_of
from rag.cli.options import (
    answer_flags,
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
@click.option(
    "--batch",
    type=click.Path(path_type=Path, allow_dash=True),
    help="JSONL with {id, question, …} a line (- for stdin); one JSON object a line comes out.",
)
@click.option(
    "--llm/--no-llm",
    "with_llm",
    default=None,
    help="Let the configured language model write, or only the sources.",
)
@click.option("--no-fallback", is_flag=True, help="Exit 5 when the language model fails.")
@click.option("--no-cache", is_flag=True, help="Ask the language model anew.")
@filter_options
@top_k_option
@store_option
@format_option
@quiet_option
def command(
    question: str | None,
    batch: Path | None,
    with_llm: bool | None,
    no_fallback: bool,
    no_cache: bool,
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
    settings = settings_from(
        store,
        retrieve={"top_k": top_k} if top_k else {},
        answer=answer_flags(with_llm, no_fallback),
        llm={"cache": False} if no_cache else {},
    )

    from rag.interchange import answer_to_json
    from rag.pipeline import ask
    from rag.wiring import open_deps

    with open_deps(settings) as deps:
        deps.store.require_articles()
        for one in questions:
            if batch is not None or output_format == "json":
                print_json_line(answer_to_json(ask(one, deps)))
            else:
                _show(one, deps, quiet)


def _show(question: Question, deps: Deps, quiet: bool) -> None:
    """The answer for people; what a language model writes is shown as it comes, then checked."""
    from rich.console import Console

    from rag.cli.render import show_answer
    from rag.pipeline import ask

    console = Console()
    if deps.model is None or quiet or not console.is_terminal:
        show_answer(ask(question, deps), console)
        return
    from rag.cli.drafts import shown_draft

    with shown_draft(question.language, console) as on_draft:
        answer = ask(question, deps, on_draft=on_draft)
    show_answer(answer, console)
