"""`rag ui`: the page in the browser."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

import click

from rag.cli.options import quiet_option, settings_from, store_option
from rag.errors import UsageError


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=7860,
    show_default=True,
    help="0: any free one.",
)
@click.option(
    "--auth",
    metavar="USER:PASSWORD|FILE",
    help="Who may come in; needed unless --host is this machine alone.",
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="A name visitors reach the page by (repeatable), as behind a proxy.",
)
@store_option
@quiet_option
def command(
    host: str,
    port: int,
    auth: str | None,
    allowed: tuple[str, ...],
    store: Path | None,
    quiet: bool,
) -> None:
    """Open the page: ask, read the evidence, see who disagrees.

    \b
    Example:
      rag ui
      rag ui --host 0.0.0.0 --port 8080 --auth users.txt --allow-host lese.example.org
    """
    if not _is_loopback(host) and not auth:
        raise UsageError(
            f"Listening on {host!r} lets others in without a password.",
            "Give --auth USER:PASSWORD or --auth FILE, or stay on 127.0.0.1.",
        )
    settings = settings_from(store)
    listening = _listen(host, port)

    from rag.ui.gradio_import import import_gradio

    import_gradio()
    from rag.ui.serve import serve

    serve(
        settings,
        listening,
        host=host,
        auth=auth,
        allowed=allowed,
        say=(lambda line: None) if quiet else (lambda line: click.echo(line, err=True)),
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """The open port; taken before anything is loaded, so that a clash is told at once."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)  # who comes early waits, instead of being turned away
    except OSError as error:
        raise UsageError(
            f"Port {port} on {host!r} cannot be opened: {error.strerror or error}.",
            "Choose another with --port, or end the program that uses it.",
        ) from error
    return listening
