"""`rag briefing`: a page on a topic, every sentence cited."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal, cast

import click

from rag.cli.batch import questions_of
from rag.cli.options import (
    answer_flags,
    filter_options,
    quiet_option,
    settings_from,
    store_option,
)
from rag.types import BriefingLength, Language

Form = Literal["md", "html", "json", "pdf", "text"]
_BY_SUFFIX: dict[str, Form] = {
    ".md": "md",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".pdf": "pdf",
    ".txt": "text",
}
_STAGES = {
    "gather": "gathering articles",
    "events": "events",
    "statements": "forming statements",
    "compare": "comparing the sources",
    "sections": "language model: sections",
    "write": "writing",
}


@click.command()
@click.argument("topic", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "html", "json", "pdf", "text"]),
    default=None,
    help="By default what -o ends with, else text.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file."
)
@click.option(
    "--length", type=click.Choice(["short", "normal", "long"]), default="normal", show_default=True
)
@click.option(
    "--language",
    type=click.Choice(["de", "en"]),
    default=None,
    help="Of headings; by default what most of the articles are in.",
)
@click.option(
    "--llm/--no-llm",
    "with_llm",
    default=None,
    help="Let the configured language model word the sections, or only the sources.",
)
@click.option("--no-fallback", is_flag=True, help="Exit 5 when the language model fails.")
@click.option("--no-cache", is_flag=True, help="Ask the language model anew.")
@filter_options
@store_option
@quiet_option
def command(
    topic: str | None,
    form: str | None,
    output: Path | None,
    length: str,
    language: str | None,
    with_llm: bool | None,
    no_fallback: bool,
    no_cache: bool,
    outlets: tuple[str, ...],
    published_from: str | None,
    published_to: str | None,
    store: Path | None,
    quiet: bool,
) -> None:
    """Brief on a TOPIC: what all agree on, where they differ, in what order it happened.

    Without TOPIC, the main events of the whole store.

    \b
    Example:
      rag briefing "Treffen von Putin und Kim in Peking"
      rag briefing "Treffen in Peking" --length short -o peking.html
    """
    asked = questions_of(
        # The filters are checked with the topic; a stand-in carries them where there is none.
        "*" if topic is None else topic,
        None,
        outlets=outlets,
        published_from=published_from,
        published_to=published_to,
    )[0]
    chosen = cast(Form, form or (_BY_SUFFIX.get(output.suffix.lower(), "md") if output else "text"))

    from rag.briefing.export import export
    from rag.briefing.files import write_whole
    from rag.pipeline import brief
    from rag.wiring import open_deps

    settings = settings_from(
        store,
        answer=answer_flags(with_llm, no_fallback),
        llm={"cache": False} if no_cache else {},
    )
    with open_deps(settings) as deps:
        deps.store.require_articles()
        briefing = brief(
            None if topic is None else asked,
            deps,
            length=cast(BriefingLength, length),
            language=cast("Language | None", language),
            filters=asked,
            on_progress=_silent if quiet else _progress,
        )
    data = export(briefing, chosen)
    if output is not None:
        write_whole(output, data)
        if not quiet:
            click.echo(f"{output}: {len(briefing.citations)} citations.", err=True)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _progress(stage: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{_STAGES.get(stage, stage)} … {done}/{total}", err=True, nl=False)
        if stage == "write" and done == total:
            click.echo("\r\x1b[K", err=True, nl=False)
    else:
        click.echo(f"{_STAGES.get(stage, stage)} {done}/{total}", err=True)


def _silent(stage: str, done: int, total: int) -> None:
    """No progress."""
