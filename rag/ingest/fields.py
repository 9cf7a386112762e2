"""Stated metadata → checked fields of a RawArticle; what is wrong is dropped with a note."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from rag.ingest.characters import clean_line
from rag.types import Language

_MAX_TITLE_CHARS = 500
_MAX_NAME_CHARS = 120
_MAX_URL_CHARS = 2000
_ANY_CHARS = sys.maxsize
_MAX_AUTHORS = 20
_MAX_ID_CHARS = 200
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_LANGUAGES: Mapping[str, Language] = {
    "de": "de", "deu": "de", "ger": "de", "german": "de", "deutsch": "de",
    "en": "en", "eng": "en", "english": "en", "englisch": "en",
}  # fmt: skip
_UNSAFE_IN_ID = re.compile(r"[\x00-\x1f\x7f<>\"'`\\|*?:]")


@dataclass(slots=True)
class FieldReader:
    """Reads the fields of one article and collects notes on what it had to drop."""

    given: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)

    def title(self) -> str | None:
        """The title, cut when it is absurdly long."""
        return self._line("title", _MAX_TITLE_CHARS)

    def source(self) -> str | None:
        """The outlet's name."""
        return self._line("source", _MAX_NAME_CHARS)

    def url(self) -> str | None:
        """The address, http(s) only: it is shown as a link.

        One cut short leads elsewhere, and one with a user's name ("https://taz.de@evil.example")
        does not lead where it seems to.
        """
        url = self._line("url", _ANY_CHARS)
        if url is None:
            return None
        try:
            parts = urlsplit(url)
            is_web = (
                parts.scheme in ("http", "https")
                and bool(parts.hostname)
                and "@" not in parts.netloc
            )
        except ValueError:
            is_web = False
        if is_web and len(url) <= _MAX_URL_CHARS and not re.search(r"[\s<>\"']", url):
            return url
        self._drop("url")
        return None

    def published_at(self) -> str | None:
        """The date in ISO 8601, with its time if it has one."""
        value = self.given.get("published_at")
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return value.isoformat()
        found = iso_date(value)
        if found is None:
            self._drop("published_at")
        return found

    def authors(self) -> tuple[str, ...]:
        """The authors' names."""
        value = self.given.get("authors") or ()
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list | tuple):
            self._drop("authors")
            return ()
        lines = (clean_line(name)[:_MAX_NAME_CHARS] for name in names if isinstance(name, str))
        return tuple(filter(None, lines))[:_MAX_AUTHORS]

    def language(self) -> Language | None:
        """The stated language."""
        value = self.given.get("language")
        if not isinstance(value, str) or not value.strip():
            return None
        return _LANGUAGES.get(re.split(r"[-_.]", value.strip().lower())[0], "other")

    def article_id(self) -> str | None:
        """The stated id."""
        value = self.given.get("article_id")
        if isinstance(value, int) and not isinstance(value, bool):
            value = _shown(value)
        return safe_id(value) or None if isinstance(value, str) else None

    def _line(self, name: str, limit: int) -> str | None:
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self._drop(name)
            return None
        line = clean_line(value)
        if len(line) > limit:
            self.notes.append(f"{name} cut to {limit} characters")
        return line[:limit].rstrip() or None

    def _drop(self, name: str) -> None:
        shown = clean_line(_shown(self.given.get(name)))[:60]
        self.notes.append(f"{name} {shown!r} is not valid and was left out")


def _shown(value: Any) -> str:
    """Any value as text; Python refuses to write out numbers of thousands of digits."""
    try:
        return str(value)
    except ValueError:
        return "a number too long to show"


def iso_date(value: Any) -> str | None:
    """``value`` as ISO 8601 if it is a date that exists; a German date is understood, too."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    match = _GERMAN_DAY.fullmatch(text)
    if match:
        text = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        return None


def safe_id(text: str) -> str:
    """``text`` as an article id: one line, without characters that could be taken for markup."""
    line = _UNSAFE_IN_ID.sub("_", clean_line(text))
    return line if len(line) <= _MAX_ID_CHARS else line[:_MAX_ID_CHARS]
