"""`rag store`: whether the index is sound, and how it is made so again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option
from rag.cli.progress import progress_bar

if TYPE_CHECKING:
    from rag.index.store import StoreReport

_Command = TypeVar("_Command", bound=Callable[..., object])


@click.group()
def command() -> None:
    """Look after the index itself.

    \b
    Example:
      rag store check
      rag store check --repair
      rag store backup news.gegenlese
    """


@command.command("check")
@click.option("--repair", is_flag=True, help="Make anew what can be made anew.")
@store_option
@format_option
@quiet_option
def check(store: Path | None, output_format: str, quiet: bool, repair: bool) -> int:
    """Check everything in the index; exit 1 when something is wrong.

    Articles are checked against their checksums, chunks and vectors against each other, word lists
    against the chunks, and Chroma, in a process of its own, against the stored vectors. With
    --repair, whole articles are taken into a new catalogue where the old one is broken, and what
    is made from articles is made anew; what is lost is named.

    \b
    Example:
      rag store check
      rag store check --repair
    """
    from rag.index.upkeep import check_store, repair_store

    settings = settings_from(store)
    done = repair_store(settings.store) if repair else []
    report = check_store(settings.store)
    if output_format == "json":
        print_json_line(
            {
                "schema": 1,
                "store": str(settings.store.path),
                "is_sound": report.is_sound,
                **asdict(report),
                "repaired": done,
            }
        )
    else:
        _show(report, done, quiet=quiet)
    return 0 if report.is_sound else 1


def _show(report: StoreReport, done: list[str], *, quiet: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for line in done:
        console.print(Text(f"repaired: {line}"))
    for problem in report.problems:
        console.print(Text(f"✗ {problem}", style="red"))
    if not report.is_sound:
        console.print(Text("Run `rag store check --repair`."))
    elif not quiet:
        counts = report.counts
        console.print(f"✓ sound: {counts.articles} articles, {counts.chunks} chunks")


def _copying(file: str, replaces: str) -> Callable[[_Command], _Command]:
    """What backing up and restoring are given: a file, whether it replaces, and the usual."""

    def given(function: _Command) -> _Command:
        for option in (
            quiet_option,
            format_option,
            store_option,
            click.option("--replace", is_flag=True, help=replaces),
            click.argument(file, type=click.Path(path_type=Path, dir_okay=False)),
        ):
            function = option(function)
        return function

    return given


@command.command("backup")
@_copying("target", "Overwrite a file of that name.")
def backup(
    target: Path, replace: bool, store: Path | None, output_format: str, quiet: bool
) -> None:
    """Write one state of the store to the file TARGET, while it may be in use.

    \b
    Example:
      rag store backup /backups/news-2025-09-03.gegenlese
    """
    from rag.index.backup import back_up

    settings = settings_from(store)
    with progress_bar(quiet) as shown:
        counts = back_up(settings.store, target, replace=replace, progress=shown)
    _say(asdict(counts), f"backed up: {counts.articles} articles", output_format, quiet=quiet)


@command.command("restore")
@_copying("source", "Put it in the place of what the store holds.")
def restore_command(
    source: Path, replace: bool, store: Path | None, output_format: str, quiet: bool
) -> None:
    """Fill the store from the backup SOURCE: all of it or nothing.

    A backup of a folder fills a PostgreSQL catalogue as well, and the other way round.

    \b
    Example:
      rag store restore /backups/news-2025-09-03.gegenlese --store new/
    """
    from rag.index.backup import restore

    settings = settings_from(store)
    with progress_bar(quiet) as shown:
        counts = restore(source, settings.store, replace=replace, progress=shown)
    _say(asdict(counts), f"restored: {counts.articles} articles", output_format, quiet=quiet)


@command.command("reembed")
@click.option("--model", required=True, help="A sentence-transformers name or folder.")
@store_option
@format_option
@quiet_option
def reembed(model: str, store: Path | None, output_format: str, quiet: bool) -> None:
    """Give the store the vectors of another model; it is asked as before until the switch.

    What was stopped goes on with the same command. Running programs follow by themselves; where
    embedding.model is set, set it to the new one.

    \b
    Example:
      rag store reembed --model intfloat/multilingual-e5-large
    """
    from rag.wiring import reembed_store

    settings = settings_from(store)
    with progress_bar(quiet) as shown:
        chunks, dimension = reembed_store(settings, model, progress=shown)
    said = f"{chunks} chunks have vectors of {model} ({dimension} numbers) now"
    _say({"chunks": chunks, "model": model, "dimension": dimension}, said, output_format,
         quiet=quiet)  # fmt: skip


def _say(row: dict[str, object], text: str, output_format: str, *, quiet: bool) -> None:
    if output_format == "json":
        print_json_line({"schema": 1, **row})
    elif not quiet:
        click.echo(text, err=True)
