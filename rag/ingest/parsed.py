"""What a parser of one format gives, and how it says that it cannot."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

TOO_MUCH_MEMORY = "it needs more memory than a file may (ingest.parser_memory_bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """Text and stated metadata of one file, unchecked."""

    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """As one line of JSON, for the pipe between the processes."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> ParsedFile:
        """The reverse of ``to_json``."""
        fields = json.loads(line)
        for name in ("authors", "notes"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


class UnreadableError(Exception):
    """A file cannot be read: ``reason`` and ``hint`` go into its rejection."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
