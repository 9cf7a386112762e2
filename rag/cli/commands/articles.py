"""`rag articles`: what is indexed; one article with its text, metadata and origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from, store_option
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.types import Article


@click.group(invoke_without_command=True)
@store_option
@format_option
@quiet_option
@click.pass_context
def command(ctx: click.Context, store: Path | None, output_format: str, quiet: bool) -> None:
    """List what is indexed; `rag articles show ID` prints one article.

    \b
    Example:
      rag articles
      rag articles show peking-2025/nordblick --format json
    """
    if ctx.invoked_subcommand is not None:
        return
    from rag.interchange import article_to_json
    from rag.wiring import open_catalogue

    with open_catalogue(settings_from(store)) as opened:
        opened.require_articles()
        articles = opened.articles()
        if output_format == "json":
            rows = [
                article_to_json(one, chunks=len(opened.chunks_of(one.article_id)), with_text=False)
                for one in articles
            ]
            print_json_line({"schema": 1, "articles": rows})
        else:
            _show_list(articles)


@command.command("show")
@click.argument("article_id")
@store_option
@format_option
@quiet_option
def show(article_id: str, store: Path | None, output_format: str, quiet: bool) -> None:
    """Print one article: cleaned text, metadata, origin, and what cleaning removed.

    \b
    Example:
      rag articles show peking-2025/nordblick
    """
    from rag.interchange import article_to_json
    from rag.wiring import open_catalogue

    with open_catalogue(settings_from(store)) as opened:
        article = opened.article(article_id)
        if article is None:
            raise UsageError(
                f"There is no article {article_id!r} in the store.", "`rag articles` lists all."
            )
        if output_format == "json":
            print_json_line(article_to_json(article, chunks=len(opened.chunks_of(article_id))))
        else:
            _show_one(article)


def _show_list(articles: tuple[Article, ...]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for one in articles:
        line = Text(one.article_id, style="cyan")
        line.append(f"  {one.source or 'no outlet stated'}", style="bold")
        facts = (
            one.published_at,
            one.language,
            f"origin {one.origin}" if one.origin else None,
            f"copy of {one.duplicate_of}" if one.duplicate_of else None,
        )
        line.append("  " + " · ".join(fact for fact in facts if fact), style="dim")
        console.print(line)
        if one.title:
            console.print(Text(f"    {one.title}"))


def _show_one(article: Article) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    console.print(Text(article.title or article.article_id, style="bold"))
    facts = (
        article.source,
        article.published_at,
        ", ".join(article.authors),
        f"origin: {article.origin}" if article.origin else None,
        f"copy of {article.duplicate_of}" if article.duplicate_of else None,
        article.url,
    )
    console.print(Text(" · ".join(fact for fact in facts if fact), style="dim"))
    console.print()
    console.print(Text(article.text))
    if article.removed:
        console.print(Text("\nRemoved when cleaning:", style="bold dim"))
        for removal in article.removed:
            console.print(Text(f"  {removal.reason}: {removal.text}", style="dim"))
