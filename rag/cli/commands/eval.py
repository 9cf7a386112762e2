"""`rag eval`: figures against reference answers, offline, without a judge model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option
from rag.errors import UsageError

if TYPE_CHECKING:
    from evals.results import RunResult
    from evals.runner import Progress
    from evals.workplace import Workplace

DEFAULT_OUT = Path("out/eval")
_FILES = click.Path(path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--suite", "suites", multiple=True, metavar="NAME", help="Default: seeds; or all.")
@click.option("--cases", multiple=True, type=_FILES, help="Own case files or folders (YAML).")
@click.option("--articles", multiple=True, type=_FILES, help="The articles own cases are about.")
@click.option("--data", type=_FILES, help="A file in the suite's own form (SQuAD, clusters …).")
@click.option("--out", type=_FILES, default=DEFAULT_OUT, show_default=True, help="Results go here.")
@click.option("--baseline", type=_FILES, help="results.json of a run to compare with.")
@click.option("--fail-under", "limits", multiple=True, metavar="METRIC=VALUE", help="For CI.")
@click.option("--compare-settings", "variants", type=_FILES, help="Ablations: a YAML, or default.")
@click.option("--peers/--no-peers", default=True, show_default=True, help="Baselines to beat.")
@click.option("--judge", is_flag=True, help="Also ask the configured language model (seeds).")
@click.option("--save-baseline", type=_FILES, help="Write a small results file to commit.")
@click.option("--limit", type=click.IntRange(1), help="Only the first cases of each suite.")
@click.option("--seed", default=0, show_default=True, help="Of the bootstrap and of the typos.")
@store_option
@format_option
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    suites: tuple[str, ...],
    cases: tuple[Path, ...],
    articles: tuple[Path, ...],
    data: Path | None,
    out: Path,
    baseline: Path | None,
    limits: tuple[str, ...],
    variants: Path | None,
    peers: bool,
    judge: bool,
    save_baseline: Path | None,
    limit: int | None,
    seed: int,
    store: Path | None,
    output_format: str,
    quiet: bool,
) -> int:
    """Run the eval set and show figures with their uncertainty.

    \b
    Example:
      rag eval
      rag eval --suite disagreement --baseline evals/baselines/disagreement.json
      rag eval --cases mine.yaml --store .rag --fail-under nugget_recall_vital=0.8
      rag eval new mine.yaml --store .rag
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from evals.figures import baseline_differences, check_limits, parse_limits
    from evals.output import as_baseline, results_text, write_run
    from evals.results import read_run

    asked = parse_limits(limits)
    before = read_run(baseline) if baseline else None
    names = _suites(suites)
    with _progress(quiet) as on_progress:
        place = _place(store, out, cases, articles, data, peers, judge, limit, seed, on_progress)
        run = _run(names, place, variants)
    against = baseline_differences(run, before, seed=seed) if before else {}
    write_run(run, out, before, against, seed=seed)
    checks = check_limits(run, asked)
    if save_baseline:
        save_baseline.write_text(results_text(as_baseline(run), seed=seed), encoding="utf-8")
    if output_format == "json":
        _print_json(run, against, checks, seed)
    elif not quiet:
        from rich.console import Console

        from evals.table import show_checks, show_run

        console = Console()
        show_run(run, console, against, seed)
        show_checks(checks, console)
        console.print(f"Report: {out / 'report.html'}", style="dim")
    if not run.is_complete:
        raise KeyboardInterrupt
    return 0 if all(check.holds for check in checks) else 1


@command.command("new")
@click.argument("file", type=_FILES)
@click.option("--from-feedback", type=_FILES, help="JSONL of answers that users judged.")
@store_option
@quiet_option
def new_command(file: Path, from_feedback: Path | None, store: Path | None, quiet: bool) -> None:
    """Begin a case FILE for the articles in the store; it is checked when it is run.

    \b
    Example:
      rag eval new mine.yaml --store .rag
      rag eval new mine.yaml --from-feedback feedback.jsonl
    """
    from evals.new_cases import write_case_file
    from rag.wiring import open_catalogue

    with open_catalogue(settings_from(store)) as catalogue:
        count = write_case_file(file, catalogue.articles(), from_feedback)
    if not quiet:
        click.echo(f"{file}: {count} cases begun. Complete them, then: rag eval --cases {file}")


def _suites(asked: tuple[str, ...]) -> tuple[str, ...]:
    from evals.evaluate import SUITES

    if "all" in asked:
        return SUITES
    for name in asked:
        if name not in SUITES:
            raise UsageError(f"There is no suite {name!r}.", f"Choose among: {', '.join(SUITES)}.")
    return asked or ("seeds",)


def _place(
    store: Path | None,
    out: Path,
    cases: tuple[Path, ...],
    articles: tuple[Path, ...],
    data: Path | None,
    peers: bool,
    judge: bool,
    limit: int | None,
    seed: int,
    on_progress: Progress,
) -> Workplace:
    from evals.workplace import Workplace

    for path in (*cases, *articles, *([data] if data else [])):
        if not path.exists():
            raise UsageError(f"There is no file or folder {str(path)!r}.", "Check the path.")
    return Workplace(
        settings=settings_from(store),
        out=out,
        cases=cases,
        articles=articles,
        data=data,
        with_peers=peers,
        with_judge=judge,
        limit=limit,
        seed=seed,
        on_progress=on_progress,
    )


def _run(names: tuple[str, ...], place: Workplace, variants: Path | None) -> RunResult:
    if variants is None:
        from evals.evaluate import run_suites

        return run_suites(names, place)
    from evals.ablations import run_variants

    return run_variants(names, place, None if str(variants) == "default" else variants)


def _print_json(run: RunResult, against: object, checks: object, seed: int) -> None:
    from dataclasses import asdict
    from typing import Any, cast

    from evals.figures import summary_of

    print_json_line(
        {
            "schema": 1,
            "about": run.about,
            "is_complete": run.is_complete,
            "suites": summary_of(run, seed=seed),
            "against_baseline": {
                suite: {name: asdict(found) for name, found in rows.items()}
                for suite, rows in cast("dict[str, dict[str, Any]]", against).items()
            },
            "checks": [
                {
                    "metric": check.metric.name,
                    "limit": check.limit,
                    "value": check.value,
                    "holds": check.holds,
                }
                for check in cast("list[Any]", checks)
            ],
        }
    )


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """A bar on stderr while somebody watches; nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield lambda system, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        tasks: dict[str, int] = {}

        def on_progress(system: str, done: int, total: int) -> None:
            if system not in tasks:
                tasks[system] = bar.add_task(system, total=total or None)
            bar.update(tasks[system], completed=done, total=total or None)  # type: ignore[arg-type]

        yield on_progress
