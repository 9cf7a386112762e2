"""First stage: files and folders → RawArticles, and a Rejection for each input not read."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rag.ingest.characters import clean_line
from rag.ingest.fields import safe_id
from rag.ingest.files import FILE_SUFFIXES, RECORD_SUFFIXES, read_articles, suffix_of
from rag.ingest.parser_process import ParserProcesses
from rag.settings import IngestSettings
from rag.types import RawArticle, Rejection

# Line breaks, control characters and marks that turn the reading direction.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_README_HINT = "It describes a folder. If it is an article, give it by its own name."
_SUFFIX_HINT = "Read are .txt, .md, .html, .pdf, .json and .jsonl files."


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to read, with the id its place gives it."""

    path: Path
    shown: str
    stem: str


def load_path(path: Path, settings: IngestSettings) -> Iterator[RawArticle | Rejection]:
    """The articles of a file, or of a folder with all below it, in order of their names.

    No id comes twice: of two files that would share one (``a.txt`` and ``a.md``) the later keeps
    its suffix; a record that repeats an id is rejected.
    """
    seen: dict[str, str] = {}
    with ParserProcesses(settings) as parsers:
        for found in _find(path):
            if isinstance(found, Rejection):
                yield found
                continue
            for item in read_articles(found.path, found.shown, found.stem, settings, parsers):
                yield item if isinstance(item, Rejection) else _with_own_id(item, found, seen)


def _with_own_id(
    article: RawArticle, found: _Found, seen: dict[str, str]
) -> RawArticle | Rejection:
    first = seen.setdefault(article.article_id, article.path)
    if first == article.path:
        return article
    with_suffix = found.stem + suffix_of(found.path)
    if article.article_id == found.stem and with_suffix not in seen:
        seen[with_suffix] = article.path
        note = f"article_id {article.article_id!r} is taken by {first}: kept as {with_suffix!r}"
        return replace(article, article_id=with_suffix, notes=(*article.notes, note))
    path, _, line = article.path.rpartition(":")
    return Rejection(
        path=path or article.path,
        reason=f"article_id {article.article_id!r} is taken already by {first}",
        hint="Give each article an id of its own.",
        line=int(line) if path and line.isdigit() else None,
    )


def _find(path: Path) -> Iterator[_Found | Rejection]:
    shown = _shown(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = "no such file or folder" if not path.is_symlink() else "a link that leads nowhere"
        if isinstance(error, PermissionError):
            reason = "no permission to read it"
        yield Rejection(path=shown, reason=reason, hint="Check the path.")
        return
    if stat.S_ISDIR(mode):
        is_empty = True
        for found in _walk(path, path):
            is_empty = False
            yield found
        if is_empty:
            yield Rejection(path=shown, reason="the folder holds no file", hint=_SUFFIX_HINT)
    elif not stat.S_ISREG(mode):
        yield Rejection(path=shown, reason="not a regular file", hint=_SUFFIX_HINT)
    else:
        yield _Found(path, shown, _stem(path.name))


def _walk(folder: Path, root: Path) -> Iterator[_Found | Rejection]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _rejected(folder, f"the folder cannot be read ({error.strerror})")
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError:
            yield _rejected(path, "it changed while the folder was read", "Ingest again.")
            continue
        if stat.S_ISLNK(mode):
            yield _rejected(path, _link_reason(path, root), "Give the file it leads to.")
        elif stat.S_ISDIR(mode):
            yield from _walk(path, root)
        elif not stat.S_ISREG(mode):
            yield _rejected(path, "not a regular file")
        else:
            yield _judge_name(path, root)


def _judge_name(path: Path, root: Path) -> _Found | Rejection:
    if path.name.lower().split(".")[0] == "readme":
        return _rejected(path, "a README is not taken for an article", _README_HINT)
    suffix = suffix_of(path)
    if suffix not in FILE_SUFFIXES and suffix not in RECORD_SUFFIXES:
        kind = f"{clean_line(suffix)} files are not read" if suffix else "no suffix"
        return _rejected(path, kind, _SUFFIX_HINT)
    return _Found(path, _shown(path), _stem(path.relative_to(root).as_posix()))


def _link_reason(path: Path, root: Path) -> str:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return "a link that leads nowhere"
    if target.is_relative_to(root.resolve()):
        return "a link to something that is in the folder anyway"
    return "a link that leads out of the folder"


def _rejected(path: Path, reason: str, hint: str = _SUFFIX_HINT) -> Rejection:
    return Rejection(path=_shown(path), reason=reason, hint=hint)


def _shown(path: Path) -> str:
    """The absolute path, safe to print and to store: a name can hold anything."""
    absolute = path.parent.resolve() / path.name if path.is_symlink() else path.resolve()
    return _UNSAFE.sub(
        "\N{REPLACEMENT CHARACTER}", os.fsencode(absolute).decode("utf-8", "replace")
    )


def _stem(name: str) -> str:
    name = os.fsencode(name).decode("utf-8", "replace")
    for suffix in sorted((*FILE_SUFFIXES, *RECORD_SUFFIXES), key=len, reverse=True):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return safe_id(name[: -len(suffix)])
    return safe_id(name)
