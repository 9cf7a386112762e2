"""The collection as its users change it: files handed over, articles removed.

Both need a store that is open for writing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.errors import UsageError
from rag.ingest.inbox import INBOX, forget, place, refusal, safe_name
from rag.settings import Settings
from rag.types import Rejection
from rag.wiring import Deps

if TYPE_CHECKING:
    from rag.index.build import BuildReport, Report

Outcome = Literal["new", "changed", "unchanged", "duplicate", "partly", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file handed over: where it lies for now, and the name it was given by its owner."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """What became of one file. ``duplicates`` maps its articles to those they are copies of.

    ``kept_as`` is the name it is kept under where its own was taken by another content.
    """

    name: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: Mapping[str, str]
    rejected: tuple[Rejection, ...] = ()
    kept_as: str | None = None

    @property
    def article_ids(self) -> tuple[str, ...]:
        """All articles that were read from it."""
        return (*self.new, *self.changed, *self.unchanged)

    @property
    def outcome(self) -> Outcome:
        """What became of it, in a word."""
        if not self.article_ids:
            return "rejected"
        if self.rejected:
            return "partly"
        if not self.new and not self.changed:
            return "unchanged"
        if set(self.article_ids) <= set(self.duplicates):
            return "duplicate"
        return "new" if self.new else "changed"

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "name": self.name,
            "outcome": self.outcome,
            "new": list(self.new),
            "changed": list(self.changed),
            "unchanged": list(self.unchanged),
            "duplicates": dict(self.duplicates),
            "kept_as": self.kept_as,
            "rejected": [
                {"line": each.line, "reason": each.reason, "hint": each.hint}
                for each in self.rejected
            ],
        }


def add_files(
    uploads: Sequence[Upload],
    deps: Deps,
    *,
    replace: bool = False,
    on_progress: Report = lambda stage, done, total: None,
) -> tuple[FileResult, ...]:
    """Takes files into the collection; for each, in order, what became of it.

    A name that is taken by another content: both are kept, or with ``replace`` the older goes.
    """
    refused: dict[int, Rejection] = {}
    limit = deps.settings.ingest.max_file_bytes
    for number, upload in enumerate(uploads):
        # Two readers who upload the same content share one file, which goes with the first.
        reason: tuple[str, str] | None = ("it is gone", "Upload it again.")
        if upload.path.is_file():
            reason = refusal(upload.name, upload.path.stat().st_size, limit)
        if reason is not None:
            refused[number] = Rejection(path=upload.name, reason=reason[0], hint=reason[1])
    from rag.index.build import BuildReport  # imports scipy, which a page need not wait for

    placed = _place(uploads, refused, _inbox(deps.settings), replace)
    report = _ingest(list(placed.values()), deps, on_progress) if placed else BuildReport()
    by_file = _ids_by_file(deps)
    results = tuple(
        FileResult(name=upload.name, duplicates={}, rejected=(refused[number],))
        if number in refused
        else _result(upload, placed[number], report, by_file)
        for number, upload in enumerate(uploads)
    )
    _drop_unread(placed, results)
    return results


def remove_articles(article_ids: Collection[str], deps: Deps) -> None:
    """Forgets articles, and their text in files that were handed over.

    Raises ``UsageError`` for an id that is not there; then nothing was changed.
    """
    hashes, paths = deps.store.raw_hashes(), deps.store.paths()
    for article_id in article_ids:
        if article_id not in hashes:
            raise UsageError(
                f"There is no article {article_id!r} in the store.", "See `rag articles`."
            )
    wanted = set(article_ids)
    deps.store.begin_run()
    deps.store.remove(sorted(wanted))
    deps.store.finish_run()
    forget(
        {paths[each]: hashes[each] for each in wanted},
        [path for each, path in paths.items() if each not in wanted],
        _inbox(deps.settings),
    )


def _inbox(settings: Settings) -> Path:
    return settings.store.path / INBOX


def _place(
    uploads: Sequence[Upload], refused: dict[int, Rejection], inbox: Path, replace: bool
) -> dict[int, Path]:
    """Where each file lies now; what was given twice is refused the second time."""
    placed: dict[int, Path] = {}
    for number, upload in enumerate(uploads):
        if number in refused:
            continue
        # Two files of one name in one go are two articles: neither replaces the other.
        is_taken = any(path.name == safe_name(upload.name) for path in placed.values())
        path = place(upload.path, upload.name, inbox, replace=replace and not is_taken).resolve()
        if path in placed.values():
            refused[number] = Rejection(
                path=upload.name, reason="the same file was given twice", hint="Nothing to do."
            )
        else:
            placed[number] = path
    return placed


def _ingest(paths: Sequence[Path], deps: Deps, on_progress: Report) -> BuildReport:
    from rag.index.build import build

    return build(
        paths,
        store=deps.store,
        embedder=deps.embedder,
        settings=deps.settings,
        require_articles=False,
        on_progress=on_progress,
    )


def _ids_by_file(deps: Deps) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for article_id, path in deps.store.paths().items():
        found.setdefault(path, set()).add(article_id)
        file, _, number = path.rpartition(":")
        if number.isdigit():
            found.setdefault(file, set()).add(article_id)
    return found


def _result(
    upload: Upload, path: Path, report: BuildReport, by_file: Mapping[str, set[str]]
) -> FileResult:
    ids = by_file.get(str(path), set())
    wanted = safe_name(upload.name)
    return FileResult(
        name=upload.name,
        new=tuple(each for each in report.new if each in ids),
        changed=tuple(each for each in report.changed if each in ids),
        unchanged=tuple(each for each in report.unchanged if each in ids),
        duplicates={one: of for one, of in report.duplicates.items() if one in ids},
        rejected=tuple(each for each in report.rejected if each.path == str(path)),
        kept_as=None if path.name == wanted else path.name,
    )


def _drop_unread(placed: Mapping[int, Path], results: Sequence[FileResult]) -> None:
    """A file of which nothing was read is not kept."""
    for number, path in placed.items():
        if not results[number].article_ids:
            path.unlink(missing_ok=True)
