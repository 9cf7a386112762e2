"""`rag ingest`: files → index."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.index.build import BuildReport, Report

MAX_SHOWN = 20
"""Rejections listed one by one; the JSON has all."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--remove", "remove", multiple=True, metavar="ID", help="Forget this article.")
@click.option("--prune", is_flag=True, help="Forget what is no longer under PATH.")
@click.option(
    "--ray",
    metavar="ADDRESS",
    help="Clean, split and embed on a Ray cluster: host:port, or auto for this machine's.",
)
@click.option("--rebuild", is_flag=True, help="Make the index anew with the settings in force.")
@store_option
@format_option
@quiet_option
def command(
    paths: tuple[Path, ...],
    remove: tuple[str, ...],
    prune: bool,
    rebuild: bool,
    ray: str | None,
    store: Path | None,
    output_format: str,
    quiet: bool,
) -> None:
    """Read, clean, chunk, embed and index the articles under PATHS; what is known costs nothing.

    \b
    Example:
      rag ingest seeds
      rag ingest news.jsonl more/ --prune
      rag ingest archive/ --ray auto
      rag ingest --remove peking-2025/nordblick
    """
    if not paths and not remove:
        raise UsageError("Nothing to ingest.", "Give a file or a folder: rag ingest seeds")
    settings = settings_from(store)

    from rag.collection import remove_articles
    from rag.index.build import BuildReport, check_paths
    from rag.pipeline import ingest
    from rag.wiring import open_deps

    check_paths(paths)
    report = BuildReport()
    with open_deps(settings, mode="write", rebuild=rebuild) as deps:
        if remove:
            remove_articles(remove, deps)
        if paths:
            with _progress(quiet) as on_progress:
                report = ingest(paths, deps, prune=prune, on_progress=on_progress, ray=ray)
    report.removed[:0] = remove
    if output_format == "json":
        print_json_line(report_to_json(report))
    elif not quiet:
        _show(report)


def report_to_json(report: BuildReport) -> dict[str, Any]:
    """What ``rag ingest --format json`` prints."""
    return {
        "schema": 1,
        "read": report.read,
        "new": report.new,
        "changed": report.changed,
        "unchanged": len(report.unchanged),
        "removed": report.removed,
        "duplicates": report.duplicates,
        "rejected": [
            {"path": r.path, "line": r.line, "reason": r.reason, "hint": r.hint}
            for r in report.rejected
        ],
        "seconds": {stage: round(took, 3) for stage, took in report.seconds.items()},
    }


def _show(report: BuildReport) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False)
    console.print(
        f"{report.read} read: {len(report.new)} new, {len(report.changed)} changed, "
        f"{len(report.unchanged)} unchanged; {len(report.duplicates)} copies of others, "
        f"{len(report.removed)} removed, {len(report.rejected)} rejected"
    )
    for rejection in report.rejected[:MAX_SHOWN]:
        where = rejection.path + (f", line {rejection.line}" if rejection.line else "")
        console.print(
            f"[yellow]rejected[/] {escape(_printable(where))}: {escape(rejection.reason)}. "
            f"[dim]{escape(rejection.hint)}[/]"
        )
    if len(report.rejected) > MAX_SHOWN:
        console.print(f"… and {len(report.rejected) - MAX_SHOWN} more (--format json lists all)")


def _printable(text: str) -> str:
    # A file name may hold line breaks or direction marks; shown as escapes they harm nobody.
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


@contextmanager
def _progress(quiet: bool) -> Iterator[Report]:
    """A bar on stderr while somebody watches; nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        tasks: dict[str, Any] = {}

        def on_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total or None)
            bar.update(tasks[stage], completed=done, total=total or None)

        yield on_progress
