"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from rag.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])


def store_option(command: F) -> F:
    """``--store DIR``."""
    return click.option(
        "--store",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="The folder of the index (environment RAG_STORE; default .rag).",
    )(command)


def format_option(command: F) -> F:
    """``--format text|json``."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How results are printed.",
    )(command)


def quiet_option(command: F) -> F:
    """``--quiet``."""
    return click.option("--quiet", is_flag=True, help="No progress and no messages.")(command)


def top_k_option(command: F) -> F:
    """``--top-k N``."""
    return click.option(
        "--top-k", type=click.IntRange(1, 200), default=None, help="How many passages are used."
    )(command)


def filter_options(command: F) -> F:
    """``--outlet``, ``--from``, ``--to``."""
    command = click.option(
        "--to", "published_to", metavar="DATE", default=None, help="Published on or before."
    )(command)
    command = click.option(
        "--from", "published_from", metavar="DATE", default=None, help="Published on or after."
    )(command)
    return click.option(
        "--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet (repeatable)."
    )(command)


def answer_flags(with_llm: bool | None, no_fallback: bool) -> dict[str, Any]:
    """The answer settings of ``--llm/--no-llm`` and ``--no-fallback``."""
    flags: dict[str, Any] = {"fallback": False} if no_fallback else {}
    if with_llm is not None:
        flags["mode"] = "llm" if with_llm else "extractive"
    return flags


def settings_from(store: Path | None, **sections: dict[str, Any]) -> Settings:
    """The settings in force with the flags that were given."""
    flags: dict[str, Any] = {name: values for name, values in sections.items() if values}
    if store is not None:
        flags["store"] = {**flags.get("store", {}), "path": store}
    return load_settings(**flags)
