"""`rag models`: the models configured, where their weights lie, whether they load."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from

if TYPE_CHECKING:
    from rag.index.weights import ModelInfo


@click.group(invoke_without_command=True)
@format_option
@quiet_option
@click.pass_context
def command(ctx: click.Context, output_format: str, quiet: bool) -> None:
    """Show the models that are configured and whether they are ready.

    \b
    Example:
      rag models
      rag models prepare
    """
    if ctx.invoked_subcommand is not None:
        return
    from rag.index.weights import describe

    infos = describe(settings_from(None).embedding)
    if output_format == "json":
        rows = [
            {**dataclasses.asdict(info), "path": str(info.path) if info.path else None}
            for info in infos
        ]
        print_json_line({"schema": 1, "models": rows})
    else:
        _show(infos)


@command.command("prepare")
@quiet_option
def prepare_command(quiet: bool) -> None:
    """Make the embedding model ready for offline use; takes seconds, and nothing when done.

    \b
    Example:
      rag models prepare
    """
    from rag.index.weights import prepare

    embedding = settings_from(None).embedding

    def show(done: int, total: int) -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(
                f"\rPreparing {embedding.model}: {100 * done // max(total, 1)} %",
                nl=False,
                err=True,
            )

    folder = prepare(embedding.model, embedding.models_dir, show)
    if not quiet:
        click.echo(f"{embedding.model} is ready in {folder}", err=True)


def _show(infos: list[ModelInfo]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for info in infos:
        state = Text("ready  ", style="green") if info.is_ready else Text("missing  ", style="red")
        state.append(info.name, style="bold")
        console.print(state)
        if info.is_ready:
            console.print(f"  {info.dimension} dimensions, {info.size_bytes / 1e6:.0f} MB")
            console.print(Text(f"  {info.path}", style="dim"))
        else:
            console.print(Text(f"  {info.problem} {info.hint}"))
