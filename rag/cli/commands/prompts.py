"""`rag prompts`: the prompts that a language model is given, with their hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rag.cli.batch import print_json_line
from rag.cli.options import format_option, quiet_option, settings_from

if TYPE_CHECKING:
    from rag.llm.prompts import Prompt


@click.command()
@click.argument("name", required=False)
@click.option("--language", type=click.Choice(["de", "en"]), help="Only this language.")
@format_option
@quiet_option
def command(name: str | None, language: str | None, output_format: str, quiet: bool) -> None:
    """List the prompts, or show the one called NAME.

    \b
    Example:
      rag prompts
      rag prompts answer --language de
    """
    from rag.llm.prompts import LANGUAGES, all_prompts, load_prompt

    folder = settings_from(None).llm.prompts_dir
    if name is None:
        found = list(all_prompts(folder))
    else:
        found = [load_prompt(name, tongue, folder) for tongue in LANGUAGES]
    found = [prompt for prompt in found if language in (None, prompt.language)]
    if output_format == "json":
        print_json_line({"schema": 1, "prompts": [_row(prompt) for prompt in found]})
        return
    for prompt in found:
        if name is None:
            click.echo(f"{prompt.key:<22} {prompt.prompt_hash}  {prompt.about}")
        else:
            click.echo(prompt.path.read_text(encoding="utf-8"))


def _row(prompt: Prompt) -> dict[str, object]:
    return {
        "name": prompt.name,
        "language": prompt.language,
        "about": prompt.about,
        "variables": list(prompt.variables),
        "output": prompt.output,
        "prompt_hash": prompt.prompt_hash,
        "system": prompt.system,
        "user": prompt.user,
    }
