"""Shows what a language model is writing, until its checked answer takes the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from rag.cli.texts import say
from rag.types import Language


@contextmanager
def shown_draft(language: Language, console: Console) -> Iterator[Callable[[str], None]]:
    """A function that shows the draft so far; it vanishes at the end."""
    heading = Text(say("draft", language), style="dim italic")
    with Live(console=console, transient=True, auto_refresh=False) as live:

        def on_draft(draft: str) -> None:
            live.update(Group(heading, Text(draft, style="dim")), refresh=True)

        yield on_draft
