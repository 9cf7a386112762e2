"""Second stage: RawArticle → Article with its final text, metadata and what was taken out.

The title is kept apart: a first line that is a headline becomes ``title`` and is not repeated in
``text``; a first line that is a sentence stays. Every offset counts characters of ``text`` only.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from rag.ingest.boilerplate import remove_boilerplate, remove_repetitions
from rag.ingest.characters import clean_characters, clean_line, invisible_note
from rag.ingest.glue import repair_glue
from rag.ingest.lines import join_broken_lines
from rag.ingest.metadata import (
    Stated,
    outlet_of_button,
    read_head,
    read_phrases,
    read_tail,
    split_title,
)
from rag.language.detect import detect_language
from rag.types import Article, RawArticle, Removal

_MAX_TITLE_CHARS = 220
_MIN_TITLE_CHARS = 12
_HEAD_LINES = 3
_MAX_PASSES = 8
_SENTENCE_INSIDE = re.compile(r"[a-zäöüß]{2}[.!?] [A-ZÄÖÜ]")


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one pass over a text gave."""

    text: str
    removed: tuple[Removal, ...]
    stated: Stated
    title: str | None


def clean_article(raw: RawArticle) -> Article:
    """The article of what was read; explicit metadata wins over what the text states.

    Cleaning a cleaned text changes nothing.
    """
    text, removed = clean_characters(raw.text)
    note = invisible_note(removed)
    title = clean_line(raw.title or "") or None
    source = clean_line(raw.source or "") or None
    stated = Stated()
    # What one rule takes away can bring out a case for another: go on until nothing changes.
    for _ in range(_MAX_PASSES):
        result = _clean_once(text, title)
        removed += result.removed
        stated = stated.filled_from(result.stated)
        title = result.title
        if result.text == text:
            break
        text = result.text
    if title is not None:
        title, of_title = split_title(title, source or stated.source)
        stated = stated.filled_from(of_title)
    notes = (*raw.notes, *filter(None, (note, _source_note(raw.source), _cut_note(text))))
    return Article(
        article_id=raw.article_id,
        text=text,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        raw_hash=raw.raw_hash,
        path=raw.path,
        language=raw.language or detect_language(text),
        title=title,
        source=source or stated.source,
        url=raw.url,
        published_at=raw.published_at or stated.published_at or stated.updated_at,
        authors=tuple(filter(None, map(clean_line, raw.authors))) or stated.authors,
        origin=stated.origin,
        removed=removed,
        notes=notes,
    )


def _clean_once(text: str, title: str | None) -> _Pass:
    text = repair_glue(join_broken_lines(text))
    removed: list[Removal] = []
    # Head and tail first: "AFP/dpa" is an agency line at the end, a picture's credit elsewhere.
    lines, gone, head = read_head(text.split("\n"))
    removed += gone
    lines, gone, tail = read_tail(lines)
    removed += gone
    lines, gone = remove_boilerplate(lines)
    removed += gone
    title, lines, gone = _take_title(title, lines)
    removed += gone
    lines, gone = remove_repetitions(lines)
    removed += gone
    kept = re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not kept:
        # Nothing but boilerplate, by our rules: then the rules are wrong about this text.
        return _Pass(text.strip(), (), Stated(), title)
    stated = head.filled_from(tail).filled_from(read_phrases(kept))
    return _Pass(
        kept,
        tuple(removed),
        stated.filled_from(Stated(source=outlet_of_button(removed))),
        title,
    )


def _take_title(title: str | None, lines: list[str]) -> tuple[str | None, list[str], list[Removal]]:
    """The title, and the lines without it.

    A short line above it is its kicker and stays; so does a first line that is a sentence.
    """
    filled = [at for at, line in enumerate(lines) if line]
    if title is not None:
        repeated = [at for at in filled[:3] if lines[at].rstrip(".") == title.rstrip(".")]
        if not repeated or len(filled) == 1:
            return title, lines, []
        at = repeated[0]
        removal = Removal(reason="repetition", text=lines[at])
        return title, lines[:at] + lines[at + 1 :], [removal]
    for at in filled[:_HEAD_LINES]:
        if _is_headline(lines, at):
            return lines[at], lines[:at] + lines[at + 1 :], []
        if not _is_kicker(lines[at]):
            break
    return None, lines, []


def _is_kicker(line: str) -> bool:
    """A word or three above a headline."""
    return len(line.split()) <= 3 and line[-1].isalnum()


def _is_headline(lines: list[str], at: int) -> bool:
    """Whether a line is a headline: one line, no full stop, set off from the longer text below."""
    line = lines[at]
    below = [text for text in lines[at + 1 :] if text]
    if not _MIN_TITLE_CHARS <= len(line) <= _MAX_TITLE_CHARS or not below:
        return False
    if _is_kicker(line) and len(below) > 1 and _looks_like_title(below[0]):
        return False
    return _looks_like_title(line) and max(map(len, below)) > len(line)


def _looks_like_title(line: str) -> bool:
    if (
        len(line) > _MAX_TITLE_CHARS
        or line.endswith((".", ":", ";", ",", "…", "-"))
        or _SENTENCE_INSIDE.search(line)
    ):
        return False
    return line[0].isupper() or line[0].isdigit() or line[0] in "„“\"»«‚'+"


def _source_note(source: str | None) -> str | None:
    """A warning for an outlet's name in mixed alphabets: it may imitate another's."""
    scripts = {
        unicodedata.name(char, "").split(" ")[0] for char in source or "" if char.isalpha()
    } & {"LATIN", "CYRILLIC", "GREEK"}
    return f"source {source!r} mixes alphabets" if len(scripts) > 1 else None


def _cut_note(text: str) -> str | None:
    # Of a line without blanks the search would take the square of its length.
    last = text.rpartition("\n")[2][-200:]
    is_cut = len(last) > 60 and bool(re.search(r"[a-zäöüß,-]+ [a-zäöüß]+,?$", last))
    return "the last sentence has no end: the text may be cut off" if is_cut else None
