"""What the page does to the collection, with its progress and its outcome in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.collection import FileResult, Upload, add_files, remove_articles
from rag.errors import StoreLockedError
from rag.language.typography import title_label
from rag.pipeline import ingest
from rag.ui.collection_list import upload_html
from rag.ui.context import ViewContext
from rag.ui.markup import element, notice, text
from rag.ui.progress import Done, Report, Step, progress_html, streamed

_Steps = Iterator[Step | Done[str]]


def add_uploads(files: Sequence[str], replace: bool, context: ViewContext) -> _Steps:
    """Takes uploaded files in; at last what became of each."""
    uploads = [Upload(path=Path(file), name=Path(file).name) for file in files]

    def work(report: Report) -> str:
        with context.library.writing() as deps:
            results: tuple[FileResult, ...] = add_files(
                uploads, deps, replace=replace, on_progress=report
            )
        forget_uploads(uploads)
        return upload_html(results, context.say, context.language)

    return streamed(work)


def forget_uploads(uploads: Sequence[Upload]) -> None:
    """Deletes what Gradio kept of an upload: the collection has its own copy, which can go."""
    for upload in uploads:
        upload.path.unlink(missing_ok=True)


def add_sample(context: ViewContext) -> _Steps:
    """Takes the sample corpus in."""

    def work(report: Report) -> str:
        sample = context.library.sample
        if sample is not None:
            with context.library.writing() as deps:
                ingest([sample], deps, on_progress=report)
        return ""

    return streamed(work)


def remove_one(article_id: str | None, context: ViewContext) -> _Steps:
    """Forgets an article."""

    def work(report: Report) -> str:
        report("remove", 0, 0)
        article = context.library.article(article_id) if article_id else None
        if article is None:
            return notice(text(context.say("collection.gone")), "warning")
        with context.library.writing() as deps:
            remove_articles([article.article_id], deps)
        line = context.say("collection.removed", title_label(article, context.language))
        return element("div", text(line), class_="notice good", role="status")

    return streamed(work)


def described(steps: _Steps, context: ViewContext) -> Iterator[tuple[str, bool]]:
    """HTML of each step, and whether it is the last; the holder of the lock where it is busy."""
    try:
        for step in steps:
            if isinstance(step, Done):
                yield step.value, True
            else:
                yield progress_html(step, context.say), False
    except StoreLockedError as error:
        key = "collection.locked" if error.holder else "error.StoreLockedError"
        line = text(context.say(key, error.holder))
        yield element("div", line, class_="notice warning", role="alert"), True
    except Exception:
        yield "", True
        raise
