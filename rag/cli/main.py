"""The command `rag`: finds the command asked for, translates errors into two lines and a code.

Commands are imported only when asked for, so that `rag --help` stays quick.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from typing import Any, NoReturn

import click

from rag.errors import RagError

COMMANDS = {
    "ingest": "Read, clean, chunk, embed and index articles.",
    "articles": "What is indexed; one article with its text and origin.",
    "ask": "A cited answer and the disagreements.",
    "search": "The retrieval alone: ranked passages with scores.",
    "compare": "What each outlet says, denies or leaves out.",
    "briefing": "A cited page on a topic: agreement, disagreement, timeline, who said what.",
    "store": "Check the index; `store check --repair` mends it.",
    "verify": "Re-check every citation of an exported answer or briefing.",
    "prompts": "The prompts a language model is given.",
    "eval": "Figures against reference answers, with their uncertainty.",
    "ui": "The page in the browser: ask, read, compare, brief.",
    "models": "The models configured; `models prepare` makes the default ready offline.",
    "doctor": "Check settings, store and models.",
}
"""Each is the module ``rag.cli.commands.NAME`` with a click command ``command``."""


class LateGroup(click.Group):
    """A group whose commands are imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order a user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; ``None`` when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"rag.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gegenlese", prog_name="rag")
def cli() -> None:
    """Read many articles about one event against each other.

    \b
    Example:
      rag ingest seeds
      rag ask "Wie viele Soldaten starben?"
    """


def main(argv: list[str] | None = None) -> None:
    """Entry point; exits with the codes of the interface, no traceback for what is expected."""
    _stay_offline_and_quiet()
    _leave(run(argv))


def _leave(code: int) -> NoReturn:
    """Exit, at once where a model that was given up still computes in this process.

    Tearing the interpreter down under its C++ threads crashes.
    """
    if any(thread.name == "llm-call" for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(argv: list[str] | None = None) -> int:
    """The exit code of one command line."""
    try:
        outcome: Any = cli.main(args=argv, prog_name="rag", standalone_mode=False)
    except RagError as error:
        return _report(error.message, error.hint, error.exit_code)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "rag"
        return _report(error.format_message(), f"See `{command} --help`.", 2)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _report("Interrupted.", "What was finished is kept; run it again to go on.", 130)
    except BrokenPipeError:
        _silence_stdout()
        return 0
    except Exception as error:  # noqa: BLE001  the last stop: a report instead of a traceback
        return _unexpected(error, argv)
    return outcome if isinstance(outcome, int) else 0


UNEXPECTED = 70
"""The exit code of a bug, as ``sysexits.h`` has it."""


def _unexpected(error: Exception, argv: list[str] | None) -> int:
    from rag.crash import write_report

    given = sys.argv[1:] if argv is None else argv
    # What a user typed may be private; the names of commands and options are not.
    known = [word.partition("=")[0] for word in given if word in COMMANDS or word[:2] == "--"]
    report = write_report(error, " ".join(["rag", *known]))
    where = f"The report is in {report}" if report else "No report could be written"
    return _report(
        f"Something unexpected happened ({type(error).__name__}).",
        f"{where}; it holds no text of yours. `rag doctor` checks the set-up.",
        UNEXPECTED,
    )


def _report(message: str, hint: str, code: int) -> int:
    click.echo(f"{click.style('Error:', fg='red', bold=True)} {_one_line(message)}", err=True)
    click.echo(f"{click.style('Do:', bold=True)} {_one_line(hint)}", err=True)
    return code


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _silence_stdout() -> None:
    # The reader of the pipe has gone (`rag ask … | head`); the interpreter must not complain too.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stay_offline_and_quiet() -> None:
    # Libraries read these when imported, so they are set before any of them is.
    for name, value in {
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "False",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_VERBOSITY": "error",
    }.items():
        os.environ.setdefault(name, value)
