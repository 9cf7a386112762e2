"""`rag store`: whether the index is sound, and how it is made so again."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option

if TYPE_CHECKING:
    from rag.index.store import StoreReport


@click.group()
def command() -> None:
    """Look after the index itself.

    \b
    Example:
      rag store check
      rag store check --repair
    """


@command.command("check")
@click.option("--repair", is_flag=True, help="Make anew what can be made anew.")
@store_option
@format_option
@quiet_option
def check(store: Path | None, output_format: str, quiet: bool, repair: bool) -> int:
    """Check everything in the index; exit 1 when something is wrong.

    Articles are checked against their hashes, chunks and vectors against each other, word lists
    against the chunks, and Chroma, in a process of its own, against the stored vectors.

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
