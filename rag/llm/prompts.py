"""Prompts as files: front matter, a system part, a user part; checked on load, hashed into runs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from rag.errors import UsageError
from rag.protocols import Message
from rag.types import Language

# The folder lies beside the package, in the source tree and where it is installed alike.
OWN_FOLDER = Path(__file__).resolve().parents[2] / "prompts"
LANGUAGES: tuple[Literal["de", "en"], ...] = ("de", "en")
_FIELDS = frozenset({"name", "about", "variables", "output"})
_OUTPUTS = frozenset({"sentences", "question", "questions", "verdict", "list"})
_PARTS = re.compile(
    r"\A---\n(?P<front>.*?)\n---\n+# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.S
)
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_NAME = re.compile(r"[a-z_]+")


class PromptError(UsageError):
    """A prompt file is missing or not as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One step's prompt in one language; ``prompt_hash`` changes with every character of it."""

    name: str
    language: Literal["de", "en"]
    about: str
    variables: tuple[str, ...]
    output: str
    system: str
    user: str
    prompt_hash: str
    path: Path

    @property
    def key(self) -> str:
        """What a run lists the hash under."""
        return f"{self.name}.{self.language}"

    def render(self, **values: object) -> tuple[Message, ...]:
        """The messages with every variable filled in, once: braces in values are left alone."""
        if set(values) != set(self.variables):
            odd = ", ".join(sorted(set(values) ^ set(self.variables)))
            raise PromptError(
                f"Prompt {self.key!r} was given other variables than it declares: {odd}.",
                f"Correct `variables` in {self.path.name}.",
            )

        def fill(text: str) -> str:
            return _VARIABLE.sub(lambda found: str(values[found[1]]), text)

        return (
            Message(role="system", text=fill(self.system)),
            Message(role="user", text=fill(self.user)),
        )


def prompt_names() -> tuple[str, ...]:
    """All steps that have a prompt."""
    return tuple(sorted(path.stem for path in (OWN_FOLDER / "de").glob("*.md")))


def load_prompt(name: str, language: Language, folder: Path | None = None) -> Prompt:
    """The prompt of a step, from ``folder`` where it has one. Raises ``PromptError``.

    Languages other than German are asked in English.
    """
    tongue: Literal["de", "en"] = "de" if language == "de" else "en"
    if not _NAME.fullmatch(name) or name not in prompt_names():
        raise PromptError(f"There is no prompt {name!r}.", "See `rag prompts`.")
    own = OWN_FOLDER / tongue / f"{name}.md"
    chosen = own
    if folder is not None:
        if not folder.is_dir():
            raise PromptError(f"There is no folder {str(folder)!r}.", "Correct llm.prompts_dir.")
        other = folder / tongue / f"{name}.md"
        chosen = other if other.is_file() else own
    prompt = _read(chosen, tongue, chosen.stat().st_mtime_ns)
    if chosen is not own:
        _check_variables(prompt, _read(own, tongue, own.stat().st_mtime_ns))
    return prompt


def all_prompts(folder: Path | None = None) -> Iterator[Prompt]:
    """Every prompt that would be used."""
    for name in prompt_names():
        for language in LANGUAGES:
            yield load_prompt(name, language, folder)


def _check_variables(prompt: Prompt, own: Prompt) -> None:
    if set(prompt.variables) != set(own.variables) or prompt.output != own.output:
        raise PromptError(
            f"{prompt.path} must declare the variables {', '.join(own.variables)} and the output "
            f"{own.output!r}.",
            f"Start from `rag prompts {own.name}`.",
        )


@lru_cache(maxsize=64)
def _read(path: Path, language: Literal["de", "en"], _changed: int) -> Prompt:
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} cannot be read: {error}.", "Give a UTF-8 file.") from error
    parts = _PARTS.match(text)
    if parts is None:
        raise PromptError(
            f"{path} is no prompt: it needs front matter, `# system` and `# user`.",
            f"Start from `rag prompts {path.stem}`.",
        )
    front = _front_matter(path, parts["front"])
    prompt = Prompt(
        name=front["name"],
        language=language,
        about=front["about"],
        variables=tuple(front["variables"]),
        output=front["output"],
        system=parts["system"].strip(),
        user=parts["user"].strip(),
        prompt_hash=hashlib.sha256(text.encode()).hexdigest()[:12],
        path=path,
    )
    _check_use(prompt)
    return prompt


def _front_matter(path: Path, text: str) -> dict[str, Any]:
    import yaml

    try:
        front = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PromptError(f"The front matter of {path} is no YAML.", str(error)) from error
    if not isinstance(front, dict) or set(front) != _FIELDS:
        raise PromptError(
            f"The front matter of {path} must have exactly {', '.join(sorted(_FIELDS))}.",
            f"Start from `rag prompts {path.stem}`.",
        )
    names = front["variables"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise PromptError(f"`variables` of {path} must be a list of names.", "Correct it.")
    if front["name"] != path.stem or front["output"] not in _OUTPUTS:
        raise PromptError(
            f"{path} must be named {path.stem!r} and have one of the outputs "
            f"{', '.join(sorted(_OUTPUTS))}.",
            "Correct `name` or `output`.",
        )
    return front


def _check_use(prompt: Prompt) -> None:
    used = set(_VARIABLE.findall(prompt.system + prompt.user))
    if used != set(prompt.variables):
        odd = ", ".join(sorted(used ^ set(prompt.variables)))
        raise PromptError(
            f"{prompt.path}: declared and used variables differ: {odd}.",
            "Declare what is used and use what is declared.",
        )
