"""Files → index: what is new or changed is cleaned, chunked, embedded and stored in batches.

A batch is written in one go, so an interruption loses at most the batch under way; the next run
finds by the hash of each input what is left to do.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.errors import InputError, UsageError
from rag.index.prepare import BulkEmbedder, Prepared, prepare
from rag.index.store import Store
from rag.ingest.copies import link_copies
from rag.ingest.load import load_path
from rag.settings import Settings
from rag.types import RawArticle, Rejection

BATCH_CHARS = 400_000
"""Text of one batch: some 500 chunks, a few seconds of embedding, lost at most when killed."""

RELEASED_FROM = 50_000
"""Chunks from which on Chroma takes so much memory that the model is let go of before it."""

Report = Callable[[str, int, int], None]
"""Called with (stage, done, total); total is 0 where it is not known."""


@dataclass(slots=True)
class BuildReport:
    """What an ingestion did. ``rejected`` inputs were not read, with the reason for each."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Articles that were read, whether they needed work or not."""
        return len(self.new) + len(self.changed) + len(self.unchanged)

    def took(self, stage: str, started: float) -> None:
        """Add the time since ``started`` (a ``perf_counter``) to a stage."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


def check_paths(paths: Sequence[Path]) -> None:
    """Raises ``UsageError`` for a path that does not exist, before any work is done."""
    for path in paths:
        # Unlike Path.exists, this says no to a name that no system can hold.
        if not os.path.exists(path):  # noqa: PTH110
            raise UsageError(f"There is no file or folder {str(path)!r}.", "Check the path.")


def build(
    paths: Sequence[Path],
    *,
    store: Store,
    embedder: BulkEmbedder,
    settings: Settings,
    prune: bool = False,
    require_articles: bool = True,
    on_progress: Report = lambda stage, done, total: None,
    prepare_all: Callable[[Iterator[list[RawArticle]]], Iterator[Prepared]] | None = None,
) -> BuildReport:
    """Bring the index in step with the files under ``paths``; what is unchanged costs nothing.

    Raises ``UsageError`` for a path that does not exist and, with ``require_articles``,
    ``InputError`` when not one article could be read; what was indexed before stays as it was.
    """
    check_paths(paths)
    report = BuildReport()
    store.begin_run()

    def prepare_here(batches: Iterator[list[RawArticle]]) -> Iterator[Prepared]:
        for batch in batches:
            yield prepare(
                batch,
                embedder,
                settings.chunk,
                lambda done, total: on_progress("embed", done, total),
            )

    batches = _batches(_pending(paths, store, settings, report, on_progress))
    for prepared in (prepare_all or prepare_here)(batches):
        for stage, took in prepared.seconds.items():
            report.seconds[stage] = report.seconds.get(stage, 0.0) + took
        started = time.perf_counter()
        store.write(prepared.articles)
        report.took("write", started)
        on_progress("articles", len(report.new) + len(report.changed), 0)
    if store.counts().chunks > RELEASED_FROM:
        embedder.release()
    if prune:
        _prune(paths, store, report)
    if require_articles and not report.read and not report.removed:
        first = report.rejected[0] if report.rejected else None
        store.finish_run()
        raise InputError(
            f"Nothing could be read: {first.path}: {first.reason}"
            if first
            else "Nothing could be read: no article was found.",
            first.hint if first else "Give files or folders of .txt .md .html .pdf .json .jsonl.",
        )
    started = time.perf_counter()
    on_progress("copies", 0, 0)
    _link_copies(store, settings, report)
    report.took("copies", started)
    started = time.perf_counter()
    store.finish_run(lambda done, total: on_progress("chroma", done, total))
    report.took("finish", started)
    return report


def _pending(
    paths: Sequence[Path],
    store: Store,
    settings: Settings,
    report: BuildReport,
    on_progress: Report,
) -> Iterator[RawArticle]:
    """Articles that are new or changed, under ids that name one article only."""
    known_hashes, known_paths = store.raw_hashes(), store.paths()
    taken: dict[str, str] = {}
    for path in paths:
        for item in load_path(path, settings.ingest):
            if isinstance(item, Rejection):
                report.rejected.append(item)
                continue
            raw = _with_own_id(item, known_paths, taken)
            if raw is None:
                report.rejected.append(_twice(item))
                continue
            taken[raw.article_id] = raw.path
            on_progress("read", len(taken), 0)
            if known_hashes.get(raw.article_id) == raw.raw_hash:
                report.unchanged.append(raw.article_id)
                continue
            (report.changed if raw.article_id in known_hashes else report.new).append(
                raw.article_id
            )
            yield raw


def _with_own_id(
    raw: RawArticle, known_paths: Mapping[str, str], taken: dict[str, str]
) -> RawArticle | None:
    """The article under its id, or under one with a suffix where another file has that id.

    ``None`` when the same file gives the id twice.
    """
    holder = taken.get(raw.article_id)
    if holder is None:
        holder = known_paths.get(raw.article_id)
        if holder is None or holder == raw.path or not os.path.exists(_file_of(holder)):  # noqa: PTH110
            return raw
    if holder == raw.path or _file_of(holder) == _file_of(raw.path):
        return None if raw.article_id in taken else raw
    suffix = hashlib.sha256(raw.path.encode("utf-8", "replace")).hexdigest()[:4]
    return replace(raw, article_id=f"{raw.article_id}~{suffix}")


def _file_of(path: str) -> str:
    """The file of an article's path, which for JSONL is followed by the line."""
    return path.rpartition(":")[0] if path.rpartition(":")[2].isdigit() else path


def _twice(raw: RawArticle) -> Rejection:
    return Rejection(
        path=raw.path,
        reason=f"the article_id {raw.article_id!r} is given twice in this input",
        hint="Give each article its own article_id.",
    )


def _batches(raws: Iterator[RawArticle]) -> Iterator[list[RawArticle]]:
    batch: list[RawArticle] = []
    size = 0
    for raw in raws:
        batch.append(raw)
        size += len(raw.text)
        if size >= BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _link_copies(store: Store, settings: Settings, report: BuildReport) -> None:
    """Link every article anew; only links that differ are written."""
    with store.undisturbed():
        known = store.links()
        links = link_copies(store.signatures(), threshold=settings.ingest.near_duplicate)
        found = {one: (link.duplicate_of, link.origin_id) for one, link in links.items()}
        store.set_links({one: link for one, link in found.items() if known.get(one) != link})
    report.duplicates = {one: link[0] for one, link in found.items() if link[0] is not None}


def _prune(paths: Sequence[Path], store: Store, report: BuildReport) -> None:
    """Forget articles that lay under ``paths`` and are no longer given there.

    Ids are compared, not paths: in a JSONL the lines move. A file that could not be read now
    keeps its articles.
    """
    roots = [str(path.resolve()) for path in paths]
    given = {*report.new, *report.changed, *report.unchanged}
    unread = {_file_of(rejection.path) for rejection in report.rejected}
    gone = [
        article_id
        for article_id, path in store.paths().items()
        if article_id not in given
        and _file_of(path) not in unread
        and any(_file_of(path) == root or path.startswith(root + os.sep) for root in roots)
    ]
    store.remove(gone)
    report.removed.extend(gone)
